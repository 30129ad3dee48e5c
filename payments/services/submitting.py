"""Confirm and submit: claim and hold, then ask the gateway, then record what it said. No call inside a transaction."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from billing import selectors as bills
from billing import services as billing
from payments.gateway import gateway, port
from payments.gateway.port import Consent, Intent, IntentStatus
from payments.models import Authorization, Payment
from payments.selectors import authorization_in_force
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


@dataclass(frozen=True)
class Agreement:
    """What the member saw and agreed to when pressing the button."""

    token: str  # of the method that was shown
    split: Split
    authorization_text: str  # '' for a card
    authorization_version: str
    address: str
    user_agent: str
    authorization_language: str = "en"


def split_now(payment: Payment) -> Split:
    """Return how the payment would be placed at this moment."""
    parts = bills.split_for(payment.household, payment.amount_cents)
    return [(bill.number if bill else None, cents) for bill, cents in parts]


def submit(*, payment: Payment, agreement: Agreement) -> Payment:
    """Send the payment, once, whatever is pressed twice; return it as it then stands.

    Raises NotSent (ReviewedDiffers, OnItsWay, TooManyTries, TryLater and its kinds) or CannotUse('expired' or 'used'):
    after these nothing was charged and nothing is held. An unknown outcome is no error: the payment stays in submitting
    for the sweep.
    """
    _check_limits(payment)
    if not _claim(payment, agreement):
        return Payment.objects.get(pk=payment.pk)
    throttle.allow("pay-household", str(payment.household_id))
    payment.refresh_from_db()
    intent_id = _create(payment)
    if intent_id is None:
        return Payment.objects.get(pk=payment.pk)
    return _confirm(payment, intent_id)


def _check_limits(payment: Payment) -> None:
    key = str(payment.household_id)
    is_new = payment.status == Status.STARTED
    if is_new and is_out():
        raise Outage
    if is_new and (throttle.is_spent("pay-declines", key) or throttle.is_spent("pay-household", key)):
        raise TooManyTries


@transaction.atomic
def _claim(payment: Payment, agreement: Agreement) -> bool:
    """Under lock: compare with what was reviewed, hold the money, go to submitting. False: claimed before."""
    current = locked(payment.pk)
    if current.status != Status.STARTED:
        return False
    if not current.token or current.token_expires_at is None or current.token_expires_at <= timezone.now():
        raise CannotUse("expired")
    split = split_now(current)
    if split != agreement.split or current.token != agreement.token:
        raise ReviewedDiffers
    try:
        billing.hold(household=current.household, source=current.source, amount_cents=current.amount_cents)
    except billing.AlreadyOnItsWay as error:
        raise OnItsWay from error
    except billing.TooMuch as error:
        raise ReviewedDiffers from error
    if agreement.authorization_text:
        _keep_authorization(current, agreement)
    move(
        current.pk,
        Status.SUBMITTING,
        via="submit",
        reviewed_split=[list(part) for part in split],
        submissions=current.submissions + 1,
    )
    return True


def _keep_authorization(payment: Payment, agreement: Agreement) -> None:
    Authorization.objects.create(
        payment=payment,
        text=agreement.authorization_text,
        version=agreement.authorization_version,
        language=agreement.authorization_language,
        accepted_at=timezone.now(),
        address=agreement.address,
        user_agent=agreement.user_agent[:500],
    )


def _create(payment: Payment) -> str | None:
    """Make the unconfirmed intent and store its id; None when this submission was given up meanwhile.

    Raises TryLater when no intent can be had: an unconfirmed one moves no money, so nothing was charged.
    """
    try:
        intent = gateway().create(
            amount_cents=payment.amount_cents,
            method=payment.method,
            key=f"{payment.uuid}:create",
            metadata={"payment": str(payment.uuid), "deployment": settings.DEPLOYMENT_ID},
        )
    except port.GatewayError as error:
        move(payment.pk, Status.STARTED, via="submit", code=error.code, seen=payment)  # nothing was charged
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
    except port.GatewayError as error:
        _alert(payment, "confirm", error)
        return _resolved(payment, intent_id, error)
    return apply_intent(payment, intent, via="submit")


def _declined(payment: Payment, intent_id: str, error: port.Declined) -> Payment:
    throttle.allow("pay-declines", str(payment.household_id))
    return move(payment.pk, Status.FAILED, via="submit", code=error.code, intent_id=intent_id)


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
    return apply_intent(payment, intent, via="submit")


def _stepped_back(payment: Payment, why: port.GatewayError) -> Payment:
    """The gateway did nothing and said so: the same payment may be confirmed again. Raises NotSent."""
    moved = move(payment.pk, Status.STARTED, via="submit", code=why.code)
    if moved.status == Status.STARTED:
        raise _not_sent(why)
    return moved


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


def _asked_to_confirm(payment: Payment, intent_id: str, again: str = "") -> Intent:
    record = authorization_in_force(payment)
    consent = Consent(record.accepted_at, record.address or "", record.user_agent) if record else None
    return gateway().confirm(
        intent_id,
        token_id=payment.token,
        method=payment.method,
        return_url=settings.SITE_URL + reverse("payments:returned", args=[payment.reference]),
        key=f"{payment.uuid}:confirm:{payment.submissions}{again}",
        consent=consent,
    )


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
