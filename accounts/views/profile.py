"""A member's own details: what we have, and the changes that count at once."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from phonenumber_field.phonenumber import to_python

from accounts import services
from accounts.forms import AddressForm, ReadingForm
from accounts.models import CONTACT_FIELDS, ContactKind, User
from accounts.selectors import contact_of, pending_contacts
from accounts.views.recovery import posted
from portal.shared.middleware import address_of

CHANGE = "accounts/change_details.html"


def member_of(request: HttpRequest) -> User:
    """Return the log-in of a member; staff have no such pages."""
    if request.user.member_id is None:  # type: ignore[union-attr]  # every page but the open ones has a log-in
        raise Http404
    return request.user  # type: ignore[return-value]  # as above


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """What we have of a member, with a way to change each of it."""
    user = member_of(request)
    context = {"rows": _rows(user), "waiting": pending_contacts(user)}
    return render(request, "accounts/profile.html", context)


def change_address(request: HttpRequest) -> HttpResponse:
    """A new mailing address, at once."""
    user = member_of(request)
    form = AddressForm(posted(request), initial=contact_of(user, ContactKind.ADDRESS))
    if request.method == "POST" and form.is_valid():
        new = {name: form.cleaned_data[name] for name in CONTACT_FIELDS[ContactKind.ADDRESS]}
        return _changed(request, {ContactKind.ADDRESS: new})
    return render(request, CHANGE, {"form": form, "title": _("Change your mailing address")})


def change_reading(request: HttpRequest) -> HttpResponse:
    """Another language, or larger letters, at once."""
    user = member_of(request)
    form = ReadingForm(posted(request), initial={"language": user.language, "large_print": user.large_print})
    if request.method == "POST" and form.is_valid():
        kinds = (ContactKind.LANGUAGE, ContactKind.LARGE_PRINT)
        return _changed(request, {kind: {str(kind): form.cleaned_data[kind]} for kind in kinds})
    return render(request, CHANGE, {"form": form, "title": _("Language and large print")})


def _changed(request: HttpRequest, new: dict[ContactKind, dict[str, Any]]) -> HttpResponse:
    user = member_of(request)
    done = [
        services.change_contact(user=user, kind=kind, new=values, address=address_of(request))
        for kind, values in new.items()
    ]
    if any(done):
        is_told = any(kind not in services.QUIET_CONTACTS for kind in new)
        messages.success(request, _("Saved. We sent you an email about it.") if is_told else _("Saved."))
    else:
        messages.info(request, _("Nothing changed: this is what we had."))
    return redirect("accounts:profile")


def _rows(user: User) -> list[tuple[Any, ...]]:
    """Return label, value, address of the page to change it, and the words of the link where they differ."""
    lines = format_html_join("\n", "<div>{}</div>", ((line,) for line in user.postal_lines))
    reading = reverse("accounts:change_reading")
    large = _("Yes") if user.large_print else _("No")
    return [
        (_("Email address"), user.email, reverse("accounts:change_email")),
        (_("Phone number"), _phone_words(user), reverse("accounts:change_phone"), _phone_link(user)),
        (_("Mailing address"), lines or _("None"), reverse("accounts:change_address")),
        (_("Language"), _language_name(user), reading),
        (_("Large print"), large, reading),
    ]


def _phone_words(user: User) -> str:
    if not user.phone:
        return _("None")
    number = phone_text(user.phone)
    if not user.phone_is_mobile:
        return number
    if user.phone_confirmed_at:
        return _("%(number)s (mobile phone, confirmed)") % {"number": number}
    return _("%(number)s (mobile phone, not confirmed)") % {"number": number}


def _phone_link(user: User) -> str:
    return _("Confirm or change") if user.phone and not user.phone_confirmed_at else ""


def _language_name(user: User) -> str:
    return str(dict(settings.LANGUAGES).get(user.language, user.language))


def phone_text(phone: Any) -> str:
    """Return a number as people write it: with its country code where it is not North American."""
    number = to_python(phone)
    return str(number.as_national if number.country_code == 1 else number.as_international)
