"""Who is who: questions about the roster and the log-ins that other rooms and pages ask."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import (
    CONTACT_FIELDS,
    ContactBatch,
    ContactChange,
    ContactKind,
    Household,
    Kind,
    LoginRecord,
    Member,
    PendingContact,
    Preferences,
    TextConsent,
    User,
    normal_username,
)
from accounts.models.notifying import BY_CHOICE


def household_for(user: User) -> Household | None:
    """Return the household whose bill this log-in may see now; None for staff and who is not responsible."""
    return Household.objects.filter(members__user=user.pk, members__responsible=True).first()


def members_for(household: Household) -> QuerySet[Member]:
    """Return the people of a household, oldest first."""
    return Member.objects.filter(household=household).order_by("date_of_birth", "pk")


PEOPLE = 12  # on one page


def people_page_for(user: User, *, after: str = "") -> tuple[list[Member], bool]:
    """Return the people whom a log-in may see, oldest first, from behind the one numbered `after`; and whether more.

    Who may see the household's bill sees its people, any other member themselves.
    """
    own = Q(user=user)
    people = Member.objects.filter(own if user.household_id is None else Q(household=user.household_id))
    last = people.filter(pk=int(after)).first() if after.isascii() and after.isdigit() and len(after) < 19 else None
    if last:
        behind = Q(date_of_birth=last.date_of_birth, pk__gt=last.pk)
        people = people.filter(Q(date_of_birth__gt=last.date_of_birth) | behind)
    found = list(people.order_by("date_of_birth", "pk")[: PEOPLE + 1])
    return found[:PEOPLE], len(found) > PEOPLE


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


def preferences_for(user: User) -> Preferences:
    """Return what a log-in chose to hear, or what is so at first (then not saved)."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def wants_email(user: User, kind: str) -> bool:
    """Return whether a log-in hears of this by email: always, where the law leaves no choice."""
    return kind not in BY_CHOICE or kind in preferences_for(user).emails


def consent_for(user: User) -> TextConsent | None:
    """Return the word in force that we may text the log-in's number; None while texts cannot go there."""
    if not user.can_get_texts:
        return None
    return TextConsent.objects.filter(user=user, number=str(user.phone), ended_at=None).first()


def text_consent(user: User, kind: str) -> TextConsent | None:
    """Return the consent by which a log-in hears of this by text; None when it does not."""
    consent = consent_for(user)
    return consent if consent and kind in preferences_for(user).texts else None


def is_consent_in_force(consent_id: int) -> bool:
    """Return whether we may still text by this consent: not ended, and the number is still its owner's and alive."""
    consent = TextConsent.objects.select_related("user").filter(pk=consent_id, ended_at=None).first()
    return bool(consent and consent.user.can_get_texts and str(consent.user.phone) == consent.number)


@dataclass(frozen=True)
class Reader:
    """A log-in that may see its household's bills, with what it chose to hear and where texts go."""

    user: User
    household_id: int
    preferences: Preferences
    consent: TextConsent | None

    def hears_by_email(self, kind: str) -> bool:
        """Whether it hears of this by email, at an address that is no dead one."""
        return kind in self.preferences.emails and not self.user.is_email_dead

    def hears_by_text(self, kind: str) -> bool:
        """Whether it hears of this by text."""
        return self.consent is not None and kind in self.preferences.texts


def readers(users: QuerySet[User]) -> list[Reader]:
    """Return those of these log-ins that are open, confirmed and responsible for a household, in three queries."""
    found = users.filter(is_active=True, member__responsible=True).exclude(email_confirmed_at=None)
    found = found.select_related("member", "preferences").order_by("pk")
    live = {one.user_id: one for one in TextConsent.objects.filter(user__in=[u.pk for u in found], ended_at=None)}
    return [_reader(user, live.get(user.pk)) for user in found]


def readers_of(household_ids: Collection[int]) -> list[Reader]:
    """Return who may see these households' bills."""
    return readers(User.objects.filter(member__household__in=household_ids))


def users_to_remind() -> QuerySet[User]:
    """Return the log-ins that asked for reminders, by email or text."""
    asked = Q(preferences__emails__contains=[Kind.REMINDER]) | Q(preferences__texts__contains=[Kind.REMINDER])
    return User.objects.filter(asked)


def _reader(user: User, consent: TextConsent | None) -> Reader:
    chosen = getattr(user, "preferences", None) or Preferences(user=user)
    is_good = consent and user.can_get_texts and str(user.phone) == consent.number
    return Reader(user, user.household_id or 0, chosen, consent if is_good else None)


def is_first_login(user: User) -> bool:
    """Return whether this log-in, which is written down already, is the first one that was let in."""
    return len(LoginRecord.objects.filter(user=user, succeeded=True)[:2]) == 1


def contact_of(user: User, kind: str) -> dict[str, Any]:
    """Return the values of one kind of contact details, as a change keeps them."""
    values = {name: getattr(user, name) for name in CONTACT_FIELDS[ContactKind(kind)]}
    if kind == ContactKind.PHONE:
        values["phone"] = str(values["phone"] or "")
    return values


def users_with_phone(phone: str) -> QuerySet[User]:
    """Return the open log-ins of one mobile number (E.164), proved or not; relatives may share one."""
    return User.objects.filter(phone=phone, phone_is_mobile=True, is_active=True).order_by("pk")


def contact_changes_due() -> QuerySet[ContactChange]:
    """Return the members' changes that are in no batch for the agency yet, oldest first."""
    return ContactChange.objects.filter(hand_over=None, user__member__isnull=False).order_by("pk")


def contact_batch(number: int) -> ContactBatch | None:
    """Return the batch with this number."""
    return ContactBatch.objects.filter(number=number).first() if 0 < number < 2**31 else None


def changes_in_batch(batch: ContactBatch) -> Iterator[ContactChange]:
    """Return the changes of one batch, oldest first, with whom they are about."""
    changes = ContactChange.objects.filter(hand_over__batch=batch).select_related("user__member")
    return changes.order_by("pk").iterator(chunk_size=2000)


def pending_contact(user: User, kind: str) -> PendingContact | None:
    """Return the email address or phone number that waits for proof and still can be proved."""
    return pending_contacts(user).get(kind)


def pending_contacts(user: User) -> dict[str, PendingContact]:
    """Return what waits for proof and still can be proved, by kind, in one query."""
    waiting = PendingContact.objects.filter(user=user, expires_at__gt=timezone.now())
    return {pending.kind: pending for pending in waiting}


def is_locked(user: User) -> bool:
    """Return whether a log-in is locked at this moment, whatever was read of it before."""
    return User.objects.filter(pk=user.pk, locked_at__isnull=False).exists()
