"""Reading payments: one household's, and those that a sweep must look at."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Household, User
from accounts.selectors.security import rows_of
from billing.models import Bill
from payments.gateway.port import ActionKind
from payments.models import (
    Authorization,
    AutopayDraw,
    AutopayEnrollment,
    Dispute,
    GatewayEvent,
    Payment,
    PayoutEntry,
    Posting,
    ProofCode,
    Refund,
    SavedMethod,
)
from payments.rules import EASTERN
from payments.states import LIVE, RefundStatus, Status
from portal.shared.references import PROOF_LENGTH, clean_reference

BATCH = 500
DRAWS = 12  # on one page
OFFERED = 10  # saved cards and accounts in a form; the list of all leads to the form with any other
Row = TypeVar("Row", bound=Model)
DEPOSITS = ActionKind.MICRODEPOSITS.value


def payments_for(household: Household) -> QuerySet[Payment]:
    """Return the household's payments that were ever sent, newest first, with their refunds and disputes."""
    sent = Payment.objects.filter(household=household, submitted_at__isnull=False)
    sent = sent.exclude(status=Status.STARTED).prefetch_related("refunds", "disputes")
    return sent.order_by("-created_at", "-pk")


def payments_of(user: User) -> Q:
    """Return which audit entries are about the payments that a log-in may see."""
    return rows_of(Payment.objects.filter(household=user.household_id))


def payment_for(household: Household | int, reference: str) -> Payment:
    """Return one payment of this household, any status. Raises Payment.DoesNotExist, also for someone else's."""
    known = clean_reference(reference)
    found = Payment.objects.select_related("household", "payer__member", "receipt", "saved_method")
    return found.prefetch_related("refunds", "disputes").get(household=household, reference=known or "")


def proof_code_of(payment: Payment) -> str:
    """Return the code that shows strangers this payment; '' when it has none now."""
    codes = ProofCode.objects.filter(payment=payment, revoked_at=None).values_list("code", flat=True)
    return codes.first() or ""


def payment_proved_by(typed: str) -> Payment | None:
    """Return the payment with this proof code; None for an unknown, ended or impossible one."""
    code = clean_reference(typed, PROOF_LENGTH)
    found = ProofCode.objects.filter(code=code, revoked_at=None).select_related("payment") if code else []
    return next((proof.payment for proof in found), None)


def sent_instead_of(payment: Payment, bill_numbers: list[str]) -> Payment | None:
    """Return the household's payment for one of these bills that was sent since `payment` was begun, if any."""
    others = Payment.objects.filter(household=payment.household_id, submitted_at__gte=payment.created_at)
    taking = others.filter(status__in=[*LIVE, Status.PAID]).exclude(pk=payment.pk).order_by("-submitted_at")
    wanted = set(bill_numbers)
    return next((other for other in taking if wanted & {number for number, _ in other.reviewed_split}), None)


def saved_methods_for(user: User) -> QuerySet[SavedMethod]:
    """Return the cards and accounts that this very log-in saved, newest first; flagged ones too, removed ones not."""
    listed = (SavedMethod.Status.USABLE, SavedMethod.Status.FLAGGED)
    return SavedMethod.objects.filter(user=user, status__in=listed)


def usable_methods_for(user: User) -> QuerySet[SavedMethod]:
    """Return those that this log-in can pay with, newest first."""
    lasts = Q(expires_on=None) | Q(expires_on__gte=timezone.localdate())
    return saved_methods_for(user).filter(lasts, status=SavedMethod.Status.USABLE)


def offered_methods_for(user: User, reference: str = "") -> list[SavedMethod]:
    """Return what a form offers to pay with: the newest few, behind the one of this number if it is usable."""
    usable, known = usable_methods_for(user), clean_reference(reference)
    named = list(usable.filter(reference=known)) if known else []
    return named + [saved for saved in usable[:OFFERED] if saved not in named]


def saved_method_for(user: User, reference: str, *, with_removed: bool = False) -> SavedMethod:
    """Return one that this log-in saved and did not remove. Raises SavedMethod.DoesNotExist, also for anyone else's."""
    gone = () if with_removed else (SavedMethod.Status.REMOVED,)
    mine = SavedMethod.objects.filter(user=user).exclude(status__in=gone)
    return mine.get(reference=clean_reference(reference) or "")


def unfinished_removals(*, older_than: timedelta) -> Iterator[SavedMethod]:
    """Yield saved methods that the gateway was asked to forget this long ago and has not said it did."""
    asked = SavedMethod.objects.filter(status=SavedMethod.Status.REMOVING, changed_at__lt=timezone.now() - older_than)
    return asked.order_by("changed_at").iterator(chunk_size=BATCH)


