"""One run over one part of the books: alone, in slices of a day, going on where the last one stopped."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from payments.gateway.port import GatewayError
from payments.models import ReconciliationFinding, ReconciliationRun
from payments.rules import EASTERN
from payments.services.attention import raise_attention
from payments.services.reconciling import happenings, intents, payouts, stalled
from payments.services.reconciling.sheets import Sheet

Part = ReconciliationRun.Part
PARTS = (Part.EVENTS, Part.SWEEP, Part.INTENTS, Part.PAYOUTS)  # in the order in which they mend the most
WINDOW = timedelta(days=30)  # how far back a run looks by itself; Stripe keeps events as long
OVERLAP = timedelta(hours=1)  # events are listed once more than needed: no clock is exact
GOES_ON_WITHIN = timedelta(days=1)  # a stopped comparison older than this begins anew: its start is out of date
SLICE = timedelta(days=1)
Slice = Callable[[Sheet, datetime, datetime | None], None]


class CannotReconcile(Exception):
    """It could not be begun; the text says why."""


@dataclass(frozen=True)
class Steps:
    """How one part is done: slice by slice, and what is left for the end."""

    slice: Slice = lambda sheet, low, high: None
    end: Callable[[Sheet], None] = lambda sheet: None


STEPS = {
    Part.EVENTS: Steps(happenings.catch_up),
    Part.SWEEP: Steps(end=stalled.sweep),
    Part.INTENTS: Steps(intents.compare),
    Part.PAYOUTS: Steps(payouts.compare, payouts.look_for_unpaid),
}


@dataclass
class Result:
    """What became of one part. Without a run: another one was at work on it."""

    part: str
    run: ReconciliationRun | None = None
    findings: list[ReconciliationFinding] = field(default_factory=list)


def reconcile(
    parts: Sequence[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    dry_run: bool = False,
    tell: Callable[[int], object] = lambda count: None,
) -> list[Result]:
    """Compare these parts of our books with the gateway's and return what was found.

    Without `since` and `until` each part looks as far back as it must. `tell` is told of every few things looked at.
    Raises CannotReconcile when the times are not in order. A gateway that cannot be asked stops a part: `run.error`.
    """
    now = timezone.now()
    if since and since >= min(until or now, now):
        raise CannotReconcile("The beginning must lie before the end, and in the past.")
    return [_alone(Part(part), since, until, dry_run, tell) for part in parts]


def _alone(
    part: Part, since: datetime | None, until: datetime | None, dry_run: bool, tell: Callable[[int], object]
) -> Result:
    with _only_one(part) as is_mine:
        if not is_mine:
            return Result(part)
        sheet = Sheet(_begun(part, since, until, dry_run), dry_run, tell)
        _work(sheet)
        return Result(part, sheet.run, sheet.findings)


@contextmanager
def _only_one(part: Part) -> Iterator[bool]:
    """Say whether nobody else is at work on this part. PostgreSQL lets go when the process or its connection dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"reconcile {part}"])
        is_mine = cursor.fetchone()[0]
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"reconcile {part}"])


def _begun(part: Part, since: datetime | None, until: datetime | None, dry_run: bool) -> ReconciliationRun:
    """Return the run to do: the one that was stopped on the way, else a new one."""
    now = timezone.now()
    stopped = ReconciliationRun.objects.filter(
        part=part, asked_since=since, asked_until=until, ended_at=None, started_at__gt=now - GOES_ON_WITHIN
    ).first()
    if stopped and not dry_run:
        stopped.until, stopped.error = until or now, ""
        return stopped
    begin = since or _beginning(part, now)
    run = ReconciliationRun(
        part=part, asked_since=since, asked_until=until, since=begin, until=until or now, reached_at=begin
    )
    if not dry_run:
        run.save()
    return run


def _beginning(part: Part, now: datetime) -> datetime:
    """Return from when a part must be looked at: events from where the last run came to, the rest a month back."""
    earliest = (now - WINDOW).astimezone(EASTERN).replace(hour=0, minute=0, second=0, microsecond=0)
    if part is not Part.EVENTS:
        return earliest
    chain = ReconciliationRun.objects.filter(part=part, asked_since=None, asked_until=None)
    reached = chain.order_by("-reached_at").values_list("reached_at", flat=True).first()
    return max(reached - OVERLAP, earliest) if reached else earliest


def _work(sheet: Sheet) -> None:
    run, steps = sheet.run, STEPS[Part(sheet.run.part)]
    try:
        for low, high in _slices(run):
            steps.slice(sheet, low, high)
            run.reached_at = high or run.until
            _save(sheet)
        steps.end(sheet)
    except GatewayError as error:
        _stopped(sheet, f"{type(error).__name__} {error.code}".strip())
        return
    run.ended_at = timezone.now()
    if not sheet.dry_run:
        sheet.close_gone()
        run.standing = run.findings.filter(closed_at=None).count()  # of a run in two goes, each once
    _save(sheet)


def _slices(run: ReconciliationRun) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the days that are left; the last has no end unless one was asked for: the gateway's clock may be ahead."""
    low = run.reached_at
    while low + SLICE < run.until:
        yield low, low + SLICE
        low += SLICE
    yield low, run.asked_until


def _stopped(sheet: Sheet, error: str) -> None:
    sheet.run.error = error[:200]
    _save(sheet)
    if not sheet.dry_run:
        raise_attention(
            key=f"reconcile:{sheet.run.part}:{timezone.localdate()}",
            kind="reconciliation stopped",
            detail=f"{sheet.run.part}: {error}. The next run goes on where it was.",
        )


def _save(sheet: Sheet) -> None:
    if not sheet.dry_run:
        sheet.run.save()
