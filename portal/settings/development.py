"""A laptop: the sandbox gateway, the sandbox's inbox, and words that say so."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="for development alone; production refuses to start with it")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SITE_URL = f"http://127.0.0.1:{env.int('PORTAL_PORT', default=8000)}"
SANDBOX_URL = f"http://127.0.0.1:{env.int('SANDBOX_PORT', default=8001)}"
vars().update(env.email_url_config(f"smtp://127.0.0.1:{env.int('SMTP_PORT', default=8025)}"))
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="sk_test_sandbox_development")
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", default="pk_test_sandbox_development")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRET", default=["whsec_sandbox_development"])
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default=SANDBOX_URL)
STRIPE_JS_URL = env.str("STRIPE_JS_URL", default=f"{SANDBOX_URL}/stripe.js")
TEXT_SENDER = "portal.shared.texting.twilio.TwilioSender"  # to the sandbox's inbox
if env.bool("TEXTS_TO_CONSOLE", default=False):
    TEXT_SENDER = "portal.shared.texting.console.ConsoleSender"
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="AC" + 32 * "5")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="sandbox_token_development")
TWILIO_FROM = env.str("TWILIO_FROM", default="+15005550006")
TWILIO_API_BASE = env.str("TWILIO_API_BASE", default=SANDBOX_URL)
STATIC_ROOT = None  # type: ignore[assignment]  # base names a folder; nothing is collected here
WHITENOISE_USE_FINDERS = True  # no collectstatic on a laptop
WHITENOISE_AUTOREFRESH = DEBUG
SHOW_COMPONENTS = True
