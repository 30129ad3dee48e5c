"""Production's settings, for a portal that is measured: only keys and the gateway's script are those of the tests."""

from portal.settings.base import env
from portal.settings.production import *  # noqa: F403

STATIC_ROOT = env.str("SERVED_STATIC")
STRIPE_JS_URL = env.str("SERVED_SCRIPT")
