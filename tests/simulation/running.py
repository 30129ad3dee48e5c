"""Runs one history to its end and to rest, and says what it saw."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from payments.models import PaymentEvent
from payments.states import LIVE, RefundStatus, Status
from tests.simulation.process import Broken
from tests.simulation.steps import Step
from tests.simulation.world import World, new_world

_DAY = 24 * 60
REST = (20, 26 * 60, 5 * _DAY, *(12 * _DAY, 80 * _DAY, _DAY, _DAY, _DAY, _DAY) * 3)  # minutes between looks
UNSETTLED = (RefundStatus.SENDING, RefundStatus.PENDING)


@dataclass
class Outcome:
    """What a history came to: the rule that broke ('' for none), and what was seen on the way."""

    rule: str = ""
    what: str = ""
    steps: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)  # what else there was, by kind and how it ended
    trace: list[Any] = field(default_factory=list)  # what was asked of the gateway, and every step of every payment


def run(steps: list[Step]) -> Outcome:
    """Take the steps in a world of their own, let it come to rest, and return the outcome."""
    logging.disable(logging.CRITICAL)
    outcome = Outcome()
    with new_world() as world:
        try:
            for step in steps:
                world.take(step)
            _come_to_rest(world)
        except Broken as broken:
            outcome.rule, outcome.what = broken.rule, broken.what
        outcome.steps = world.steps_taken
        _remember(world, outcome)
    logging.disable(logging.NOTSET)
    return outcome


def _come_to_rest(world: World) -> None:
    """Faults stop, the gateway repeats what it has to say, the sweeps run on, and the bank finishes its work."""
    world.gateway.weather = ""
    world.take(Step("late"))
    for minutes in REST:
        world.take(Step("clock", minutes=minutes, beat=True))
        while world.gateway.outbox:
            world.take(Step("deliver", nth=0))
        world.take(Step("work", count=len(world.queue)))
        if minutes >= _DAY and _is_quiet(world):  # a night lies behind: what is done but once a day has been done
            break
    world.check_at_rest()


def _is_quiet(world: World) -> bool:
    sight = world.sight()
    busy = any(payment["status"] in {*LIVE, Status.STARTED} for payment in sight.payments)
    busy = busy or any(refund["status"] in UNSETTLED for refund in sight.refunds)
    busy = busy or any(hint["status"] == "received" for hint in sight.hints)
    return world.gateway.is_done() and not busy and all(m["status"] == "sent" for m in sight.messages)


def _remember(world: World, outcome: Outcome) -> None:
    moves = list(PaymentEvent.objects.order_by("pk").values_list("from_status", "to_status", "via", "code"))
    outcome.moves = Counter((before, after) for before, after, _, _ in moves if before)
    outcome.seen = _seen(world)
    outcome.trace = [world.gateway.bank.calls, moves, list(world.gateway.told.items()), world.steps_taken]


def _seen(world: World) -> Counter[str]:
    sight = world.sight()
    seen = Counter(f"refund {refund['status']}" for refund in sight.refunds)
    seen += Counter(f"draw {draw['status']}" for draw in sight.draws)
    seen += Counter(f"dispute {dispute.method} {dispute.status}" for dispute in sight.disputes)
    seen += Counter(f"for staff: {matter['kind']}" for matter in sight.matters)
    return seen + Counter({"event": len(world.gateway.told), "killed process": world.kills})
