"""The history of contact details, and what waits for proof: read by support, changed by nobody."""

from typing import Any

from django.contrib import admin

from accounts.admin.finding import HELP, users_found
from accounts.admin.watching import Watched
from accounts.models import CONTACT_FIELDS, ContactChange, ContactKind, PendingContact


def in_words(kind: str, values: dict[str, Any]) -> str:
    """Return the values of one kind in one line."""
    if kind == ContactKind.PHONE:
        return f"{values['phone'] or 'none'} ({'mobile' if values['phone_is_mobile'] else 'not mobile'})"
    if kind == ContactKind.LARGE_PRINT:
        return "yes" if values["large_print"] else "no"
    return (
        ", ".join(line for name in CONTACT_FIELDS[ContactKind(kind)] for line in str(values[name]).splitlines())
        or "none"
    )


class ByPerson(Watched, admin.ModelAdmin):
    """Finds rows by the person whom a term names."""

    search_fields = ["user__username"]
    search_help_text = HELP

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "user" or super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        return (queryset.filter(user__in=users_found(term)) if term else queryset), False


@admin.register(ContactChange)
class ContactChangeAdmin(ByPerson):
    """What was changed, from what to what, when it was asked and proved, and from which address."""

    list_display = ["counts_at", "user", "kind", "old_value", "new_value", "asked_at", "proved_at", "batch"]
    list_filter = ["kind", ("counts_at", admin.DateFieldListFilter)]
    list_select_related = ["user", "hand_over"]
    ordering = ["-pk"]
    show_full_result_count = False
    fields = [
        *["user", "kind", "old_value", "new_value", "asked_at", "asked_from", "proved_at", "proved_from"],
        *["counts_at", "batch"],
    ]
    readonly_fields = ["old_value", "new_value", "batch"]

    @admin.display(description="old")
    def old_value(self, change: ContactChange) -> str:
        return in_words(change.kind, change.old)

    @admin.display(description="new")
    def new_value(self, change: ContactChange) -> str:
        return in_words(change.kind, change.new)

    @admin.display(description="handed to the agency")
    def batch(self, change: ContactChange) -> str:
        hand_over = getattr(change, "hand_over", None)
        return str(hand_over.batch_id) if hand_over else "not yet"


@admin.register(PendingContact)
class PendingContactAdmin(ByPerson):
    """What was asked for and not proved yet."""

    list_display = ["asked_at", "user", "kind", "value", "asked_from", "expires_at", "tries"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    ordering = ["-asked_at"]
    exclude = ["digest"]