def authorization_in_force(payment: Payment) -> Authorization | None:
    """Return what the member agreed to last; None when nothing was to be agreed to."""
    return Authorization.objects.filter(payment=payment).last()


def authorizations_of(payment: Payment) -> list[Authorization]:
    """Return everything that the member agreed to for this payment, the one in force first."""
    return list(Authorization.objects.filter(payment=payment).order_by("-pk"))


def enrollments_on() -> Iterator[AutopayEnrollment]:
    """Yield every autopay that is on, with its owner and what it draws from."""
    on = AutopayEnrollment.objects.filter(ended_at=None).select_related("user", "saved_method")
    return on.order_by("pk").iterator(chunk_size=BATCH)


def enrollment_of(household: Household | int) -> AutopayEnrollment | None:
    """Return the autopay that is on for a household, whoever turned it on."""
    on = AutopayEnrollment.objects.select_related("saved_method", "agreement")
    return on.filter(household=household, ended_at=None).first()


def ended_autopay_of(user: User) -> QuerySet[AutopayEnrollment]:
    """Return what this log-in agreed to with autopay that ended, the one begun last first, while it is kept."""
    ended = AutopayEnrollment.objects.filter(user=user, ended_at__isnull=False, agreement__isnull=False)
    return ended.annotate(created_at=F("started_at"))


def autopay_agreed_by(user: User, reference: str) -> AutopayEnrollment:
    """Return autopay that this log-in turned on. Raises AutopayEnrollment.DoesNotExist, also for anyone else's."""
    mine = AutopayEnrollment.objects.select_related("saved_method", "agreement").filter(agreement__isnull=False)
    return mine.get(user=user, reference=clean_reference(reference) or "")


def had_autopay(user: User) -> bool:
    """Return whether this log-in ever had autopay that is off now."""
    return AutopayEnrollment.objects.filter(user=user, ended_at__isnull=False).exists()


def bills_autopay_draws(bill_ids: Collection[int], today: date) -> set[int]:
    """Return those of these bills that autopay will draw by itself: announced, or due and not yet announced.

    Not one whose draw was skipped, dropped or made: what is left of it is the member's to pay.
    """
    households = AutopayEnrollment.objects.filter(ended_at=None).values("household")
    is_on = Bill.objects.filter(pk__in=bill_ids, household__in=households)
    seen = AutopayDraw.objects.filter(bill__in=bill_ids, enrollment__ended_at=None)
    planned = set(seen.filter(status=AutopayDraw.Status.PLANNED).values_list("bill_id", flat=True))
    untouched = is_on.filter(due_on__gte=today).exclude(pk__in=seen.values("bill"))
    return planned | set(untouched.values_list("pk", flat=True))


def used_by_autopay(saved: Collection[SavedMethod]) -> set[int]:
    """Return from which of these cards and accounts autopay draws."""
    on = AutopayEnrollment.objects.filter(saved_method__in=saved, ended_at=None)
    return {key for key in on.values_list("saved_method_id", flat=True) if key}


def coming_draws(enrollment: AutopayEnrollment, *, after: str = "") -> tuple[list[AutopayDraw], bool]:
    """Return the next draws that were announced, or those behind the named one, and whether there are more."""
    planned = AutopayDraw.objects.filter(enrollment=enrollment, status=AutopayDraw.Status.PLANNED)
    known = clean_reference(after)
    last = AutopayDraw.objects.filter(enrollment=enrollment, reference=known).first() if known else None
    if last:
        planned = planned.filter(Q(draw_on__gt=last.draw_on) | Q(draw_on=last.draw_on, pk__gt=last.pk))
    found = list(planned.select_related("bill").order_by("draw_on", "pk")[: DRAWS + 1])
    return found[:DRAWS], len(found) > DRAWS


def draw_for(user: User, reference: str) -> AutopayDraw:
    """Return one draw of this log-in's autopay. Raises AutopayDraw.DoesNotExist, also for anyone else's."""
    known = clean_reference(reference) or ""
    mine = AutopayDraw.objects.select_related("bill", "payment", "enrollment__saved_method")
    return mine.get(enrollment__user=user, reference=known)


def draws_due(today: date) -> Iterator[AutopayDraw]:
    """Yield draws to make: announced for today or before, or begun by an earlier run without anything being charged."""
    begun = Q(status=AutopayDraw.Status.DRAWN, payment__status=Status.STARTED)
    planned = Q(status=AutopayDraw.Status.PLANNED, draw_on__lte=today)
    due = AutopayDraw.objects.filter(begun | planned, enrollment__ended_at=None)
    return due.order_by("bill__due_on", "pk").iterator(chunk_size=BATCH)


