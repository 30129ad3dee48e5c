"""Finding people by whatever a caller can name; the lists of every room search in this way."""

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet

from accounts.models import Member, User, normal_username
from accounts.rules import NotAMassHealthId, clean_masshealth_id, comparable_name
from accounts.selectors import users_with_email

HELP = "MassHealth ID, name, username, email or confirmation number"

household_finders: list[Callable[[str], Iterable[int]]] = []
"""Each turns a search term into primary keys of households; rooms above add theirs (a confirmation number)."""


def people_found(term: str) -> QuerySet[Member]:
    """Return the people whom a term names: by MassHealth ID, name, log-in, or a number of their household."""
    return Member.objects.filter(_named(term) | Q(user__in=_logging_in_as(term)) | Q(household__in=_led_to(term)))


def users_found(term: str) -> QuerySet[User]:
    """Return the log-ins of the people whom a term names, and those of staff by username and email."""
    return User.objects.filter(Q(pk__in=_logging_in_as(term)) | Q(member__in=people_found(term)))


def _named(term: str) -> Q:
    """People by MassHealth ID, or by the words of their names in any order."""
    try:
        return Q(masshealth_id=clean_masshealth_id(term))
    except NotAMassHealthId:
        words = comparable_name(term).split()
    return Q(*[("search_name__contains", word) for word in words]) if words else Q(pk__in=[])


def _logging_in_as(term: str) -> QuerySet[User]:
    same_email = users_with_email(term, open_only=False).values("pk")
    return User.objects.filter(Q(username__startswith=normal_username(term)) | Q(pk__in=same_email))


def _led_to(term: str) -> list[int]:
    return [household_id for finder in household_finders for household_id in finder(term)]
