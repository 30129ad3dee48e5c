"""Autopay at work: draws are announced in time, and made on their day, each once, by the road of every charge."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from tqdm import tqdm

from billing import selectors as bills
from billing import services as billing
from billing.models import Bill
from payments import notices, selectors
from payments.models import Authorization, AutopayDraw, AutopayEnrollment, Payment, PaymentEvent
from payments.rules import DrawDays, draw_days
from payments.services.enrolling import End, stop, stop_if_not_theirs
from payments.services.moving import locked
from payments.services.sending import NotSent, check_limits, claim, send
from payments.services.starting import SHOWN
from payments.services.submitting import split_now
from payments.states import Status

log = logging.getLogger(__name__)
_Status, _Drop = AutopayDraw.Status, AutopayDraw.Drop
OUTCOMES = {Status.PAID: "drawn", Status.PROCESSING: "drawn", Status.SUBMITTING: "unknown"}


@dataclass
class Run:
    """What one run did, in counts of enrollments and draws."""

    stopped: int = 0
    announced: int = 0
    drawn: int = 0
    failed: int = 0
    unknown: int = 0  # sent, and not yet known whether it went through
    later: int = 0  # not sent now; the next run sends the same one
    errors: int = 0

    def count(self, what: str) -> None:
        """Count one more of what is named ('' counts nothing)."""
        if what:
            setattr(self, what, getattr(self, what) + 1)

    @property
    def is_clean(self) -> bool:
        """Whether everything that was due went through."""
        return not (self.failed or self.unknown or self.later or self.errors)


def run_autopay(today: date, *, dry_run: bool = False) -> Run:
    """Announce the draws that are coming and make those that are due today (Eastern). Safe to run twice at once.

    One that goes wrong does not hold up the others. With `dry_run` nothing is written, sent or charged.
    """
    run = Run()
    for enrollment in tqdm(list(selectors.enrollments_on()), leave=False, disable=None):
        with _apart(run):
            _look_at(run, enrollment, today, dry_run)
    for draw in tqdm(list(selectors.draws_due(today)), leave=False, disable=None):
        with _apart(run):
            run.count("drawn" if dry_run else _draw(draw, today))
    return run


@contextmanager
def _apart(run: Run) -> Iterator[None]:
    try:
        yield
    except Exception:  # a fault of ours in one must not leave the others undrawn
        log.exception("autopay: one enrollment or draw went wrong")
        run.errors += 1


def _look_at(run: Run, enrollment: AutopayEnrollment, today: date, dry_run: bool) -> None:
    if dry_run:
        run.announced += len(_to_announce(enrollment, today))
    elif stop_if_not_theirs(enrollment) or _stop_when_expired(enrollment):
        run.stopped += 1
    else:
        run.announced += announce(enrollment, today)


def _stop_when_expired(enrollment: AutopayEnrollment) -> bool:
    return enrollment.saved_method.is_expired and stop(enrollment, End.EXPIRED)


@transaction.atomic
def announce(enrollment: AutopayEnrollment, today: date) -> int:
    """Plan the draws whose notice is due and tell the member of each; return how many."""
    billing.lock_household(enrollment.household_id)
    if not AutopayEnrollment.objects.filter(pk=enrollment.pk, ended_at=None).exists():
        return 0
    found = _to_announce(enrollment, today)
    for draw in found:
        is_above = enrollment.limit_cents is not None and draw.amount_cents > enrollment.limit_cents
        if is_above:
            draw.status, draw.drop_reason = _Status.DROPPED, _Drop.ABOVE_LIMIT
        draw.save()
        notices.tell_of_draw(draw, "above_limit" if is_above else "notice")
    return len(found)


def _to_announce(enrollment: AutopayEnrollment, today: date) -> list[AutopayDraw]:
    """Return new draws, not saved: of bills with something to pay, no money on its way and no draw before."""
    seen = set(AutopayDraw.objects.filter(enrollment=enrollment).values_list("bill_id", flat=True))
    last = AutopayDraw.objects.filter(enrollment=enrollment, status=_Status.DRAWN).last()
    draws = []
    for bill in bills.account_for(enrollment.household_id).payable_bills:
        if bill.pk in seen or bill.payable_cents < settings.MIN_PAYMENT_CENTS:
            continue
        differs = last is None or last.amount_cents != bill.payable_cents
        days = _days(enrollment, bill, today, differs=differs)
        if days.notify_on <= today:
            draws.append(
                AutopayDraw(enrollment=enrollment, bill=bill, amount_cents=bill.payable_cents, draw_on=days.draw_on)
            )
    return draws


def _days(enrollment: AutopayEnrollment, bill: Bill, today: date, *, differs: bool) -> DrawDays:
    return draw_days(
        due_on=bill.due_on,
        days_before=enrollment.days_before,
        today=today,
        notice_bank_days=settings.AUTOPAY_NOTICE_BANK_DAYS,
        notice_days=settings.AUTOPAY_VARYING_NOTICE_DAYS if differs else 0,
    )


def _draw(draw: AutopayDraw, today: date) -> str:
    """Make one draw; return what to count it as, '' when it was not needed or another run has it."""
    try:
        payment = _claimed(draw.pk, today)
        if payment is None:
            return ""
        payment = send(payment)
    except NotSent as reason:
        log.info("autopay: draw %s not sent now: %s", draw.pk, type(reason).__name__)
        return "later"
    return OUTCOMES.get(Status(payment.status), "failed")


@transaction.atomic
def _claimed(draw_id: int, today: date) -> Payment | None:
    """Under lock: begin the draw's payment and claim its money; None when there is nothing to send. Raises NotSent."""
    household_id = AutopayDraw.objects.values_list("enrollment__household_id", flat=True).get(pk=draw_id)
    billing.lock_household(household_id)
    draw = AutopayDraw.objects.select_for_update(of=("self",)).get(pk=draw_id)
    enrollment = draw.enrollment
    if enrollment.ended_at or draw.draw_on > today:
        return None
    if draw.status == _Status.PLANNED and _is_still_right(draw, today):
        payment = _begun(draw)
    elif draw.payment and draw.payment.status == Status.STARTED:
        payment = draw.payment  # begun by an earlier run, and nothing was charged
    else:
        return None
    check_limits(payment)
    claim(locked(payment.pk), split_now(payment))
    return payment


