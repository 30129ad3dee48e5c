"""What members hear of their bills and cases. Quiet: no amount, no coverage, and of a case only that it moved."""

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import TextConsent, User
from accounts.notices import unsubscribe_url
from billing.models import Case
from portal.shared import messages
from portal.shared.models import OutgoingMessage


def remind(user: User, consent: TextConsent | None, *, key: str, bill_id: int, due_on: date, when: int) -> None:
    """Queue one reminder, once: by text to the number of a consent, else by email; never in quiet hours."""
    about = {"bill": bill_id, "user": user.pk, "when": when} | ({"consent": consent.pk} if consent else {})
    context = {"due_on": due_on, "is_late": when < 0}
    facts: dict[str, Any] = {
        "key": key,
        "kind": "reminder",
        "language": user.language,
        "context": context,
        "about": about,
    }
    if consent:
        messages.post_text(**facts, to=consent.number, keeps_hours=True)
    else:
        messages.post(**facts, to=user.email, keeps_hours=True, unsubscribe_url=unsubscribe_url(user.pk))


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
