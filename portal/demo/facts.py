"""What the demonstration prints of itself, asked of the database each time: people change it while they try it out."""

from django.utils import timezone

from accounts.models import Member, User
from billing.selectors import open_bills_for
from portal.demo import people


def log_ins() -> list[tuple[str, str]]:
    """Return the log-ins to try, each with what it is now."""
    users = {user.username: user for user in User.objects.select_related("member").filter(username__in=people.LOG_INS)}
    return [(name, _words(users[name])) for name in people.LOG_INS if name in users]


def free_members() -> list[tuple[Member, str]]:
    """Return the people who can still register, the first ten, each with what there is to pay."""
    free = Member.objects.filter(responsible=True, user=None).order_by("masshealth_id")[:10]
    return [(member, _bills(member.household_id)) for member in free]


def _words(user: User) -> str:
    words = _role(user)
    if user.is_locked:
        words += "; locked until support unlocks it"
    if not user.is_active:
        words += "; closed"
    if not user.check_password(people.PASSWORD):
        words += "; has a password of its own by now"
    return words


def _role(user: User) -> str:
    if user.is_superuser:
        return "administrator, in Django admin"
    if user.has_perm("payments.approve_refund"):
        return "finance, in Django admin: approves refunds that support asks for"
    if user.is_staff:
        return "support, in Django admin"
    return f"a member with {_bills(user.household_id)}"


def _bills(household_id: int | None) -> str:
    today = timezone.localdate()
    due = [bill.due_on for bill in open_bills_for(household_id)] if household_id else []
    overdue = sum(day < today for day in due)
    return (
        f"{len(due)} open bill{'' if len(due) == 1 else 's'}, {overdue or 'none'} overdue" if due else "nothing to pay"
    )
