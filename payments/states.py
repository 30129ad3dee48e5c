"""The lives of a payment and a refund: a table of legal moves each, and what every pair of statuses means."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


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


class RefundStatus(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"  # waits for a second person
    SENDING = "sending"  # posted; the gateway has not said what became of it
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # the money is ours again, be it days after it succeeded
    DECLINED = "declined"  # by the second person


R = RefundStatus
REFUND_MOVES: dict[RefundStatus, frozenset[RefundStatus]] = {
    R.REQUESTED: frozenset({R.SENDING, R.DECLINED}),
    R.SENDING: frozenset({R.PENDING, R.SUCCEEDED, R.FAILED}),
    R.PENDING: frozenset({R.SUCCEEDED, R.FAILED}),
    R.SUCCEEDED: frozenset({R.FAILED}),
    R.FAILED: frozenset(),
    R.DECLINED: frozenset(),
}
POSTED_REFUNDS = (R.SENDING, R.PENDING, R.SUCCEEDED)  # their money is taken off the bills
Some = TypeVar("Some", Status, RefundStatus)


def verdict(today: Status, reported: Status) -> Verdict:
    """Return what it means that `reported` arrives while the payment stands at `today`."""
    return _judged(MOVES, today, reported)


def refund_verdict(today: RefundStatus, reported: RefundStatus) -> Verdict:
    """Return what it means that `reported` arrives while the refund stands at `today`."""
    return _judged(REFUND_MOVES, today, reported)


def _judged(moves: Mapping[Some, frozenset[Some]], today: Some, reported: Some) -> Verdict:
    if reported == today:
        return Verdict.SAME
    if reported in moves[today]:
        return Verdict.MOVE
    return Verdict.STALE if today in _reachable(moves, reported) else Verdict.IMPOSSIBLE


def _reachable(moves: Mapping[Some, frozenset[Some]], start: Some) -> frozenset[Some]:
    seen: set[Some] = set()
    queue = [start]
    while queue:
        for following in moves[queue.pop()] - seen:
            seen.add(following)
            queue.append(following)
    return frozenset(seen)
