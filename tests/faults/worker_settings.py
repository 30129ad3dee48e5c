"""The settings of a real worker in a test: the test's own, with the real gateway and mail, and a point to die at."""

from portal.settings.base import env
from portal.settings.test import *  # noqa: F403

PAYMENT_GATEWAY = "tests.faults.gateways.DeadlyGateway"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DIE_AT = env.str("DIE_AT", default="")
