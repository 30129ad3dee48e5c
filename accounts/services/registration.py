"""From the facts on a MassHealth card to a log-in with a confirmed email address."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts import notices
from accounts.models import Member, User, normal_username
from accounts.rules import is_same_name
from accounts.selectors import is_username_taken, login_for, member_for
from accounts.tokens import is_confirmation_of, owner_of


class NotOpen(Exception):
    """These facts do not open a registration; nothing says why."""


class UsernameTaken(Exception):
    """Another log-in has this username."""


class Finding(Enum):
    """What the roster says to the facts that someone typed."""

    OPEN = "may register"
    REGISTERED = "has a confirmed log-in"
    REFUSED = "unknown, different, or not responsible"


@dataclass(frozen=True)
class Facts:
    """Who someone says they are."""

    first_name: str
    last_name: str
    date_of_birth: date
    masshealth_id: str


@dataclass(frozen=True)
class Contact:
    """How someone can be reached."""

    email: str
    phone: str
    address_line1: str
    address_line2: str
    city: str
    state: str
    zip_code: str
    address_abroad: str = ""
    country: str = ""
    phone_is_mobile: bool = False


def find_registrant(facts: Facts) -> tuple[Finding, Member | None]:
    """Compare the facts with the roster. A log-in whose email was never confirmed does not count as registered."""
    member = member_for(facts.masshealth_id)
    if member is None or not _is_this(member, facts) or not member.responsible:
        return Finding.REFUSED, None
    login = login_for(member)
    return (Finding.REGISTERED if login and login.email_confirmed_at else Finding.OPEN), member


@sensitive_variables("password")
def register(*, facts: Facts, contact: Contact, username: str, password: str, language: str = "en") -> User:
    """Make the log-in, or put it in place of one that was never confirmed, and send the confirmation link.

    The same details sent twice are one registration and one message. Raises NotOpen and UsernameTaken.
    """
    prepared = User(username=normal_username(username), language=language, **asdict(contact))
    prepared.set_password(password)  # slow; so before anything is locked
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(masshealth_id=facts.masshealth_id).first()
        old = User.objects.select_for_update().filter(member=member).first() if member else None
        if find_registrant(facts)[0] is not Finding.OPEN or member is None:
            raise NotOpen
        if old and _is_repeated(old, prepared, password):
            return old
        prepared.member = member
        prepared.pk = old.pk if old else None
        _save(prepared)
        notices.confirm_email(prepared, key=f"confirm:{prepared.pk}:{timezone.now():%Y%m%d%H%M%S%f}")
    return prepared


def is_confirmable(*, token: str) -> bool:
    """Return whether a link would confirm its address now; nothing is used up."""
    user = User.objects.filter(pk=owner_of(token) or 0).first()
    return _is_waiting(user, token)


def confirm_email(*, token: str) -> bool:
    """Confirm the address that a link was sent to; return False when the link is false, old, used or replaced."""
    pk = owner_of(token) or 0
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=pk).first()
        if user is None or not _is_waiting(user, token):
            return False
        user.email_confirmed_at = timezone.now()
        user.save(update_fields=["email_confirmed_at"])
    return True


def _is_waiting(user: User | None, token: str) -> bool:
    return bool(user and user.is_active and not user.email_confirmed_at and is_confirmation_of(token, user))


def _is_this(member: Member, facts: Facts) -> bool:
    return (
        is_same_name(member.first_name, facts.first_name)
        and is_same_name(member.last_name, facts.last_name)
        and member.date_of_birth == facts.date_of_birth
    )


def _is_repeated(old: User, new: User, password: str) -> bool:
    return old.username == new.username and old.email == new.email and old.check_password(password)


def _save(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_update=user.pk is not None, force_insert=user.pk is None)
    except IntegrityError as error:
        if is_username_taken(user.username):
            raise UsernameTaken from error
        raise
