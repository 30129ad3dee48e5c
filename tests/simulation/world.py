"""The world of one history: households, clock, broker, gateway; and how a step is taken in it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import time_machine
from celery.app.task import Task
from django.core import mail
from django.db import connection
from django.test import override_settings

from payments.gateway import _made, gateway
from tests import emptying, factories
from tests.simulation import books, rules
from tests.simulation.acts import ACTS
from tests.simulation.gateway import SimulatedGateway
from tests.simulation.process import Broken, Killed, Process
from tests.simulation.steps import Step

ROOMS = ("shared", "accounts", "billing", "payments")
BEGIN = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
HOUSEHOLDS = 2
GATEWAY = "tests.simulation.gateway.SimulatedGateway"


class World:
    """Everything that a step may touch."""

    def __init__(self, clock: time_machine.Traveller, folder: Path) -> None:
        self.clock, self.folder = clock, folder
        self.gateway: SimulatedGateway = gateway()
        self.processes: list[Process] = []
        self.queue: list[tuple[Any, tuple[Any, ...]]] = []  # tasks that the broker holds
        self.users: list[Any] = []
        self.agreements: dict[int, Any] = {}  # what a member saw on the review page, by payment
        self.staff: list[Any] = []
        self.kills = self.steps_taken = self.refunds = 0

    def take(self, step: Step) -> None:
        """Take one step, with all that happens to it, and look whether the rules hold. Raises Broken."""
        self.steps_taken += 1
        self.pass_time(timedelta(milliseconds=20))
        self.processes.append(Process(step, self._others))
        self._hand_over()
        try:
            ACTS[step.act](self, **step.plain_facts)
        except Killed:
            self.kills += 1
        except Exception as error:
            raise Broken("no error reaches a member or a worker", f"{type(error).__name__}: {error}") from error
        finally:
            self.processes.pop()
            self._hand_over()
        if connection.in_atomic_block or connection.run_on_commit:
            raise Broken("a dead process leaves nothing behind", step.act)
        self.check()

    def check(self) -> None:
        """Look whether every rule holds at this moment. Raises Broken."""
        self._judge(rules.ALWAYS)

    def check_at_rest(self) -> None:
        """Look whether everything has come to its end. Raises Broken."""
        self._judge(rules.AT_REST)

    def _judge(self, asked: tuple[rules.Rule, ...]) -> None:
        sight = self.sight()
        for rule in asked:
            for what in rule(sight):
                raise Broken(rule.__name__, what)

    def sight(self) -> books.Sight:
        """Return books and gateway as they are now."""
        return books.sight(self.gateway, self.kills)

    def pass_time(self, span: timedelta) -> None:
        """Let the clock go on; it stands still otherwise."""
        self.clock.shift(span)

    def _others(self, steps: list[Step]) -> None:
        for step in steps:
            self.take(step)

    def _hand_over(self) -> None:
        self.gateway.process = self.processes[-1] if self.processes else None

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Every statement passes here on its way to the database."""
        if not self.processes or books.is_looking(sql):
            return execute(sql, params, many, context)
        return self.processes[-1].statement(execute, sql, params, many, context)

    def published(self, task: Any, args: Any = (), kwargs: Any = None, **options: Any) -> None:
        """The broker takes a task; it must be plain data."""
        json.dumps([args, kwargs or {}])
        self.queue.append((task, tuple(args or ())))


@contextmanager
def new_world() -> Iterator[World]:
    """An empty world but for two households, the first with two people who pay; its clock stands still."""
    _made.cache_clear()
    with (
        override_settings(PAYMENT_GATEWAY=GATEWAY, REFUND_APPROVAL_CENTS=2500, CELERY_TASK_ALWAYS_EAGER=False),
        time_machine.travel(BEGIN, tick=False) as clock,
        TemporaryDirectory() as folder,
    ):
        _empty()
        world = World(clock, Path(folder))
        homes = [factories.household(number=f"H-{number}") for number in range(HOUSEHOLDS)]
        for number, home in enumerate([*homes, homes[0]]):
            member = factories.member(household=home, masshealth_id=f"{900000000000 + number}")
            world.users.append(factories.user(member=member, username=f"payer{number}"))
        world.staff += [factories.user(is_staff=True, username=f"staff{number}") for number in range(2)]

        def publish(task: Any, args: Any = None, kwargs: Any = None, **options: Any) -> None:
            world.published(task, args, kwargs)

        with mock.patch.object(Task, "apply_async", publish), connection.execute_wrapper(world.statement):
            yield world
    _made.cache_clear()


def _empty() -> None:
    """Forget the history before."""
    mail.outbox = []
    emptying.restore(ROOMS)
