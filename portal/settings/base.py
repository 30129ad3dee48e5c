"""What every environment shares. The environment is read in these settings and nowhere else."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from portal.settings.fixed import CONTENT_SECURITY_POLICY, LOGGING  # noqa: F401
from portal.settings.schedule import CELERY_BEAT_SCHEDULE  # noqa: F401
from portal.shared import languages

ROOT = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
DATA = Path(env.str("PORTAL_DATA", default=str(ROOT / ".data")))

# --- the house -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "crispy_forms",
    "csp",
    "localflavor",
    "phonenumber_field",
    "portal",
    "portal.shared",
    "accounts",
    "billing",
    "payments",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.maintenance.MaintenanceMiddleware",
    "portal.shared.middleware.ClientAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.pages.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitMiddleware",
    "accounts.middleware.SecondStepMiddleware",
    "accounts.middleware.AccountLanguageMiddleware",
    "accounts.middleware.RefillMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.shared.middleware.PrivateByDefaultMiddleware",
    "portal.pages.HousePageMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shared.context.site",
            ],
        },
    }
]
FORM_RENDERER = "portal.shared.kept.FormRenderer"
CRISPY_TEMPLATE_PACK = "mayflower"
CRISPY_ALLOWED_TEMPLATE_PACKS = "mayflower"
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]

# --- database, cache, worker -------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_FOLDER = DATA / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 2, "socket_timeout": 10, "visibility_timeout": 600}
    if REDIS_URL
    else {
        "data_folder_in": str(CELERY_BROKER_FOLDER / "queue"),
        "data_folder_out": str(CELERY_BROKER_FOLDER / "queue"),
        "control_folder": str(CELERY_BROKER_FOLDER / "control"),
        "polling_interval": 0.1,
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 180
CELERY_TASK_SOFT_TIME_LIMIT = 150
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "America/New_York"

# --- who may come in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.LockoutBackend"]  # the only one: nothing walks around the gate
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_MIN_LENGTH = 15  # NIST SP 800-63B-4, single factor
PASSWORD_MAX_LENGTH = 128
PASSWORD_SITE_WORDS = ["masshealth", "bill pay", "billpay", "massachusetts", "medicaid"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.validators.LengthValidator",
        "OPTIONS": {"min_length": PASSWORD_MIN_LENGTH, "max_length": PASSWORD_MAX_LENGTH},
    },
    {"NAME": "accounts.validators.GuessedFirstValidator"},
    {"NAME": "accounts.validators.ContextWordsValidator"},
]
PASSWORD_HASHES_AT_ONCE = 4  # in one process; each takes about 100 MB for a tenth of a second
PASSWORD_RESET_TIMEOUT = 30 * 60  # seconds
EMAIL_CONFIRMATION_TIMEOUT = 3 * 24 * 3600  # seconds
CONTACT_LINK_SECONDS = 24 * 3600  # that a link to a new email address works
CODE_SECONDS = 10 * 60  # that a six-digit code works
CODE_TRIES = 5
# that a mobile number must have been proved before a code to it lets anyone in: against stolen numbers
PHONE_RECOVERY_MIN_HOURS = env.int("PHONE_RECOVERY_MIN_HOURS", default=24)
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "billing:overview"
LOGOUT_REDIRECT_URL = "home"
LOCKOUT_LIMIT = 5  # wrong passwords in a row
LOCKOUT_RELEASE_MINUTES: int | None = None  # None: until support unlocks, or the owner resets the password
RESET_LIFTS_LOCK = True
STAFF_SECOND_STEP = env.bool("STAFF_SECOND_STEP", default=False)  # admin opens only to two-step log-ins
SECOND_STEP_SECONDS = 5 * 60  # from the right password to the code
OTP_TOTP_ISSUER = "MassHealth Bill Pay"  # the name in the member's app
OTP_TOTP_THROTTLE_FACTOR = 0  # our own limits count codes with passwords: accounts/lockout.py
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db" if REDIS_URL else "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600  # seconds; the absolute limit
SESSION_IDLE_SECONDS = 15 * 60
SESSION_WARNING_SECONDS = 150
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.pages.csrf_failure"
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])  # addresses or networks of our own proxies

# --- pages ---------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MAINTENANCE_FILE = Path(env.str("MAINTENANCE_FILE", default=str(DATA / "maintenance")))  # while it is there: 503
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
UPLOAD_MAX_BYTES = 64 * 1024 * 1024  # of a form with files; five of 10 MB, and room to say that one is too large
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # larger files wait on the disk while they are looked at
FILE_UPLOAD_PERMISSIONS = 0o600
ATTACHMENTS_FOLDER = DATA / "attachments"
ATTACHMENT_SCANNER = env.str("ATTACHMENT_SCANNER", default="")  # a command by its full path, or a function's name

# --- documents ------------------------------------------------------------------------------------------------------
PDF_FOLDER = ROOT / "templates" / "pdf"
PDF_COMPILERS = 2  # documents set at once by one process; each takes one core while it works
PDF_WAIT_SECONDS = 3  # for one of them; then the member is asked to come again
PDF_RETRY_SECONDS = 10

# --- language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LOCALE_PATHS = [ROOT / "locale"]
languages.teach_django()
ALL_LANGUAGES = languages.listed(ROOT / "locale" / "languages.toml")  # with those whose catalogue is not done
LANGUAGES = [(one.code, one.name) for one in ALL_LANGUAGES if one.offered]
UNREVIEWED_LANGUAGES = {one.code for one in ALL_LANGUAGES if one.review == "unreviewed"}
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = ["portal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/New_York"
PHONENUMBER_DEFAULT_REGION = "US"
PHONENUMBER_DB_FORMAT = "E164"

# --- mail ----------------------------------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Bill pay <no-reply@billpay.example>")
STAFF_EMAIL = env.list("STAFF_EMAIL", default=[])  # who hears at night that the books disagree
BOUNCE_WEBHOOK_SECRET = env.str("BOUNCE_WEBHOOK_SECRET", default="")  # empty: nobody may tell us of bounces
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")  # links in messages start with it

# --- text messages -------------------------------------------------------------------------------------------------
TEXT_NAME = env.str("TEXT_NAME", default="MA Bill Pay")  # who a text says it is from; others may see the screen
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = env.str("TWILIO_FROM", default="")
TWILIO_MESSAGING_SERVICE_SID = env.str("TWILIO_MESSAGING_SERVICE_SID", default="")
TWILIO_API_BASE = env.str("TWILIO_API_BASE", default="https://api.twilio.com")
TEXT_TIMEOUT = (3.05, 20)  # seconds to connect, to read
# without an account no texts are offered
TEXT_SENDER = "portal.shared.texting.twilio.TwilioSender" if TWILIO_ACCOUNT_SID else ""

# --- the agency's facts and rules ------------------------------------------------------------------------------------
SITE_NAME = _("MassHealth Bill Pay")
SITE_OFFICIAL = env.bool("SITE_OFFICIAL", default=False)
SITE_BANNER_FILE = env.str("SITE_BANNER_FILE", default="")  # the agency's words, a line a language
SITE_SEAL_FILE = env.str("SITE_SEAL_FILE", default="")  # its picture, for 20 by 20 pixels
SHOW_COMPONENTS = False  # the page /components/, for who works on the pages
SUPPORT_NAME = _("MassHealth Customer Service Center")
SUPPORT_PHONE = env.str("SUPPORT_PHONE", default="(800) 841-2900")
SUPPORT_TTY = env.str("SUPPORT_TTY", default="711")
SUPPORT_HOURS = env.str("SUPPORT_HOURS", default="")
RIGHTS_CONTACT = env.str(
    "RIGHTS_CONTACT", default=""
)  # who hears complaints of discrimination (45 CFR 92.7, 92.8); without, the help line
CONNECTOR_PHONE = "(877) 623-6765"
CONNECTOR_TTY = "711"
CONNECTOR_URL = "https://www.mahealthconnector.org/"
MIN_PAYMENT_CENTS = 50
PAY_AHEAD_MONTHS = 3
RETURN_DUE_POLICY = env.str("RETURN_DUE_POLICY", default="keep")  # the due date of a bill that a return opened again
RETURN_DUE_DAYS = int(RETURN_DUE_POLICY) if RETURN_DUE_POLICY.isdecimal() else None  # from then, if that is later
AUTOPAY_NOTICE_BANK_DAYS = env.int("AUTOPAY_NOTICE_BANK_DAYS", default=3)  # before every draw
AUTOPAY_VARYING_NOTICE_DAYS = env.int("AUTOPAY_VARYING_NOTICE_DAYS", default=10)  # before one of another amount
REFUND_APPROVAL_CENTS = env.int("REFUND_APPROVAL_CENTS", default=10_000)  # above it a second person approves
AUTHORIZATION_KEPT_YEARS = env.int("AUTHORIZATION_KEPT_YEARS", default=2)  # after the end; Nacha asks for two
CASES_KEPT_YEARS = env.int("CASES_KEPT_YEARS", default=7)  # after they are closed
CASE_REOPEN_DAYS = 30  # a member may answer a closed case for so long
PLAN_MOST_MONTHS = 36  # of a payment plan that may be asked for
TAX_FORMS_URL = "https://masshealthtaxform.com/"
INCOME_REPORT_URL = env.str("INCOME_REPORT_URL", default="")  # where a member reports income; shown when set
PAYEE_NAME = env.str("PAYEE_NAME", default="MassHealth premium billing")

# --- the gateway -----------------------------------------------------------------------------------------------------
PAYMENT_GATEWAY = "payments.gateway.stripe_adapter.StripeGateway"
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY", default="")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRET", default=[])  # two while one is being replaced
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_JS_URL = env.str("STRIPE_JS_URL", default="https://js.stripe.com/endive/stripe.js")
STRIPE_LIVE = False  # whether the gateway's objects must be live ones
DEPLOYMENT_ID = env.str("DEPLOYMENT_ID", default="development")  # in the gateway's metadata: whose intent it is
PAID_OUT_WITHIN_DAYS = 10  # a payment that is in no payout by then is asked about
GATEWAY_TIMEOUT = (3.05, 20)  # seconds to connect, to read
