"""Saved cards and accounts: kept once a payment went through, flagged when they fail, removed when asked."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from payments.gateway import gateway, port
from payments.gateway.port import MethodFacts
from payments.models import GatewayCustomer, Payment, SavedMethod
from payments.services.enrolling import End, stop_with

_Status, Problem = SavedMethod.Status, SavedMethod.Problem


def customer_for(user: User) -> str:
    """Return the gateway's customer of this log-in, made once. Raises GatewayError. Not inside a transaction."""
    row, _ = GatewayCustomer.objects.get_or_create(user=user)
    if row.customer_id is None:
        names = {"customer": str(row.uuid), "deployment": settings.DEPLOYMENT_ID}
        made = gateway().new_customer(key=f"{row.uuid}:customer", metadata=names)
        GatewayCustomer.objects.filter(pk=row.pk, customer_id=None).update(customer_id=made)
        row.refresh_from_db()
    return str(row.customer_id)


def keep(payment: Payment, kept: MethodFacts | None) -> None:
    """List what a paid payment was paid with, if its payer wished so and the gateway keeps it. Again: no change."""
    if not payment.saves_method or payment.saved_method_id or kept is None or not kept.customer_id:
        return
    names = ("method", "brand", "funding", "last4", "bank_name", "account_type", "expires_on")
    facts = {name: getattr(kept, name) for name in names}
    payment.saved_method, _ = SavedMethod.objects.get_or_create(
        gateway_id=kept.id, defaults=facts | {"user": payment.payer, "holder_name": kept.holder[:100]}
    )
    payment.save(update_fields=["saved_method"])


@transaction.atomic
def flag(saved: SavedMethod, problem: str) -> None:
    """Use a saved method no more, for the reason named, by autopay neither. One that is flagged or removed stays so."""
    stop_with(saved, problem)
    _change(saved, _Status.USABLE, _Status.FLAGGED, problem=problem)


def look_again(gateway_id: str) -> bool:
    """Ask the gateway how a method of ours stands; return False when it is none of ours. Raises GatewayError."""
    saved = SavedMethod.objects.filter(gateway_id=gateway_id).first()
    if saved is None:
        return False
    found = gateway().saved_method(gateway_id)
    SavedMethod.objects.filter(pk=saved.pk).update(expires_on=found.expires_on, last4=found.last4)
    if not found.customer_id:
        _change(saved, _Status.REMOVING, _Status.REMOVED)
        flag(saved, Problem.DETACHED)
    elif found.is_blocked:
        flag(saved, Problem.BLOCKED)
    return True


def look_at_mandate(mandate_id: str) -> bool:
    """Ask the gateway whether a standing permission to debit still stands; return False when it is none of ours."""
    mandate = gateway().mandate(mandate_id)
    saved = SavedMethod.objects.filter(gateway_id=mandate.method_id).first()
    if saved is None or not mandate.is_reusable:
        return False
    if not mandate.is_active:
        flag(saved, Problem.MANDATE)
    return True


def remove(saved: SavedMethod) -> bool:
    """Use a saved method no more, turn off autopay with it, and let the gateway forget it; return whether it has.

    When no answer comes it stays `removing`, unusable, and the sweep asks again.
    """
    with transaction.atomic():
        stop_with(saved, End.REMOVED)
        _change(saved, _Status.USABLE, _Status.REMOVING)
        _change(saved, _Status.FLAGGED, _Status.REMOVING)
    return finish_removal(saved)


def finish_removal(saved: SavedMethod) -> bool:
    """Let the gateway forget a method that is being removed; return whether it has."""
    try:
        gateway().forget(saved.gateway_id)
    except port.Refused:  # what the gateway does not know it cannot charge
        pass
    except port.GatewayError:
        return False
    _change(saved, _Status.REMOVING, _Status.REMOVED)
    return True


@transaction.atomic
def _change(saved: SavedMethod, today: str, status: str, *, problem: str = "") -> None:
    found = SavedMethod.objects.filter(pk=saved.pk, status=today)
    if found.update(status=status, problem=problem, changed_at=timezone.now()):
        saved.refresh_from_db()
