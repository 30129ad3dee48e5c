"""Starting processes of the portal that die at a named point, or that a test kills."""

import json
import os
import signal
import subprocess
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from payments.models import Payment
from tests.faults.world import World


@dataclass
class Processes:
    """The member's and the workers' processes, one at a time."""

    forkery: subprocess.Popen
    world: World

    def start(self, act: str, die_at: str = "", **facts: Any) -> int:
        """Start one and return its process id; `ended` must follow."""
        self.forkery.stdin.write(json.dumps({"act": act, "die_at": die_at, **facts}) + "\n")
        self.forkery.stdin.flush()
        return int(self.forkery.stdout.readline())

    def ended(self) -> int:
        """Wait for its end and return its exit status; -9 when it was killed."""
        return int(self.forkery.stdout.readline())

    def start_confirming(self, payment: Payment, die_at: str = "") -> int:
        """Let another process take the member's press of the button that moves money."""
        session = self.world.client.cookies[settings.SESSION_COOKIE_NAME].value
        data = {"shown": self.world.shown(payment)}
        path = reverse("payments:review", args=[payment.reference])
        return self.start("post", die_at, session=session, path=path, data=data)

    def confirm(self, payment: Payment, die_at: str) -> None:
        """Let another process take the press, and die of it."""
        self.start_confirming(payment, die_at)
        assert self.ended() == -signal.SIGKILL

    def run(self, task: str, *arguments: Any, die_at: str = "") -> None:
        """Let a worker run a task to its end or, with `die_at`, to its death."""
        self.start("run", die_at, task=task, arguments=arguments)
        assert self.ended() == (-signal.SIGKILL if die_at else 0)

    def sweep(self, payment: Payment, die_at: str = "") -> None:
        """Let three minutes pass, and a worker look at what stalled."""
        self.world.age(payment, minutes=3)
        self.run("payments.tasks.sweep_stalled", die_at=die_at)
        payment.refresh_from_db()

    def kill(self, pid: int) -> None:
        """Kill a process that was started, and wait for its end."""
        os.kill(pid, signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL
