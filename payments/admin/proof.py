"""What members agreed to, for support to read and print."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin import Watched
from payments import authorizations, selectors
from payments.models import Authorization
from portal.shared import audit, pdf
from portal.shared.middleware import address_of
from portal.shared.references import clean_reference, spaced


def link_to_paper(kind: str, record: Model) -> SafeString:
    """Return the link to what was agreed to as PDF; `kind` as it stands in the name of its address."""
    return format_html('<a href="{}">PDF</a>', reverse(f"admin:payments_{kind}_pdf", args=[record.pk]))


def kept_by(site: admin.ModelAdmin, request: HttpRequest, pk: int) -> Any:
    """Return the record to print and leave a trace of it. Raises PermissionDenied and Http404."""
    record = site.get_object(request, str(pk))
    if not site.has_view_permission(request, record):
        raise PermissionDenied
    if record is None:
        raise Http404
    audit.record("authorization printed", record, actor=request.user, address=address_of(request))
    return record


@admin.register(Authorization)
class AuthorizationAdmin(Watched, admin.ModelAdmin):
    """Find what a member agreed to by its confirmation number, and print it."""

    list_display = ["confirmation", "accepted_at", "version", "language"]
    list_select_related = ["payment"]
    ordering = ["-pk"]
    search_fields = ["payment__reference"]
    search_help_text = "Confirmation number"
    fields = ["confirmation", "text", "version", "language", "accepted_at", "address", "user_agent", "paper"]
    readonly_fields = ["confirmation", "paper"]

    @admin.display(description="confirmation number", ordering="payment__reference")
    def confirmation(self, record: Authorization) -> str:
        return spaced(record.payment.reference)

    @admin.display(description="as PDF")
    def paper(self, record: Authorization) -> SafeString:
        return link_to_paper("authorization", record)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Authorization], search_term: str
    ) -> tuple[QuerySet[Authorization], bool]:
        return super().get_search_results(request, queryset, clean_reference(search_term) or search_term)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.show_paper)
        return [path("<int:pk>/pdf/", view, name="payments_authorization_pdf"), *super().get_urls()]

    def show_paper(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All that was agreed to for the payment of this record, as its member can keep it. Audited."""
        record = kept_by(self, request, pk)
        return pdf.answer(
            request, authorizations.of_payment(record.payment, selectors.authorizations_of(record.payment))
        )
