"""Runs Django's deployment check on the production settings, with an environment that is complete and invented."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "an invented key that is long enough, with 50 and more different characters: qwzxv",
    "DATABASE_URL": "postgresql://portal@db.example.test/portal",
    "REDIS_URL": "redis://cache.example.test:6379/0",
    "ALLOWED_HOSTS": "pay.example.test",
    "SITE_URL": "https://pay.example.test",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.test:587",
    "STRIPE_SECRET_KEY": "rk_live_invented",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_invented",
    "STRIPE_WEBHOOK_SECRET": "whsec_invented",
    "DEPLOYMENT_ID": "production",
}


def run(**changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run the check with some of the environment changed, or (None) left out."""
    wanted = {"PATH": os.environ.get("PATH", "")} | ENVIRONMENT | changes
    environment = {name: value for name, value in wanted.items() if value is not None}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


if __name__ == "__main__":
    result = run()
    sys.stderr.write(result.stdout + result.stderr)
    sys.exit(result.returncode)
