"""Log-ins: their state and last tries, and what support does for their owners."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.admin.finding import HELP, users_found
from accounts.admin.reasons import AccountActs
from accounts.admin.watching import Watched
from accounts.forms import StaffLoginForm
from accounts.models import User
from accounts.selectors import last_logins_for
from portal.shared import audit
from portal.shared.middleware import address_of

admin.site.login_form = StaffLoginForm
admin.site.site_header = admin.site.site_title = "Bill pay support"


class StaffCreationForm(BaseUserCreationForm):
    """A new log-in for staff; members register themselves."""

    class Meta:
        model = User
        fields = ["username", "email"]


class LockFilter(admin.SimpleListFilter):
    """Locked accounts."""

    title = "lock"
    parameter_name = "locked"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "locked"), ("no", "open")]

    def queryset(self, request: Any, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(locked_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(User)
class UserAdmin(AccountActs, Watched, DjangoUserAdmin):
    """Find a log-in, see its state and last tries, help its owner in. Superusers also manage the log-ins of staff."""

    list_display = ["username", "member", "email", "is_confirmed", "locked", "last_login", "is_staff"]
    list_filter = [LockFilter, "is_staff", "is_active"]
    list_select_related = ["member"]
    search_fields = ["username"]
    search_help_text = HELP
    ordering = ["username"]
    actions = ["unlock_accounts", "remove_two_step"]
    filter_horizontal = ["groups"]
    add_form = StaffCreationForm
    add_fieldsets = [(None, {"fields": ["username", "email", "password1", "password2"]})]
    facts = [
        *[
            "member_link",
            "money",
            "email_confirmed_at",
            "phone",
            "postal_address",
            "language",
            "large_print",
            "contact_changes",
        ],
        *["locked_at", "failed_logins", "second_step_at", "last_login", "last_tries", "date_joined"],
    ]
    staff_fields = ["is_active", "is_staff", "is_superuser", "groups"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def page_actions(self, subject: Any) -> list[str]:
        unlock = ["unlock_accounts"] if subject.is_locked else []
        return [*unlock, "remove_two_step"] if subject.second_step_at else unlock

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        own = (
            ["username", "email"]
            if obj.member_id or not request.user.is_superuser
            else ["username", "email", "password"]
        )
        return [(None, {"fields": own}), ("Account", {"fields": self.facts}), ("Rights", {"fields": self.staff_fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a member's account is stays the member's own; only closing it is left to a superuser."""
        if obj is not None and obj.member_id:
            return [*self.facts, "username", "email", "is_staff", "is_superuser", "groups"]
        return self.facts

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Nobody else chooses a member's password (ASVS 6.4.6)."""
        user = self.get_object(request, id)
        if user is None or user.member_id:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff, obj.email_confirmed_at = True, timezone.now()
        super().save_model(request, obj, form, change)
        audit.record(
            "change_user" if change else "add_user",
            obj,
            actor=request.user,
            address=address_of(request),
            fields=form.changed_data,
        )

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(pk__in=users_found(term)) if term else queryset), False

    @admin.display(boolean=True, description="email confirmed")
    def is_confirmed(self, user: User) -> bool:
        return user.email_confirmed_at is not None

    @admin.display(ordering="locked_at")
    def locked(self, user: User) -> str:
        return f"since {timezone.localtime(user.locked_at):%b %d, %H:%M}" if user.locked_at else "-"

    @admin.display(description="member")
    def member_link(self, user: User) -> SafeString | str:
        if user.member is None:
            return "staff"
        url = reverse("admin:accounts_member_change", args=[user.member.pk])
        return format_html('<a href="{}">{}</a>', url, user.member)

    @admin.display(description="bills, payments, cases")
    def money(self, user: User) -> SafeString | str:
        """Lead to the lists of the rooms above, by address alone."""
        if user.member is None:
            return "-"
        lists = [
            (reverse("admin:billing_bill_changelist"), user.member.household_id, "bills"),
            (reverse("admin:payments_payment_changelist"), user.member.household_id, "payments"),
            (reverse("admin:billing_case_changelist"), user.member.household_id, "cases"),
        ]
        return format_html_join(", ", '<a href="{}?household={}">{}</a>', lists)

    @admin.display
    def postal_address(self, user: User) -> str:
        return ", ".join(user.postal_lines) or "-"

    @admin.display
    def contact_changes(self, user: User) -> SafeString:
        """Lead to the history of the contact details, and to what waits for proof."""
        names = [("contactchange", "changes"), ("pendingcontact", "waiting for proof")]
        lists = [(reverse(f"admin:accounts_{name}_changelist"), user.pk, words) for name, words in names]
        return format_html_join(", ", '<a href="{}?user={}">{}</a>', lists)

    @admin.display
    def last_tries(self, user: User) -> SafeString | str:
        tries = (
            (
                timezone.localtime(row.at).strftime("%b %d %Y, %H:%M"),
                "in" if row.succeeded else "refused",
                row.address or "-",
            )
            for row in last_logins_for(user)
        )
        return format_html_join("", "{} &nbsp; {} &nbsp; {}<br>", tries) or "none"
