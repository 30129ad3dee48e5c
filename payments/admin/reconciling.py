"""What came of comparing our books with the gateway's: the runs, and what they found, to filter and to take along."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin import Watched
from payments import exports
from payments.models import ReconciliationFinding, ReconciliationRun
from portal.shared.references import clean_reference, spaced

FORMS = {
    "csv": (exports.findings_csv, "text/csv; charset=utf-8"),
    "json": (exports.findings_json, "application/json"),
}


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(Watched, admin.ModelAdmin):
    """Every run: what it compared, how far it came, what it found."""

    list_display = ["started_at", "part", "state", "looked", "mended", "canceled", "found", "since", "reached_at"]
    list_filter = ["part", ("started_at", admin.DateFieldListFilter)]
    list_per_page = 50
    show_full_result_count = False

    @admin.display
    def state(self, run: ReconciliationRun) -> str:
        if run.ended_at:
            return "done"
        return f"stopped: {run.error}" if run.error else "not finished"

    @admin.display(description="differences", ordering="standing")
    def found(self, run: ReconciliationRun) -> SafeString | str:
        if not run.standing and not run.mended:
            return "none"
        address = reverse("admin:payments_reconciliationfinding_changelist")
        return format_html('<a href="{}?last_run__id__exact={}">{} stand</a>', address, run.pk, run.standing)


class StateFilter(admin.SimpleListFilter):
    """Whether a finding waits for a person."""

    title = parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "open"), ("closed", "closed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(closed_at__isnull=self.value() == "open") if self.value() else queryset


@admin.register(ReconciliationFinding)
class ReconciliationFindingAdmin(Watched, admin.ModelAdmin):
    """Every difference: open ones wait for a person, closed ones were mended or are gone."""

    list_display = ["kind", "confirmation", "gateway_id", "expected", "found", "outcome_text", "dated_at"]
    list_filter = [
        StateFilter,
        "outcome",
        "part",
        "kind",
        ("created_at", admin.DateFieldListFilter),
    ]
    list_select_related = ["payment"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["gateway_id", "payment__reference"]
    exclude = ["key"]
    search_help_text = "Confirmation number or gateway id"

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return super().get_search_results(request, queryset, clean_reference(search_term) or search_term)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        # Django passes None where it has no request, and the stubs leave that out.
        return lookup == "last_run__id__exact" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_urls(self) -> list[URLPattern]:
        take = self.admin_site.admin_view(self.download)
        return [path("download.<str:form>", take, name="payments_reconciliationfinding_download"), *super().get_urls()]

    def download(self, request: HttpRequest, form: str) -> HttpResponse:
        """Answer the list, filtered as the page is, as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if form not in FORMS:
            return HttpResponse(status=404)
        write, content_type = FORMS[form]
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:  # the page itself answers such a filter with the whole list
            found = self.get_queryset(request)
        name = f'attachment; filename="findings.{form}"'
        return HttpResponse(write(found), content_type=content_type, headers={"Content-Disposition": name})

    @admin.display(description="confirmation number", ordering="payment__reference")
    def confirmation(self, finding: ReconciliationFinding) -> SafeString | str:
        if finding.payment is None:
            return "none"
        address = reverse("admin:payments_payment_change", args=[finding.payment_id])
        return format_html('<a href="{}">{}</a>', address, spaced(finding.payment.reference))

    @admin.display(description="outcome", ordering="closed_at")
    def outcome_text(self, finding: ReconciliationFinding) -> str:
        return finding.outcome or "open"