def filtered(payments: QuerySet[Payment], *, state: str, since: date | None, until: date | None) -> QuerySet[Payment]:
    """Narrow payments to a state ('' for all) and to Eastern days, both ends included."""
    if state:
        payments = payments.filter(status=state)
    if since:
        payments = payments.filter(submitted_at__gte=_midnight(since))
    if until:
        payments = payments.filter(submitted_at__lt=_midnight(until + timedelta(days=1)))
    return payments


def older_than(rows: QuerySet[Row], reference: str) -> QuerySet[Row]:
    """Return those behind the named one in a list, newest first; all of them when it is not in it (keyset paging)."""
    last: Any = rows.filter(reference=clean_reference(reference) or "").first()
    if last is None:
        return rows
    return rows.filter(
        Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk),
    )


def due_event_ids() -> list[int]:
    """Return filed events that wait to be worked off."""
    due = GatewayEvent.objects.filter(status=GatewayEvent.Status.RECEIVED, next_try_at__lte=timezone.now())
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:BATCH])


def stalled_payments(*, older_than: timedelta) -> Iterator[Payment]:
    """Yield payments being sent, or waiting at the bank's check, that were not looked at for this long."""
    return _unlooked(older_than, ~Q(action_kind=DEPOSITS), Status.SUBMITTING, Status.AWAITING_MEMBER)


def processing_payments(*, older_than: timedelta) -> Iterator[Payment]:
    """Yield bank debits on their way, or waiting for small deposits, that were not looked at for this long."""
    takes_days = Q(status=Status.PROCESSING) | Q(action_kind=DEPOSITS)
    return _unlooked(older_than, takes_days, Status.PROCESSING, Status.AWAITING_MEMBER)


def payments_waiting_for_deposits() -> Iterator[Payment]:
    """Yield payments whose member has not told of the small deposits yet."""
    waiting = Payment.objects.filter(status=Status.AWAITING_MEMBER, action_kind=DEPOSITS)
    return waiting.order_by("pk").iterator(chunk_size=BATCH)


def unsettled_refunds(*, sending: timedelta, pending: timedelta) -> Iterator[Refund]:
    """Yield refunds whose sending was not looked at for one time, or whose arrival for another."""
    now = timezone.now()
    due = Q(status=RefundStatus.SENDING, checked_at__lt=now - sending) | Q(
        status=RefundStatus.SENDING, checked_at=None, sent_at__lt=now - sending
    )
    due |= Q(status=RefundStatus.PENDING, checked_at__lt=now - pending)
    found = Refund.objects.filter(due).select_related("payment__payer").order_by("checked_at")
    return found.iterator(chunk_size=BATCH)


def open_disputes(*, older_than: timedelta) -> Iterator[Dispute]:
    """Yield undecided disputes that were not looked at for this long."""
    found = Dispute.objects.filter(status=Dispute.Status.OPEN, checked_at__lt=timezone.now() - older_than)
    return found.select_related("payment").order_by("checked_at").iterator(chunk_size=BATCH)


def unfinished_payments(*, before: datetime) -> Iterator[Payment]:
    """Yield payments begun before this moment and never sent."""
    return Payment.objects.filter(status=Status.STARTED, created_at__lt=before).iterator(chunk_size=BATCH)


def payments_with_charge(*, since: datetime, until: datetime | None) -> Iterator[Payment]:
    """Yield payments sent in this time that must have a charge at the gateway; `until` None leaves the end open."""
    charged = Q(status__in=[Status.AWAITING_MEMBER, Status.PROCESSING, Status.PAID, Status.RETURNED])
    known = charged | Q(status=Status.SUBMITTING, intent_id__isnull=False)
    sent = Q(submitted_at__gte=since) & (Q(submitted_at__lt=until) if until else Q())
    return Payment.objects.filter(known, sent).order_by("pk").iterator(chunk_size=BATCH)


def payments_in_no_payout(*, since: datetime, until: datetime) -> Iterator[Payment]:
    """Yield payments paid in this time whose charge is a line of no payout."""
    lines = PayoutEntry.objects.filter(payment=OuterRef("pk"), kind="payment")
    paid = Payment.objects.filter(paid_at__gte=since, paid_at__lt=until, status__in=[Status.PAID, Status.RETURNED])
    return paid.filter(~Exists(lines)).order_by("pk").iterator(chunk_size=BATCH)


def postings_on(day: date) -> Iterator[Posting]:
    """Yield what was posted on an Eastern day, in the order in which it was."""
    return Posting.objects.filter(day_on=day).select_related("payment").order_by("pk").iterator(chunk_size=BATCH)


def _unlooked(older_than: timedelta, which: Q, *statuses: Status) -> Iterator[Payment]:
    old = timezone.now() - older_than
    looked = Q(checked_at__lt=old) | Q(checked_at=None, submitted_at__lt=old)
    return Payment.objects.filter(looked, which, status__in=statuses).order_by("checked_at").iterator(chunk_size=BATCH)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=EASTERN)
