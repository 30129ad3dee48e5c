"""Autopay as support sees it: who turned it on, what was agreed to, and every draw. Nothing to be changed by hand."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from accounts.admin import Watched
from payments import authorizations
from payments.admin.proof import kept_by, link_to_paper
from payments.models import AutopayAgreement, AutopayDraw, AutopayEnrollment
from portal.shared import pdf


class AutopayAgreementInline(Watched, admin.StackedInline):
    """What was agreed to."""

    model = AutopayAgreement


class AutopayDrawInline(Watched, admin.TabularInline):
    """What was announced, and what became of it."""

    model = AutopayDraw
    fields = ["bill", "amount_cents", "draw_on", "status", "drop_reason", "notices", "payment"]
    extra = 0


@admin.register(AutopayEnrollment)
class AutopayEnrollmentAdmin(Watched, admin.ModelAdmin):
    """Autopay by its owner."""

    list_display = ["reference", "user", "saved_method", "started_at", "ended_at", "end_reason"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter), "end_reason"]
    list_select_related = ["user", "saved_method"]
    search_fields = ["reference", "user__username", "user__email"]
    readonly_fields = ["paper"]
    inlines = [AutopayAgreementInline, AutopayDrawInline]

    @admin.display(description="what was agreed to, as PDF")
    def paper(self, enrollment: AutopayEnrollment) -> SafeString | str:
        return link_to_paper("autopayenrollment", enrollment) if hasattr(enrollment, "agreement") else "-"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.show_paper)
        return [path("<int:pk>/pdf/", view, name="payments_autopayenrollment_pdf"), *super().get_urls()]

    def show_paper(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What its owner agreed to, as they can keep it. Audited."""
        enrollment = kept_by(self, request, pk)
        if not hasattr(enrollment, "agreement"):
            raise Http404
        return pdf.answer(request, authorizations.of_autopay(enrollment))
