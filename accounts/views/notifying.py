"""What a member wants to hear, and the link in a reminder that ends reminders."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import selectors, services
from accounts.forms import CONSENT_VERSION, NotificationsForm, consent_words
from accounts.models import User
from accounts.tokens import unsubscriber
from accounts.views.recovery import posted
from portal.shared import texting
from portal.shared.middleware import address_of


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Tick boxes for what we write about, by email and by text, and when to remind."""
    user = request.user
    if not isinstance(user, User) or user.member_id is None:
        raise Http404
    consent = selectors.consent_for(user)
    can_text = texting.is_offered() and user.can_get_texts
    chosen = selectors.preferences_for(user)
    form = NotificationsForm(posted(request), chosen=chosen, can_text=can_text, has_agreed=consent is not None)
    if request.method == "POST" and form.is_valid():
        where = address_of(request)
        agreed = services.Agreed(consent_words(), CONSENT_VERSION, get_language() or "en", where)
        services.choose(user=user, wishes=form.wishes(), agreed=agreed, address=where)
        messages.success(request, _("Saved. We will write to you the way you chose."))
        return redirect("accounts:notifications")
    context = {"form": form, "consent": consent, "can_text": can_text, "offers_texts": texting.is_offered()}
    return render(request, "accounts/notifications.html", context)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End email reminders by the signed link in one: a mail program posts to it, a person presses its button."""
    user_id = unsubscriber(token)
    if user_id is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done and not services.stop_email_reminders(user_id=user_id, address=address_of(request)):
        raise Http404
    return render(request, "accounts/unsubscribe.html", {"is_done": is_done})
