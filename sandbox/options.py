"""What the sandbox was started with, and the few settings Django needs to serve its pages."""

import logging
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
from django.conf import settings

HERE = Path(__file__).resolve().parent
TWIN_NAMES = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


@dataclass
class Options:
    """Start-up choices. `url` is filled in when the server listens."""

    data: Path = Path(".data/sandbox")
    webhook_url: str = ""
    webhook_secret: str = "whsec_sandbox_development"  # noqa: S105
    twilio_token: str = "sandbox_token_development"  # noqa: S105
    portal_urls: list[str] = field(default_factory=lambda: ["http://127.0.0.1:8000"])
    contract: str = ""
    url: str = "http://127.0.0.1:8001"

    def portal_origins(self) -> list[str]:
        """Return the origins that may show the payment frame; 127.0.0.1 and localhost are the same place."""
        found = set()
        for url in self.portal_urls:
            parts = urlsplit(url)
            for host in {parts.hostname, TWIN_NAMES.get(parts.hostname or "")} - {None}:
                place = f"{host}:{parts.port}" if parts.port else str(host)
                found.add(urlunsplit((parts.scheme, place, "", "", "")))
        return sorted(found)


options = Options()


def configure_django() -> None:
    """Set Django up without a settings module, whatever DJANGO_SETTINGS_MODULE says."""
    settings.configure(
        DEBUG=False,
        SECRET_KEY=secrets.token_hex(32),
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF="sandbox.urls",
        APPEND_SLASH=False,
        USE_TZ=True,
        TIME_ZONE="America/New_York",
        USE_I18N=False,
        MIDDLEWARE=["sandbox.guard.Guard"],
        INSTALLED_APPS=[],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE / "templates"]}],
        LOGGING_CONFIG=None,
        DATA_UPLOAD_MAX_MEMORY_SIZE=2_000_000,
    )
    django.setup()
    logging.getLogger("django").setLevel(logging.CRITICAL)  # refusals are our daily work; the panel shows them
    log = logging.getLogger("django.request")
    log.addFilter(lambda record: bool(record.exc_info))  # a refused call is no news; a crash is
