"""Starting and stopping: never by accident, never on a taken port, never for long."""

import os
import subprocess
import sys
import time

from tests.sandbox.conftest import ROOT, Sandbox


def start(folder, *words):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SANDBOX_", "DJANGO_"))}
    command = [sys.executable, "-m", "sandbox", "--data", str(folder), *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20, check=False)


def test_it_refuses_to_start_without_the_development_flag(tmp_path):
    ended = start(tmp_path, "--port", "0", "--smtp-port", "0")
    assert ended.returncode == 2
    assert "--allow-development" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_one_clear_line(sandbox, tmp_path):
    port = sandbox.url.rsplit(":", 1)[1]
    ended = start(tmp_path, "--port", port, "--smtp-port", "0", "--allow-development")
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert f"Port {port}" in ended.stderr
    begun = time.monotonic()
    ended = start(tmp_path, "--port", "0", "--smtp-port", str(sandbox.smtp_port), "--allow-development")
    assert time.monotonic() - begun < 4
    assert ended.returncode == 2
    assert f"Port {sandbox.smtp_port}" in ended.stderr


def test_it_ends_at_once_and_remembers_after_a_restart(tmp_path):
    first = Sandbox(tmp_path)
    first.client().v1.payment_intents.create({"amount": 900, "currency": "usd"})
    begun = time.monotonic()
    assert first.stop() == 0
    assert time.monotonic() - begun < 3
    second = Sandbox(tmp_path)
    try:
        assert [one["amount"] for one in second.look("state")["payment_intents"]] == [900]
    finally:
        second.stop()
