"""Production on the sandbox's settings: none of its processes starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import deploy_check

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {
    "web server": ["-c", "import portal.wsgi"],
    "worker": ["-m", "celery", "-A", "portal", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "-A", "portal", "beat", "--schedule", os.devnull],
}


@pytest.mark.parametrize(
    ("program", "changes", "words"),
    [
        ("web server", {"STRIPE_SECRET_KEY": "sk_test_sandbox_development"}, "A key of the sandbox is set"),
        ("web server", {"STRIPE_API_BASE": "http://127.0.0.1:8001"}, "STRIPE_API_BASE must not be set"),
        ("web server", {"STRIPE_JS_URL": "http://127.0.0.1:8001/stripe.js"}, "STRIPE_JS_URL must not be set"),
        ("worker", {"STRIPE_WEBHOOK_SECRET": "whsec_sandbox_development"}, "A key of the sandbox is set"),
        ("beat", {"STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox_development"}, "A key of the sandbox is set"),
    ],
)
def test_row_46_no_process_of_production_starts_with_anything_of_the_sandbox(program, changes, words):
    result = started(program, **changes)
    assert result.returncode != 0
    assert words in result.stdout + result.stderr


@pytest.mark.parametrize("program", ["web server", "worker"])
def test_row_46_a_process_that_is_told_no_settings_is_in_earnest(program):
    environment = {"PATH": os.environ["PATH"]}
    result = run(program, environment)
    assert result.returncode != 0
    assert "Set the DATABASE_URL environment variable" in result.stdout + result.stderr


def started(program, **changes):
    """Start a program of production with some of its environment changed, and wait for its end."""
    away = {"REDIS_URL": "redis://127.0.0.1:1/0"}
    return run(program, {"PATH": os.environ["PATH"], **deploy_check.ENVIRONMENT, **away, **changes})


def run(program, environment):
    command = [sys.executable, *PROGRAMS[program]]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
