"""What members are told by email of their cases: that there is something to read, never what it says."""

from django.conf import settings
from django.urls import reverse

from billing.models import Case
from portal.shared.messages import post


def tell_of_case(case: Case, what: str, *, key: str) -> None:
    """Queue the message to whoever opened the case: it is opened, answered, waiting or closed; once for each key."""
    address = reverse("cases:case", args=[case.number])
    post(
        key=f"case:{case.number}:{key}",
        kind="case",
        to=case.opened_by.email,
        language=case.opened_by.language,
        context={"what": what, "number": case.number, "case_url": settings.SITE_URL + address},
    )
