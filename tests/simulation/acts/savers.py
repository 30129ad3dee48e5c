"""What members with saved methods do: pay with one, turn autopay on and off, skip or move a draw, lose a method."""

from datetime import timedelta
from typing import Any

from payments import services
from payments.models import AutopayDraw, AutopayEnrollment, SavedMethod
from portal.shared.business_days import add_business_days
from tests.simulation.acts.members import BEFORE_SENDING, amount_of, submit_now

__all__ = ["enroll", "lose_method", "move_draw", "pay_saved", "skip", "unenroll"]
CONSENTED = services.Consented("I allow it.", "a history", "en", "192.0.2.7", "a history")


def pay_saved(world: Any, *, nth: int, how: str) -> None:
    """Pay with what was saved before."""
    saved = _nth(SavedMethod, nth)
    if not saved:
        return
    household = saved.user.member.household
    try:
        payment = services.start(
            user=saved.user,
            household=household,
            amount_cents=amount_of(household, how),
            method=saved.method,
            saved=saved,
        )
    except (services.AmountRefused, *BEFORE_SENDING):
        return
    submit_now(world, payment)


def enroll(world: Any, *, nth: int, days_before: int, limit: int) -> None:
    """Turn autopay on with a saved method; a limit of 0 cents is none."""
    saved = _nth(SavedMethod, nth)
    if saved:
        wish = services.Wish(saved, days_before, limit or None)
        try:
            services.enroll(user=saved.user, household=saved.user.member.household, wish=wish, consented=CONSENTED)
        except services.CannotEnroll:
            return


def unenroll(world: Any, *, nth: int) -> None:
    """Turn autopay off."""
    enrollment = _nth(AutopayEnrollment, nth)
    if enrollment:
        services.stop_autopay(enrollment, AutopayEnrollment.End.MEMBER)


def skip(world: Any, *, nth: int) -> None:
    """Leave a draw out."""
    draw = _nth(AutopayDraw, nth)
    if draw:
        services.skip(draw)


def move_draw(world: Any, *, nth: int, days: int) -> None:
    """Move a draw by so many bank days."""
    draw = _nth(AutopayDraw, nth)
    if draw:
        try:
            services.reschedule(draw, add_business_days(draw.draw_on + timedelta(days=1), days))
        except services.NotThatDay:
            return


def lose_method(world: Any, *, nth: int, how: str) -> None:
    """The gateway or the bank lets a saved method be used no more (detach, block, revoke), and says so."""
    saved = _nth(SavedMethod, nth)
    if saved and (how != "revoke" or f"mandate_{saved.gateway_id}" in world.gateway.bank.mandates):
        about = getattr(world.gateway.bank, how)(saved.gateway_id)
        names = {"detach": "payment_method.detached", "block": "payment_method.updated", "revoke": "mandate.updated"}
        world.gateway.bank.tell(names[how], about or saved.gateway_id)
        world.gateway.send_out()


def _nth(model: Any, nth: int) -> Any:
    found = list(model.objects.order_by("-pk"))
    return found[nth % len(found)] if found else None
