"""The first steps: an amount and a method, then what the member entered in the gateway's frame."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Household, User
from billing import selectors as bills
from payments.gateway import gateway, port
from payments.gateway.port import Token
from payments.models import Payment, PaymentEvent, SavedMethod
from payments.rules import brand_is_taken
from payments.services.outage import OTHER_MODE, REFUSED, begin_outage
from payments.states import Status

SHOWN = ("brand", "funding", "last4", "bank_name", "account_type")  # what tells one method from another


class AmountRefused(ValueError):
    """The amount is not between the least and the most that can be paid; both in cents."""

    def __init__(self, least_cents: int, most_cents: int) -> None:
        super().__init__("amount out of range")
        self.least_cents, self.most_cents = least_cents, most_cents


class CannotUse(ValueError):
    """What was entered cannot be used; `why` is one of expired, used, other_method, brand, mode, saved."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def start(
    *, user: User, household: Household, amount_cents: int, method: str, saved: SavedMethod | None = None
) -> Payment:
    """Begin a payment, with a saved method of this very log-in or to be entered. Nothing is sent.

    Raises AmountRefused, or CannotUse('saved').
    """
    if saved and (saved.user_id != user.pk or saved.method != method or not saved.is_usable):
        raise CannotUse("saved")
    account = bills.account_for(household)
    if not settings.MIN_PAYMENT_CENTS <= amount_cents <= account.limit_cents:
        raise AmountRefused(settings.MIN_PAYMENT_CENTS, account.limit_cents)
    payment = Payment.objects.create(
        household=household,
        payer=user,
        amount_cents=amount_cents,
        method=method,
        language=user.language,
        saved_method=saved,
        **({name: getattr(saved, name) for name in ("holder_name", *SHOWN)} if saved else {}),
    )
    PaymentEvent.objects.create(payment=payment, to_status=Status.STARTED, via="member")
    return payment


def attach_token(*, payment: Payment, token_id: str, saves: bool = False) -> None:
    """Keep what the member entered (never a number) for the review, and whether to save it once it was paid with.

    Raises CannotUse, or GatewayError.
    """
    try:
        token = gateway().token(token_id)
    except port.NotAllowed as error:
        begin_outage(REFUSED, call="token", code=error.code)
        raise
    why = _objection(payment, token)
    if why == "mode":
        begin_outage(OTHER_MODE, call="token")
    if why:
        raise CannotUse(why)
    Payment.objects.filter(pk=payment.pk, status=Status.STARTED).update(
        token=token.id,
        token_expires_at=token.expires_at,
        saves_method=saves,
        saved_method=None,
        holder_name=token.holder[:100],
        **{name: getattr(token, name) for name in SHOWN},
    )
    payment.refresh_from_db()


def _objection(payment: Payment, token: Token) -> str:
    checks = {
        "mode": token.live != settings.STRIPE_LIVE,
        "used": token.used,
        "expired": token.expires_at <= timezone.now(),
        "other_method": token.method != payment.method,
        "brand": token.method == Payment.Method.CARD and not brand_is_taken(token.brand),
    }
    return next((why for why, is_true in checks.items() if is_true), "")
