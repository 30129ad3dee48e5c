"""The language in which a member reads pages and gets messages."""

import time

from django.contrib.sessions.backends.base import SessionBase

from accounts.models import ContactKind, User
from accounts.services.contact import change_contact

CHOSEN = "language_chosen"
CHOSEN_SECONDS = 1800  # that a choice before the log-in counts as the choice of whoever logs in


def note_choice(session: SessionBase, language: str) -> None:
    """Note that someone who is not logged in chose a language with this browser just now."""
    session[CHOSEN] = [language, int(time.time())]


def take_choice(session: SessionBase) -> str:
    """Return the language that was chosen just before the log-in, once; '' for none, or one of long ago."""
    language, at = session.pop(CHOSEN, ("", 0))
    return language if time.time() - at < CHOSEN_SECONDS else ""


def keep_language(user: User, language: str, *, address: str | None = None) -> None:
    """Keep the language on the account: for messages, and for pages wherever the member logs in.

    A member's is one of the contact details: in their history, and handed to the agency. No email tells of it,
    wherever it is chosen.
    """
    if user.member_id:
        change_contact(user=user, kind=ContactKind.LANGUAGE, new={"language": language}, address=address)
    else:
        User.objects.filter(pk=user.pk).update(language=language)
    user.language = language
