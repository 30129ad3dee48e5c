"""What happens where no member looks: the clock, the worker, the broker, the gateway's calls to us, and its weather."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone
from django.utils.module_loading import import_string

from payments import services
from payments.gateway.fake import notice_body, sign
from tests.simulation.process import Broken

__all__ = ["clock", "deaf", "deliver", "late", "lose_events", "lose_tasks", "sweep", "weather", "work"]
OURS = ("payments.", "portal.shared.tasks.sweep", "portal.shared.tasks.seal")
_TASKS = sorted((e for e in settings.CELERY_BEAT_SCHEDULE.values() if e["task"].startswith(OURS)), key=str)
OFTEN = [entry for entry in _TASKS if isinstance(entry["schedule"], float)]
SELDOM = [entry for entry in _TASKS if entry not in OFTEN]
BEAT = [*OFTEN, *SELDOM]


def clock(world: Any, *, minutes: int, beat: bool) -> None:
    """Time passes and the bank works; with `beat` all that was due runs once at its end, else it was down."""
    world.pass_time(timedelta(minutes=minutes))
    world.gateway.bank_works()
    if beat:
        for entry in BEAT:
            if entry not in SELDOM or minutes >= 24 * 60:
                _run(entry)
        work(world, count=len(world.queue))


def sweep(world: Any, *, which: int) -> None:
    """One of the tasks of the schedule runs."""
    _run(BEAT[which % len(BEAT)])


def _run(entry: dict[str, Any]) -> None:
    """Run a task of the schedule; autopay's own way, since it goes on past an error of ours and only counts it."""
    if not entry["task"].endswith("run_autopay"):
        import_string(entry["task"]).run(*entry.get("args", ()))
    elif services.run_autopay(timezone.localdate()).errors:
        raise Broken("no error reaches a member or a worker", "autopay counted an error")


def work(world: Any, *, count: int, last_first: bool = False) -> None:
    """The worker takes this many tasks off the queue."""
    for _ in range(count):
        if not world.queue:  # another worker may have emptied it meanwhile
            return
        task, args = world.queue.pop(-1 if last_first else 0)
        task.run(*args)


def lose_tasks(world: Any) -> None:
    """The broker forgets what it held."""
    world.queue.clear()


def deliver(world: Any, *, nth: int, times: int = 1, twin: bool = False) -> None:
    """The gateway brings us one of its events, perhaps not the oldest, perhaps more than once."""
    outbox = world.gateway.outbox
    if outbox:
        event = outbox.pop(nth % len(outbox))
        for _ in range(times):
            post(event)
        if twin:
            post(world.gateway.twin_of(event))


def lose_events(world: Any) -> None:
    """The events that are on their way never come; only who asks for them will know."""
    world.gateway.outbox.clear()


def deaf(world: Any) -> None:
    """Our endpoint is down from now on: no event is delivered any more."""
    world.gateway.is_heard = False
    world.gateway.outbox.clear()


def weather(world: Any, *, kind: str) -> None:
    """From now on every gateway call suffers this fault; '' clears the sky."""
    world.gateway.weather = kind


def late(world: Any) -> None:
    """Questions that were given up reach the gateway after all."""
    world.gateway.late_questions_arrive()


def post(event: tuple[str, str, str]) -> None:
    """The gateway calls our webhook; the answer must be 200."""
    body = notice_body(*event)
    request = RequestFactory().post(
        "/webhooks/stripe/", body, "application/json", headers={"Stripe-Signature": sign(body)}
    )
    answer = resolve("/webhooks/stripe/", settings.ROOT_URLCONF).func(request)
    if answer.status_code != 200:
        raise Broken("the webhook takes what is signed", str(answer.status_code))
