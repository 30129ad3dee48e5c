"""What members chose to hear, what they agreed to, what was sent to them, and whom nothing reaches."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.finding import users_found
from accounts.admin.watching import Watched, page_of_one
from accounts.models import Preferences, TextConsent, Unreachable, User
from portal.shared.messages import can_go_again, send_again
from portal.shared.middleware import address_of
from portal.shared.models import OutgoingMessage


class OfSomeone(Watched, admin.ModelAdmin):
    """Finds rows by their owner, as a caller names themselves."""

    search_fields = ["user"]
    search_help_text = "MassHealth ID, name, username or email"
    list_select_related = ["user"]
    list_per_page = 50
    show_full_result_count = False

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(user__in=users_found(term)) if term else queryset), False


@admin.register(Unreachable)
class UnreachableAdmin(Watched, admin.ModelAdmin):
    """A task for staff each: write a letter, or call. It leaves by itself when the member mends the address."""

    list_display = ["username", "member", "mail", "texts", "page"]
    list_select_related = ["member"]
    ordering = ["-email_failed_at", "-phone_failed_at", "pk"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["username", "member", "mail", "texts", "page"]
    readonly_fields = ["username", "member", "mail", "texts", "page"]

    @admin.display(description="email came back", ordering="email_failed_at")
    def mail(self, user: User) -> Any:
        return user.email_failed_at if user.is_email_dead else None

    @admin.display(description="text did not arrive", ordering="phone_failed_at")
    def texts(self, user: User) -> Any:
        return user.phone_failed_at if user.is_phone_dead else None

    @admin.display(description="address and phone")
    def page(self, user: User) -> SafeString:
        return format_html('<a href="{}">open</a>', reverse("admin:accounts_user_change", args=[user.pk]))


@admin.register(Preferences)
class PreferencesAdmin(OfSomeone):
    """What one log-in chose to hear."""

    list_display = ["user", "emails", "texts", "days_before", "changed_at"]
    fields = ["user", "emails", "texts", "days_before", "changed_at"]
    ordering = ["-pk"]


@admin.register(TextConsent)
class TextConsentAdmin(OfSomeone):
    """The word by which we may text a number, as it was shown, and how it ended."""

    list_display = ["user", "number", "given_at", "given_by", "ended_at", "ended_by"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "given_by", "ended_by"]
    fields = ["user", "number", "given_at", "given_by", "ended_at", "ended_by"]
    fields += ["words", "version", "language", "address"]


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(Watched, admin.ModelAdmin):
    """What was sent or waits. The words are not shown: they may hold a link or a code that opens an account."""

    list_display = ["pk", "kind", "channel", "recipient", "status", "tries", "next_try_at", "sent_at", "error"]
    list_filter = ["status", "channel", "kind"]
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["=recipient"]
    search_help_text = "Email address or phone number, written exactly so"
    fields = ["kind", "channel", "recipient", "language", "status", "tries", "created_at", "next_try_at", "sent_at"]
    fields += ["not_after", "keeps_hours", "error", "provider_id"]
    actions = ["send_again"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("body_text", "body_html")

    def page_actions(self, subject: OutgoingMessage) -> list[str]:
        return ["send_again"] if can_go_again(subject) else []

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("shared.resend_message"))

    @admin.action(description="Send again", permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMessage]) -> HttpResponse | None:
        """Send emails again that failed, or of which nobody knows; a reminder goes only if it is still true."""
        count = sum(send_again(one, actor=request.user, address=address_of(request)) for one in queryset)
        if count:
            self.message_user(request, f"{count} sent again. What is not true any more is not sent.", messages.SUCCESS)
        else:
            self.message_user(
                request, "Nothing to send: only emails that failed, or are unknown, go again.", messages.WARNING
            )
        return page_of_one(queryset)
