"""Who is who: questions about the roster and the log-ins that other rooms and pages ask."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import (
    CONTACT_FIELDS,
    ContactChange,
    ContactKind,
    Household,
    LoginRecord,
    Member,
    PendingContact,
    User,
    normal_username,
)


def household_for(user: User) -> Household | None:
    """Return the household whose bill this log-in may see now; None for staff and who is not responsible."""
    return Household.objects.filter(members__user=user.pk, members__responsible=True).first()


def members_for(household: Household) -> QuerySet[Member]:
    """Return the people of a household, oldest first."""
    return Member.objects.filter(household=household).order_by("date_of_birth", "pk")


def member_for(masshealth_id: str) -> Member | None:
    """Return the person with this ID, with the log-in that exists for them, in one query."""
    return Member.objects.select_related("user").filter(masshealth_id=masshealth_id).first()


def login_for(member: Member) -> User | None:
    """Return the log-in of a person, confirmed or not."""
    return getattr(member, "user", None)


def is_username_taken(username: str, *, besides: Member | None = None) -> bool:
    """Return whether some log-in has this name, however it is spelled; that of `besides` does not count."""
    named = User.objects.filter(username=normal_username(username))
    return (named.exclude(member=besides) if besides else named).exists()


def user_named(username: str) -> User | None:
    """Return the open log-in with this name."""
    return User.objects.filter(username=normal_username(username), is_active=True).first()


def users_with_email(email: str, *, open_only: bool = True) -> QuerySet[User]:
    """Return the log-ins of one email address; relatives may share one."""
    users = User.objects.alias(plain=Lower("email")).filter(plain=email.strip().lower())
    return users.filter(is_active=True) if open_only else users


def last_logins_for(user: User, count: int = 10) -> list[LoginRecord]:
    """Return the newest tries to log in to one account."""
    return list(LoginRecord.objects.filter(user=user).order_by("-at")[:count])


def is_first_login(user: User) -> bool:
    """Return whether this log-in, which is written down already, is the first one that was let in."""
    return len(LoginRecord.objects.filter(user=user, succeeded=True)[:2]) == 1


def contact_of(user: User, kind: str) -> dict[str, Any]:
    """Return the values of one kind of contact details, as a change keeps them."""
    values = {name: getattr(user, name) for name in CONTACT_FIELDS[ContactKind(kind)]}
    if kind == ContactKind.PHONE:
        values["phone"] = str(values["phone"] or "")
    return values


def pending_contact(user: User, kind: str) -> PendingContact | None:
    """Return the email address or phone number that waits for proof and still can be proved."""
    return pending_contacts(user).get(kind)


def pending_contacts(user: User) -> dict[str, PendingContact]:
    """Return what waits for proof and still can be proved, by kind, in one query."""
    waiting = PendingContact.objects.filter(user=user, expires_at__gt=timezone.now())
    return {pending.kind: pending for pending in waiting}


def contact_changes_of(user: User, count: int = 10) -> list[ContactChange]:
    """Return the newest changes of someone's contact details."""
    return list(ContactChange.objects.filter(user=user).order_by("-pk")[:count])
