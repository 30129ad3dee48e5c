"""Refunds, disputes and payouts as staff see them: on their payment, and those that wait for a second person."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin import Watched
from payments.admin import money_back
from payments.models import Dispute, PayoutEntry, Refund
from payments.states import RefundStatus
from portal.shared.money import usd
from portal.shared.references import spaced


class RefundInline(Watched, admin.TabularInline):
    """What was sent back of a payment, or waits."""

    model = Refund
    fields = readonly_fields = (
        *("amount", "status", "reason", "requested_by", "approved_by", "created_at", "sent_at", "ended_at"),
        *("failure_code", "gateway_id", "decide"),
    )

    @admin.display
    def amount(self, refund: Refund) -> str:
        return usd(refund.amount_cents)

    @admin.display(description="")
    def decide(self, refund: Refund) -> SafeString | str:
        return decide_link(refund)


class PayoutEntryInline(Watched, admin.TabularInline):
    """The lines of the gateway's payouts that are about a payment, with the fees that it kept."""

    model = PayoutEntry
    verbose_name_plural = "payout lines"
    fields = readonly_fields = ("kind", "amount", "fee", "payout_id", "entry_id", "booked_at")

    @admin.display
    def amount(self, entry: PayoutEntry) -> str:
        return usd(entry.amount_cents)

    @admin.display(description="gateway's fee")
    def fee(self, entry: PayoutEntry) -> str:
        return usd(entry.fee_cents)


class DisputeInline(Watched, admin.TabularInline):
    """What banks took back of a payment, or look into."""

    model = Dispute
    fields = readonly_fields = (
        *("kind", "status", "amount", "fee", "reason", "is_withdrawn", "opened_at", "closed_at", "gateway_id"),
    )

    @admin.display
    def amount(self, dispute: Dispute) -> str:
        return usd(dispute.amount_cents)

    @admin.display(description="gateway's fee")
    def fee(self, dispute: Dispute) -> str:
        return usd(dispute.fee_cents)


@admin.register(Refund)
class RefundAdmin(Watched, admin.ModelAdmin):
    """All refunds; the filter *requested* shows those that wait for a second person."""

    list_display = ["created_at", "confirmation", "amount", "status", "requested_by", "approved_by", "decide"]
    list_filter = ["status"]
    list_select_related = ["payment", "requested_by", "approved_by"]
    ordering = ["-pk"]
    search_fields = ["=payment__reference", "=gateway_id"]
    search_help_text = "Confirmation number without hyphens, or gateway id"

    @admin.display(description="confirmation number")
    def confirmation(self, refund: Refund) -> str:
        return spaced(refund.payment.reference)

    @admin.display(ordering="amount_cents")
    def amount(self, refund: Refund) -> str:
        return usd(refund.amount_cents)

    @admin.display(description="")
    def decide(self, refund: Refund) -> SafeString | str:
        return decide_link(refund)

    def get_urls(self) -> list[URLPattern]:
        address = path("<int:pk>/decide/", self.admin_site.admin_view(self.decide_view), name="payments_refund_decide")
        return [address, *super().get_urls()]

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        money_back.allowed(request, "approve_refund")
        refund = get_object_or_404(Refund.objects.select_related("payment", "requested_by"), pk=pk)
        return money_back.decide_page(request, refund)


@admin.register(Dispute)
class DisputeAdmin(Watched, admin.ModelAdmin):
    """All disputes, returns and inquiries."""

    list_display = ["opened_at", "payment", "kind", "status", "fee", "reason", "closed_at"]
    list_filter = ["kind", "status"]
    list_select_related = ["payment"]
    ordering = ["-pk"]
    search_fields = ["=payment__reference", "=gateway_id"]

    @admin.display(description="gateway's fee", ordering="fee_cents")
    def fee(self, dispute: Dispute) -> str:
        return usd(dispute.fee_cents)


def decide_link(refund: Any) -> SafeString | str:
    """Lead to the page on which a waiting refund is approved or declined."""
    if refund.status != RefundStatus.REQUESTED:
        return ""
    return format_html('<a href="{}">Decide</a>', reverse("admin:payments_refund_decide", args=[refund.pk]))
