"""The life of a payment: one table of legal moves, and what every pair of statuses means."""

from enum import StrEnum


class Status(StrEnum):
    """Where a payment stands."""

    STARTED = "started"  # amount and method chosen; nothing sent
    SUBMITTING = "submitting"  # being sent, or sent with the outcome unknown
    AWAITING_MEMBER = "awaiting_member"  # the bank asks the member for something
    PROCESSING = "processing"  # a bank debit is on its way
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"
    RETURNED = "returned"  # paid, and taken back by the bank


class Verdict(StrEnum):
    """What a reported status means for a payment that has another."""

    SAME = "same"
    MOVE = "move"
    STALE = "stale"  # old news: today's status can be reached from it
    IMPOSSIBLE = "impossible"  # a person must look


S = Status
MOVES: dict[Status, frozenset[Status]] = {
    S.STARTED: frozenset({S.SUBMITTING, S.CANCELED}),
    S.SUBMITTING: frozenset({S.STARTED, S.AWAITING_MEMBER, S.PROCESSING, S.PAID, S.FAILED, S.CANCELED}),
    S.AWAITING_MEMBER: frozenset({S.PROCESSING, S.PAID, S.FAILED, S.CANCELED}),
    S.PROCESSING: frozenset({S.PAID, S.FAILED, S.CANCELED}),
    S.PAID: frozenset({S.RETURNED}),
    S.FAILED: frozenset(),
    S.CANCELED: frozenset(),
    S.RETURNED: frozenset(),
}
LIVE = frozenset({S.SUBMITTING, S.AWAITING_MEMBER, S.PROCESSING})
FINAL = frozenset({S.FAILED, S.CANCELED, S.RETURNED})


def verdict(today: Status, reported: Status) -> Verdict:
    """Return what it means that `reported` arrives while the payment stands at `today`."""
    if reported == today:
        return Verdict.SAME
    if reported in MOVES[today]:
        return Verdict.MOVE
    return Verdict.STALE if today in _reachable(reported) else Verdict.IMPOSSIBLE


def _reachable(start: Status) -> frozenset[Status]:
    seen: set[Status] = set()
    queue = [start]
    while queue:
        for following in MOVES[queue.pop()] - seen:
            seen.add(following)
            queue.append(following)
    return frozenset(seen)
