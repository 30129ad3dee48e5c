"""The road of every charge: claim and hold, ask the gateway, record what it said. No call inside a transaction.

Both kinds of payment take it: those that a member confirms, and those that autopay draws without the member
(`off_session`). What only one of them must check is checked before, in `submitting` and `drawing`.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing import services as billing
from payments.gateway import gateway, port
from payments.gateway.port import Consent, Intent, IntentStatus
from payments.models import Payment, SavedMethod
from payments.selectors import authorization_in_force
from payments.services import saving
from payments.services.applying import apply_intent
from payments.services.attention import raise_attention
from payments.services.moving import locked, move
from payments.services.outage import REFUSED, begin_outage, is_out
from payments.services.starting import CannotUse
from payments.states import Status
from portal.shared import throttle

Split = list[tuple[str | None, int]]


class NotSent(Exception):
    """Nothing was charged and nothing is held; the same payment may be confirmed again."""


class ReviewedDiffers(NotSent):
    """The bills changed since the member reviewed: show the review again."""


class AlreadyPaid(NotSent):
    """The bills that this was to pay need nothing any more: all of it would be kept for the next bill."""


class TooMuchNow(NotSent):
    """More than may be paid today; `limit_cents` says how much may."""

    def __init__(self, limit_cents: int) -> None:
        super().__init__("above the limit")
        self.limit_cents = limit_cents


class OnItsWay(NotSent):
    """Money is already on its way for this."""


class TooManyTries(NotSent):
    """This household confirmed or was declined too often within the hour."""


class TryLater(NotSent):
    """The gateway cannot take payments at this moment."""


class GatewayBusy(TryLater):
    """The gateway has too many questions: in a minute it goes."""


class Outage(TryLater):
    """No payments are taken until the gateway takes our key again."""


def check_limits(payment: Payment) -> None:
    """Raise TooManyTries when the household has tried enough for this hour, Outage while no payments are taken."""
    key = str(payment.household_id)
    is_new = payment.status == Status.STARTED
    if is_new and is_out():
        raise Outage
    if is_new and (throttle.is_spent("pay-declines", key) or throttle.is_spent("pay-household", key)):
        raise TooManyTries


def claim(current: Payment, agreed: Split) -> None:
    """Hold the money of a payment that is locked and started, just as agreed, and go to submitting.

    Raises OnItsWay, TooMuchNow, AlreadyPaid and ReviewedDiffers.
    """
    try:
        split = billing.hold(household=current.household, source=current.source, amount_cents=current.amount_cents)
    except billing.AlreadyOnItsWay as error:
        raise OnItsWay from error
    except billing.TooMuch as error:
        raise TooMuchNow(error.limit_cents) from error
    if split != agreed:
        raise ReviewedDiffers if any(number for number, _cents in split) else AlreadyPaid
    move(
        current.pk,
        Status.SUBMITTING,
        via=_via(current),
        reviewed_split=[list(part) for part in split],
        submissions=current.submissions + 1,
    )


def send(payment: Payment) -> Payment:
    """Charge a payment that was just claimed, and return it as it then stands.

    Raises TryLater and its kinds, or CannotUse('expired' or 'used'): after these nothing was charged and nothing is
    held. An unknown outcome is no error: the payment stays in submitting for the sweep.
    """
    throttle.allow("pay-household", str(payment.household_id))
    payment.refresh_from_db()
    intent_id = _create(payment)
    if intent_id is None:
        return Payment.objects.get(pk=payment.pk)
    return _confirm(payment, intent_id)


def _via(payment: Payment) -> str:
    return "autopay" if payment.off_session else "submit"


def _create(payment: Payment) -> str | None:
    """Make the unconfirmed intent and store its id; None when this submission was given up meanwhile.

    Raises TryLater when no intent can be had: an unconfirmed one moves no money, so nothing was charged.
    """
    wish = ":saves" if payment.saves_method else "" if payment.token else ":saved"
    try:
        intent = gateway().create(
            amount_cents=payment.amount_cents,
            method=payment.method,
            key=f"{payment.uuid}:create{wish}",  # other facts, other key: the wish may change before a second try
            metadata={"payment": str(payment.uuid), "deployment": settings.DEPLOYMENT_ID},
            customer_id=saving.customer_for(payment.payer) if wish else "",
            saves=payment.saves_method,
        )
    except port.GatewayError as error:
        move(payment.pk, Status.STARTED, via=_via(payment), code=error.code, seen=payment)  # nothing was charged
        _alert(payment, "create", error)
        raise _not_sent(error) from error
    with transaction.atomic():
        current = locked(payment.pk)
        if current.status != Status.SUBMITTING or current.submissions != payment.submissions:
            return None
        current.intent_id = intent.id
        current.save(update_fields=["intent_id"])
    return intent.id


def _not_sent(error: port.GatewayError) -> TryLater:
    """Return what to tell a member whose payment did not reach the gateway."""
    if isinstance(error, port.NotAllowed):
        return Outage()
    return GatewayBusy() if isinstance(error, port.Busy | port.InProgress) else TryLater()


def _confirm(payment: Payment, intent_id: str) -> Payment:
    """Charge it. When the answer is lost, ask how it stands; when even that fails, leave it to the sweep."""
    try:
        intent = _asked_to_confirm(payment, intent_id)
    except port.Declined as error:
        return _declined(payment, intent_id, error)
    except port.TokenUnusable as error:
        return _without_token(payment, intent_id, error)
    except port.MethodUnusable as error:
        return _without_method(payment, intent_id, error)
    except port.GatewayError as error:
        _alert(payment, "confirm", error)
        return _resolved(payment, intent_id, error)
    return apply_intent(payment, intent, via=_via(payment))


def _resolved(payment: Payment, intent_id: str, why: port.GatewayError) -> Payment:
    """Ask how the charge stands; still unconfirmed, confirm it once more, unless `why` forbids it."""
    try:
        intent = gateway().intent(intent_id)
        if intent.status is IntentStatus.UNCONFIRMED and isinstance(why, port.Busy):
            return _stepped_back(payment, why)
        if intent.status is IntentStatus.UNCONFIRMED and not isinstance(why, port.KeyReused):
            again = "" if isinstance(why, port.InProgress) else ":again"
            intent = _asked_to_confirm(payment, intent_id, again)
    except port.Declined as error:
        return _declined(payment, intent_id, error)
    except port.GatewayError:
        return Payment.objects.get(pk=payment.pk)
    return apply_intent(payment, intent, via=_via(payment))


def _stepped_back(payment: Payment, why: port.GatewayError) -> Payment:
    """The gateway did nothing and said so: the same payment may be confirmed again. Raises TryLater."""
    moved = move(payment.pk, Status.STARTED, via=_via(payment), code=why.code)
    if moved.status == Status.STARTED:
        raise _not_sent(why)
    return moved


def _declined(payment: Payment, intent_id: str, error: port.Declined) -> Payment:
    """The bank said no, for good; an account that it lets nobody debit is flagged where it is saved."""
    throttle.allow("pay-declines", str(payment.household_id))
    problem = SavedMethod.Problem.BLOCKED if error.code == "bank_account_unusable" else ""
    return _failed(payment, intent_id, error.code, problem)


def _without_token(payment: Payment, intent_id: str, why: port.TokenUnusable) -> Payment:
    """The gateway would not take the token: once it says that nothing is charged, back to the details."""
    try:
        intent = gateway().intent(intent_id)
    except port.GatewayError:
        return Payment.objects.get(pk=payment.pk)
    if intent.status is not IntentStatus.UNCONFIRMED:
        return apply_intent(payment, intent, via="submit")
    move(payment.pk, Status.STARTED, via="submit", code="token_unusable", token="", token_expires_at=None)
    raise CannotUse("used" if why.code == "confirmation_token_already_used" else "expired")


def _without_method(payment: Payment, intent_id: str, error: port.MethodUnusable) -> Payment:
    """The saved method is gone at the gateway: once it says that nothing is charged, the payment has failed."""
    try:
        intent = gateway().intent(intent_id)
    except port.GatewayError:
        return Payment.objects.get(pk=payment.pk)
    if intent.status is not IntentStatus.UNCONFIRMED:
        return apply_intent(payment, intent, via=_via(payment))
    has_no_mandate = error.code == "payment_intent_mandate_invalid"
    problem = SavedMethod.Problem.MANDATE if has_no_mandate else SavedMethod.Problem.DETACHED
    return _failed(payment, intent_id, "method_unusable", problem)


@transaction.atomic
def _failed(payment: Payment, intent_id: str, code: str, problem: str) -> Payment:
    payment = move(payment.pk, Status.FAILED, via=_via(payment), code=code, intent_id=intent_id)
    if problem and payment.saved_method:
        saving.flag(payment.saved_method, problem)
    return payment


def _asked_to_confirm(payment: Payment, intent_id: str, again: str = "") -> Intent:
    key = f"{payment.uuid}:confirm:{payment.submissions}{again}"
    return_url = settings.SITE_URL + reverse("payments:returned", args=[payment.reference])
    if payment.token:
        return gateway().confirm(
            intent_id,
            token_id=payment.token,
            method=payment.method,
            return_url=return_url,
            key=key,
            consent=_consent(payment),
            saves=payment.saves_method,
        )
    return gateway().confirm_saved(
        intent_id,
        method_id=payment.instrument,
        return_url=return_url,
        key=key,
        consent=_consent(payment),
        off_session=payment.off_session,
    )


def _consent(payment: Payment) -> Consent | None:
    """Return the member's agreement to this very debit; a debit drawn without the member stands on the mandate."""
    record = authorization_in_force(payment)
    if record is None or payment.off_session:
        return None
    return Consent(record.accepted_at, record.address or "", record.user_agent)


def _alert(payment: Payment, call: str, error: port.GatewayError) -> None:
    """Tell staff of what is our own fault; a gateway that is away or busy is not."""
    if isinstance(error, port.NotAllowed):
        return begin_outage(REFUSED, call=call, code=error.code)
    if isinstance(error, port.Busy | port.OutcomeUnknown) and not isinstance(error, port.KeyReused):
        return None
    return raise_attention(
        key=f"{payment.reference}:{call}:{error.code}",
        kind="gateway refused",
        detail=f"{call}: {type(error).__name__} {error.code}",
        payment=payment,
    )
