"""What members agreed to, for support to read and print."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin import Watched
from payments import receipts
from payments.models import Authorization
from portal.shared import audit
from portal.shared.middleware import address_of
from portal.shared.references import clean_reference, spaced


@admin.register(Authorization)
class AuthorizationAdmin(Watched, admin.ModelAdmin):
    """Find what a member agreed to by its confirmation number, and print it."""

    list_display = ["confirmation", "accepted_at", "version", "language"]
    list_select_related = ["payment"]
    ordering = ["-pk"]
    search_fields = ["payment__reference"]
    search_help_text = "Confirmation number"
    fields = ["confirmation", "text", "version", "language", "accepted_at", "address", "user_agent", "to_print"]
    readonly_fields = ["confirmation", "to_print"]

    @admin.display(description="confirmation number", ordering="payment__reference")
    def confirmation(self, record: Authorization) -> str:
        return spaced(record.payment.reference)

    @admin.display(description="print")
    def to_print(self, record: Authorization) -> SafeString:
        address = reverse("admin:payments_authorization_print", args=[record.pk])
        return format_html('<a href="{}">Page to print</a>', address)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Authorization], search_term: str
    ) -> tuple[QuerySet[Authorization], bool]:
        return super().get_search_results(request, queryset, clean_reference(search_term) or search_term)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.print_page)
        return [path("<int:pk>/print/", view, name="payments_authorization_print"), *super().get_urls()]

    def print_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show one authorization alone on its page. Audited."""
        record: Any = self.get_object(request, str(pk))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is None:
            raise Http404
        audit.record("authorization printed", record, actor=request.user, address=address_of(request))
        context = self.admin_site.each_context(request) | {
            "title": f"Authorization {self.confirmation(record)}",
            "record": record,
            "facts": receipts.facts(record.payment),
            "is_popup": True,  # nothing around it
            "is_nav_sidebar_enabled": False,
        }
        return TemplateResponse(request, "admin/print_authorization.html", context)
