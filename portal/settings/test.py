"""Tests: tasks run at once, mail stays in memory, hashing is quick, the gateway is the fake unless a test asks."""

from portal import embedded

embedded.ensure_database("database-tests", durable=False)  # before the settings that need its address

from portal.settings.base import *  # noqa: E402, F403
from portal.settings.base import env  # noqa: E402

DEBUG = False
SECRET_KEY = "for tests alone"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
SITE_URL = "http://testserver"
STATIC_ROOT = None  # type: ignore[assignment]
CELERY_TASK_ALWAYS_EAGER = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
PAYMENT_GATEWAY = "payments.gateway.fake.FakeGateway"
SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:1")
STRIPE_SECRET_KEY = "sk_test_sandbox_tests"
STRIPE_PUBLISHABLE_KEY = "pk_test_sandbox_tests"
STRIPE_WEBHOOK_SECRETS = ["whsec_sandbox_tests"]
STRIPE_API_BASE = SANDBOX_URL
STRIPE_JS_URL = f"{SANDBOX_URL}/stripe.js"
TEXT_SENDER = "portal.shared.texting.memory.MemorySender"
TWILIO_ACCOUNT_SID = "AC" + 32 * "5"
TWILIO_AUTH_TOKEN = "sandbox_token_tests"
TWILIO_FROM = "+15005550006"
TWILIO_API_BASE = SANDBOX_URL
BOUNCE_WEBHOOK_SECRET = "bounces for tests alone"
DEPLOYMENT_ID = "tests"
LOGGING = {"version": 1, "disable_existing_loggers": False}
