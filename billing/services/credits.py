"""What payments says to billing (hold, wait, settle, release, reverse, restore, dispute, reinstate), and changed bills.

Every caller is inside `transaction.atomic` and has taken `lock_household` first; so no two of them meet.
"""

from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import Household
from billing import rules, selectors
from billing.models import Bill, Credit

_S = Credit.Status
Split = list[tuple[str | None, int]]  # (bill number, or None for credit of the household; cents), oldest first


class AlreadyOnItsWay(Exception):
    """Nothing more may be paid until the money that is on its way has arrived."""


class TooMuch(Exception):
    """The amount is above the most that may be paid today; `limit_cents` says how much that is."""

    def __init__(self, limit_cents: int) -> None:
        super().__init__(f"limit {limit_cents}")
        self.limit_cents = limit_cents


def lock_household(household_id: int) -> Household:
    """Return the household, its row locked until the transaction ends. First in the lock order."""
    return Household.objects.select_for_update().get(pk=household_id)


def hold(*, household: Household, source: str, amount_cents: int) -> Split:
    """Hold this many cents for the oldest open bills, the rest as credit of the household; return the split.

    Bills with money on its way are passed over. Raises AlreadyOnItsWay when nothing may be paid because of such
    money, TooMuch above the limit, ValueError for an amount that is not above zero.
    """
    if amount_cents <= 0:
        raise ValueError(amount_cents)
    account = selectors.account_for(household)
    if account.limit_cents == 0 and account.held_cents:
        raise AlreadyOnItsWay
    if amount_cents > account.limit_cents:
        raise TooMuch(account.limit_cents)
    parts = rules.split(amount_cents, [(bill, bill.payable_cents) for bill in account.payable_bills])
    Credit.objects.bulk_create(
        Credit(household=household, bill=bill, source=source, amount_cents=cents, status=_S.HELD)
        for bill, cents in parts
    )
    return [(bill.number if bill else None, cents) for bill, cents in parts]


def wait(*, source: str, waits: bool) -> None:
    """Say that this source's held money waits for the member to do something, or that it goes on. Again: nothing."""
    Credit.objects.filter(source=source, status=_S.HELD).exclude(waits_for_member=waits).update(waits_for_member=waits)


def settle(*, source: str) -> Split:
    """Count this source's held money as paid; return where all its paid money now lies. Again changes nothing."""
    if _change(Credit.objects.filter(source=source, status=_S.HELD), _S.SETTLED):
        _place_for(source)
    return _split_of(source)


def release(*, source: str) -> None:
    """Let go of this source's held money: it will not come. Again changes nothing."""
    if _change(Credit.objects.filter(source=source, status=_S.HELD), _S.RELEASED):
        _place_for(source)


def reverse(*, source: str, amount_cents: int | None = None) -> None:
    """Take back this source's paid and disputed money, wherever it was moved since: the bank returned it.

    Without an amount all of it; again changes nothing. With one, so many cents of the paid money for a refund:
    what lies on no bill first, then what pays the bill due last. Raises ValueError unless so much is there.
    """
    if amount_cents is None:
        _change(Credit.objects.filter(source=source, status__in=[_S.SETTLED, _S.DISPUTED]), _S.REVERSED)
    else:
        paid = Credit.objects.filter(source=source, status=_S.SETTLED).select_related("bill")
        _reverse_part(paid.order_by(F("bill__due_on").desc(nulls_first=True), "-bill_id", "-pk"), amount_cents)
    _place_for(source)


def restore(*, source: str, amount_cents: int) -> None:
    """Count so many cents of this source's reversed money as paid again: a refund did not arrive.

    It lies on no bill at first and is then taken up. Raises ValueError unless so much was reversed.
    """
    taken = (
        Credit.objects.filter(source=source, status=_S.REVERSED).select_related("bill").order_by("-changed_at", "-pk")
    )
    for credit, part in _parts_of(taken, amount_cents):
        _supersede(credit, [(credit.bill, credit.amount_cents - part, _S.REVERSED), (None, part, _S.SETTLED)])
    _place_for(source)