def _is_still_right(draw: AutopayDraw, today: date) -> bool:
    """Compare with the bill as it is now. More than was announced is announced anew; nothing to pay ends the draw."""
    bill = bills.bills_for(draw.enrollment.household_id).get(pk=draw.bill_id)
    limit = draw.enrollment.limit_cents
    if bill.held_cents or bill.payable_cents < settings.MIN_PAYMENT_CENTS:
        _drop(draw, _Drop.ON_ITS_WAY if bill.held_cents else _Drop.NOTHING_DUE)
        return False
    if bill.payable_cents <= draw.amount_cents:
        draw.amount_cents = bill.payable_cents
        return True
    draw.amount_cents = bill.payable_cents
    if limit is not None and bill.payable_cents > limit:
        _drop(draw, _Drop.ABOVE_LIMIT)
        notices.tell_of_draw(draw, "above_limit")
    else:
        draw.draw_on = max(draw.draw_on, _days(draw.enrollment, bill, today, differs=False).draw_on)
        draw.notices += 1
        draw.save()
        notices.tell_of_draw(draw, "notice")
    return False


def _drop(draw: AutopayDraw, why: str) -> None:
    draw.status, draw.drop_reason = _Status.DROPPED, why
    draw.save()


def key_of(draw: AutopayDraw) -> UUID:
    """Return the one id under which this try of this bill by this enrollment is ever charged."""
    return uuid5(NAMESPACE_URL, f"autopay:{draw.enrollment.reference}:{draw.bill.reference}:{draw.try_number}")


def _begun(draw: AutopayDraw) -> Payment:
    """Begin the payment of a draw; its uuid, which is in the gateway's keys, is made of enrollment, bill and try."""
    enrollment, saved = draw.enrollment, draw.enrollment.saved_method
    payment = Payment.objects.create(
        uuid=key_of(draw),
        household_id=enrollment.household_id,
        payer=enrollment.user,
        amount_cents=draw.amount_cents,
        method=saved.method,
        language=enrollment.language,
        saved_method=saved,
        off_session=True,
        **{name: getattr(saved, name) for name in ("holder_name", *SHOWN)},
    )
    PaymentEvent.objects.create(payment=payment, to_status=Status.STARTED, via="autopay")
    if payment.method == Payment.Method.BANK:
        agreed = enrollment.agreement
        names = ("text", "version", "language", "accepted_at", "address", "user_agent")
        Authorization.objects.create(payment=payment, **{name: getattr(agreed, name) for name in names})
    draw.payment, draw.status = payment, _Status.DRAWN
    draw.save()
    return payment
