"""What members do: choose an amount, review, confirm, come back, and stand at their bank's check."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from billing import selectors as bills
from payments import authorizations, services
from payments.gateway.port import GatewayError, IntentStatus
from payments.models import Payment
from payments.states import Status

__all__ = ["at_bank", "begin", "confirm", "deposits", "enter", "pay", "review", "visit"]
BEFORE_SENDING = (services.CannotUse, services.NotSent, GatewayError)  # what the pages have words for


def begin(
    world: Any, *, who: int, how: str, method: str, token: str, fate: dict[str, Any], saves: bool = False
) -> Payment | None:
    """Choose an amount (due, part, least, ahead) and a method, and enter card or account in the gateway's frame."""
    user = world.users[who % len(world.users)]
    household = user.member.household
    try:
        payment = services.start(user=user, household=household, amount_cents=amount_of(household, how), method=method)
        token_id = world.gateway.bank.new_token(token)
        world.gateway.fates[token_id] = fate
        services.attach_token(payment=payment, token_id=token_id, saves=saves)
    except (services.AmountRefused, *BEFORE_SENDING):
        return None
    return payment


def amount_of(household: Any, how: str) -> int:
    """Return the cents that are due, a part of them, the least that is taken, the most, or more than that."""
    account = bills.account_for(household)
    amounts = {
        "due": account.payable_now_cents,
        "part": account.payable_now_cents * 2 // 5,
        "least": settings.MIN_PAYMENT_CENTS,
        "ahead": account.limit_cents,
        "too much": account.limit_cents + 1,
    }
    return amounts[how]


def enter(world: Any, *, nth: int, token: str, fate: dict[str, Any]) -> None:
    """Enter other details for a payment that was not sent."""
    payment = _nth(nth, Status.STARTED)
    if payment:
        token_id = world.gateway.bank.new_token(token)
        world.gateway.fates[token_id] = fate
        try:
            services.attach_token(payment=payment, token_id=token_id)
        except BEFORE_SENDING:
            return


def review(world: Any, *, nth: int) -> None:
    """Look at everything once more; what is shown now is what is agreed to later."""
    payment = _nth(nth, Status.STARTED)
    if payment and payment.token:
        world.agreements[payment.pk] = _agreement(payment)


def confirm(world: Any, *, nth: int) -> None:
    """Press the button, on the page that was last shown."""
    payment = _nth(nth, Status.STARTED) or _nth(nth, Status.SUBMITTING)
    if payment and payment.token:
        agreement = world.agreements.get(payment.pk) or _agreement(payment)
        _submit(payment, agreement)


def pay(world: Any, **facts: Any) -> None:
    """All of it, one after the other."""
    payment = begin(world, **facts)
    if payment:
        submit_now(world, payment)


def submit_now(world: Any, payment: Payment) -> None:
    """Look at everything once more, and press the button."""
    world.agreements[payment.pk] = _agreement(payment)
    _submit(payment, world.agreements[payment.pk])


def _agreement(payment: Payment) -> services.Agreement:
    is_bank = payment.method == Payment.Method.BANK
    return services.Agreement(
        token=payment.token,
        split=services.split_now(payment),
        authorization_text=authorizations.text_for(payment, now=timezone.now()) if is_bank else "",
        authorization_version=authorizations.VERSION if is_bank else "",
        address="192.0.2.7",
        user_agent="a history",
    )


def _submit(payment: Payment, agreement: services.Agreement) -> None:
    try:
        services.submit(payment=payment, agreement=agreement)
    except (services.CannotUse, services.NotSent):
        return


def visit(world: Any, *, nth: int) -> None:
    """Come back from the bank's check, or ask once more on the page of the payment."""
    payment = _nth(nth)
    if payment:
        try:
            services.refresh(payment, via="return page")
        except GatewayError:
            return


def at_bank(world: Any, *, nth: int, passes: bool) -> None:
    """Pass or fail the check that the bank asks for, or confirm small deposits rightly or wrongly."""
    waiting = [i for i in world.gateway.bank.intents.values() if i.status == IntentStatus.AWAITING_MEMBER]
    if waiting:
        world.gateway.member_checked(waiting[-1 - nth % len(waiting)].id, passes=passes)


def deposits(world: Any, *, nth: int, amounts: tuple[int, int]) -> None:
    """Tell us which small deposits came."""
    payment = _nth(nth, Status.AWAITING_MEMBER)
    if payment:
        try:
            services.tell_deposits(payment=payment, amounts=amounts)
        except (services.OtherDeposits, services.ToldTooOften, GatewayError):
            return


def _nth(nth: int, *statuses: Status) -> Payment | None:
    """Return the n-th newest payment, of these statuses if any are named; None when there is none."""
    found = Payment.objects.order_by("-pk")
    if statuses:
        found = found.filter(status__in=statuses)
    payments = list(found)
    return payments[nth % len(payments)] if payments else None