def dispute(*, source: str) -> None:
    """Set this source's paid money aside while a card's bank looks into it: not paid, not payable. Again: nothing."""
    _change(Credit.objects.filter(source=source, status=_S.SETTLED), _S.DISPUTED)


def reinstate(*, source: str) -> bool:
    """Count this source's disputed money as paid again: the bank decided for us. Return whether there was any."""
    changed = _change(Credit.objects.filter(source=source, status=_S.DISPUTED), _S.SETTLED)
    _place_for(source)
    return changed > 0


def take_up(*, household: Household | int) -> int:
    """Place the household's unplaced paid credit on its open bills, oldest first; return the cents placed.

    Said after a bill is new, raised or open again.
    """
    unplaced = list(
        Credit.objects.filter(household=household, bill=None, status=_S.SETTLED).order_by("created_at", "pk")
    )
    if not unplaced:
        return 0
    payables = [(bill, bill.payable_cents) for bill in selectors.open_bills_for(household)]
    placed = 0
    for credit in unplaced:
        parts = rules.split(credit.amount_cents, payables)
        if parts[0][0] is None:
            break
        _supersede(credit, [(bill, cents, credit.status) for bill, cents in parts])
        taken = {bill.pk: cents for bill, cents in parts if bill}
        payables = [(bill, cents - taken.get(bill.pk, 0)) for bill, cents in payables]
        placed += sum(taken.values())
    return placed


def move_excess(*, bill: Bill) -> int:
    """Turn what lies on a bill above its (lowered) total into credit of the household; return the cents moved.

    The newest money moves first. Money on its way stays on its way.
    """
    live = list(Credit.objects.live().filter(bill=bill).order_by("-created_at", "-pk"))
    excess = moved = max(0, sum(credit.amount_cents for credit in live) - bill.total_cents)
    for credit in live:
        part = min(excess, credit.amount_cents)
        if part > 0:
            _supersede(credit, [(bill, credit.amount_cents - part, credit.status), (None, part, credit.status)])
            excess -= part
    return moved


def _reverse_part(paid: QuerySet[Credit], amount_cents: int) -> None:
    for credit, part in _parts_of(paid, amount_cents):
        rest = credit.amount_cents - part
        _supersede(credit, [(credit.bill, rest, _S.SETTLED), (credit.bill, part, _S.REVERSED)])


def _parts_of(credits: QuerySet[Credit], amount_cents: int) -> list[tuple[Credit, int]]:
    """Return which credit gives how many cents, in their order. Raises ValueError when they do not reach."""
    rest, parts = amount_cents, []
    for credit in credits:
        part = min(rest, credit.amount_cents)
        if part > 0:
            parts.append((credit, part))
            rest -= part
    if rest or amount_cents <= 0:
        raise ValueError(amount_cents)
    return parts


def _supersede(credit: Credit, parts: Iterable[tuple[Bill | None, int, str]]) -> None:
    """Replace a credit by children (bill, cents, status) of its source and age; their cents add up to its own."""
    children = [
        Credit(
            household_id=credit.household_id,
            bill=bill,
            source=credit.source,
            amount_cents=cents,
            status=status,
            parent=credit,
            waits_for_member=credit.waits_for_member,
            created_at=credit.created_at,
        )
        for bill, cents, status in parts
        if cents
    ]
    credit.status = _S.SUPERSEDED
    credit.save(update_fields=["status", "changed_at"])
    Credit.objects.bulk_create(children)


def _change(credits: QuerySet[Credit], status: Credit.Status) -> int:
    return credits.update(status=status, waits_for_member=False, changed_at=timezone.now())


def _place_for(source: str) -> None:
    """Let the source's household use its unplaced credit: money has arrived, or a bill is open again."""
    household_id = Credit.objects.filter(source=source).values_list("household", flat=True).first()
    if household_id:
        take_up(household=household_id)


def _split_of(source: str) -> Split:
    placed = Credit.objects.filter(source=source, status=_S.SETTLED).order_by(
        "bill__due_on", "bill_id", "created_at", "pk"
    )
    sums: dict[str | None, int] = {}
    for number, cents in placed.values_list("bill__number", "amount_cents"):
        sums[number] = sums.get(number, 0) + cents
    return list(sums.items())
