"""The audit trail: who did what with what, and why. It is read here and changed by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.finding import users_found
from accounts.admin.watching import ReadOnly
from portal.shared.models import AuditEntry


class ActFilter(admin.SimpleListFilter):
    """Acts apart from mere looking."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("acts", "changed something"), ("views", "looked only")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        looked = {"action__startswith": "view_"}
        chosen = {"acts": queryset.exclude(**looked), "views": queryset.filter(**looked)}
        return chosen.get(self.value() or "", queryset)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, admin.ModelAdmin):
    """Find an entry by the one who acted, what was done, or the row that it was done with."""

    list_display = ["at", "actor", "action", "subject", "reason"]
    list_filter = [ActFilter, ("at", admin.DateFieldListFilter), "subject_type"]
    list_select_related = ["actor"]
    ordering = ["-at", "-pk"]
    show_full_result_count = False
    search_fields = ["action"]
    search_help_text = "Username of who acted, or what was done"
    fields = ["at", "actor", "action", "subject", "reason", "address", "data"]
    readonly_fields = ["subject"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        # Django passes None where it has no request, and the stubs leave that out.
        return lookup == "subject_id" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(actor__in=users_found(term)) | queryset.filter(action__icontains=term), False

    @admin.display(ordering="subject_id")
    def subject(self, entry: AuditEntry) -> SafeString | str:
        """Name the row that the act was about, and lead to its page where it has one."""
        app, _, model = entry.subject_type.partition(".")
        try:
            address = reverse(f"admin:{app}_{model}_change", args=[entry.subject_id])
        except NoReverseMatch:
            return f"{model} {entry.subject_id}"
        return format_html('<a href="{}">{} {}</a>', address, model, entry.subject_id)
