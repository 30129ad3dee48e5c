"""What members hear of their bills and cases. Quiet: no amount, no coverage, and of a case only that it moved."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.notices import unsubscribe_url
from billing.models import Case
from portal.shared import messages
from portal.shared.models import OutgoingMessage


def reminder(language: str, due_on: date, *, is_late: bool) -> tuple[OutgoingMessage, OutgoingMessage]:
    """Return the email and the text of a reminder, without key and reader; never in quiet hours.

    The email's link to stop is nobody's; `messages.copy` puts the reader's in its place.
    """
    facts: dict[str, Any] = {"key": "", "kind": "reminder", "to": "", "language": language, "keeps_hours": True}
    facts |= {"context": {"due_on": due_on, "is_late": is_late}}
    return messages.email(**facts, unsubscribe_url=unsubscribe_url(0)), messages.text(**facts)


def new_bill(language: str, due_on: date) -> tuple[OutgoingMessage, OutgoingMessage]:
    """Return the email and the text that tell of a new bill, without key and reader: they are the same for many."""
    context = {"due_on": due_on}
    facts: dict[str, Any] = {"key": "", "kind": "new_bill", "to": "", "language": language, "context": context}
    return messages.email(**facts), messages.text(**facts, keeps_hours=True)


def tell_of_case(case: Case, what: str, *, key: str) -> None:
    """Queue the message to whoever opened the case: it is opened, answered, waiting or closed; once for each key."""
    address = reverse("cases:case", args=[case.number])
    messages.post(
        key=f"case:{case.number}:{key}",
        kind="case",
        to=case.opened_by.email,
        language=case.opened_by.language,
        context={"what": what, "number": case.number, "case_url": settings.SITE_URL + address},
    )
