"""The coverage of the people of a household, as the roster says it, and a MassHealth ID on request."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import selectors
from accounts.models import Member, User
from portal.shared import audit
from portal.shared.middleware import address_of
from portal.shared.throttle import allow

TOO_MANY = 429
STATUSES: dict[str, Any] = {  # the roster's words that we know; any other is shown as it came
    "active": gettext_lazy("Active"),
    "inactive": gettext_lazy("Not active"),
    "pending": gettext_lazy("Being decided"),
    "suspended": gettext_lazy("Suspended"),
    "ended": gettext_lazy("Ended"),
    "terminated": gettext_lazy("Ended"),
    "closed": gettext_lazy("Ended"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def coverage(request: HttpRequest) -> HttpResponse:
    """Each person that the log-in may see; POST shows one MassHealth ID, on this answer alone."""
    user = request.user
    if not isinstance(user, User) or user.member is None:
        return render(request, "billing/no_household.html")
    after = request.GET.get("after", "")
    people, has_more = selectors.people_page_for(user, after=after)
    shown, status = _shown(request, user, people)
    context = {
        "people": [_row(person, shown) for person in people],
        "older_url": f"?after={people[-1].pk}" if has_more else "",
        "newer_url": reverse("coverage") if after else "",
        "too_many": status == TOO_MANY,
        "is_responsible": user.household_id is not None,
        "tax_forms_url": settings.TAX_FORMS_URL,
    }
    return render(request, "accounts/coverage.html", context, status=status)


def _shown(request: HttpRequest, user: User, people: list[Member]) -> tuple[Member | None, int]:
    """Return the person whose ID was asked for, if the log-in may see it and did not ask too often."""
    person = next((one for one in people if str(one.pk) == request.POST.get("person")), None)
    if request.method != "POST" or person is None:
        return None, 200
    if not allow("id-shown", str(user.pk)):
        return None, TOO_MANY
    audit.record("show_masshealth_id", person, actor=user, address=address_of(request))
    return person, 200


def _row(person: Member, shown: Member | None) -> dict[str, Any]:
    number, start = person.masshealth_id, person.coverage_start
    return {
        "pk": person.pk,
        "name": str(person),
        "type": person.coverage_type or _("Not in our records"),
        "status": _status_text(person.coverage_status) or _("Not in our records"),
        "since": date_format(start, "DATE_FORMAT") if start else _("Not in our records"),
        "last4": number[-4:],
        "number": f"{number[:4]} {number[4:8]} {number[8:]}" if person == shown else "",
    }


def _status_text(status: str) -> str:
    return str(STATUSES.get(status.strip().lower()) or capfirst(status))
