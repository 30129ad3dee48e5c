"""Households and their people as the roster names them; only an import changes them."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.finding import HELP, people_found
from accounts.admin.watching import Watched
from accounts.models import Household, Member


class MemberInline(Watched, admin.TabularInline):
    """The people of a household."""

    model = Member
    fields = ["masshealth_id", "first_name", "last_name", "date_of_birth", "responsible", "coverage_status"]
    show_change_link = True


@admin.register(Household)
class HouseholdAdmin(Watched, admin.ModelAdmin):
    """Find a household by its number in the roster or by a person in it."""

    list_display = ["number", "people"]
    search_fields = ["number"]
    search_help_text = f"Household number, {HELP}"
    inlines = [MemberInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Household]:
        return super().get_queryset(request).prefetch_related("members")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        found = Q(number=term) | Q(pk__in=people_found(term).values("household"))
        return (queryset.filter(found) if term else queryset), False

    @admin.display
    def people(self, household: Household) -> str:
        return ", ".join(str(member) for member in household.members.all())


@admin.register(Member)
class MemberAdmin(Watched, admin.ModelAdmin):
    """Find a person by whatever a caller can name, however it is typed. Only an import changes the roster."""

    list_display = ["__str__", "masshealth_id", "household", "responsible", "coverage_status", "account"]
    list_filter = ["responsible", "coverage_status"]
    list_select_related = ["household", "user"]
    search_fields = ["masshealth_id"]
    search_help_text = HELP
    exclude = ["search_name"]
    readonly_fields = ["account"]

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(pk__in=people_found(term)) if term else queryset), False

    @admin.display(description="log-in")
    def account(self, member: Member) -> SafeString | str:
        user = getattr(member, "user", None)
        if user is None:
            return "not registered"
        return format_html('<a href="{}">{}</a>', reverse("admin:accounts_user_change", args=[user.pk]), user)
