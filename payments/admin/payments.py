"""Payments: found by whatever a caller can name, with timeline and proof."""

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin import Watched, household_finders, page_of_one, people_found
from payments import notices
from payments.admin import money_back
from payments.admin.refunds import DisputeInline, PayoutEntryInline, RefundInline
from payments.models import Authorization, Payment, PaymentEvent, Receipt
from payments.states import Status
from portal.shared import audit
from portal.shared.middleware import address_of
from portal.shared.money import usd
from portal.shared.references import clean_reference, spaced


class PaymentEventInline(Watched, admin.TabularInline):
    """The payment's steps."""

    model = PaymentEvent
    extra = 0
    verbose_name_plural = "timeline"


class ReceiptInline(Watched, admin.StackedInline):
    """The proof."""

    model = Receipt


class AuthorizationInline(Watched, admin.StackedInline):
    """What the member agreed to."""

    model = Authorization
    show_change_link = True


@admin.register(Payment)
class PaymentAdmin(Watched, admin.ModelAdmin):
    """Find a payment by confirmation number, member, username, email or gateway id."""

    list_display = ["confirmation", "amount", "method", "status", "submitted_at", "payer_link"]
    list_filter = ["status", "method", ("submitted_at", admin.DateFieldListFilter)]
    list_select_related = ["payer__member"]
    search_fields = ["reference"]
    search_help_text = "Confirmation number, MassHealth ID, name, username, email or gateway id"
    exclude = ["token", "action_url"]
    inlines = [
        PaymentEventInline,
        RefundInline,
        DisputeInline,
        PayoutEntryInline,
        ReceiptInline,
        AuthorizationInline,
    ]
    actions = ["send_again", "refund"]

    @admin.display(description="confirmation number", ordering="reference")
    def confirmation(self, payment: Payment) -> str:
        return spaced(payment.reference)

    @admin.display(ordering="amount_cents")
    def amount(self, payment: Payment) -> str:
        return usd(payment.amount_cents)

    @admin.display(description="payer")
    def payer_link(self, payment: Payment) -> SafeString:
        address = reverse("admin:accounts_user_change", args=[payment.payer_id])
        return format_html('<a href="{}">{}</a>', address, payment.payer)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        term = search_term.strip()
        reference = clean_reference(term)
        if reference or not term:
            return (queryset.filter(reference=reference) if reference else queryset), False
        households = people_found(term).values("household")
        return queryset.filter(Q(household__in=households) | Q(intent_id=term) | Q(charge_id=term)), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/refund/", wrap(self.refund_view), name="payments_payment_refund"),
            path("<int:pk>/cancel/", wrap(self.cancel_view), name="payments_payment_cancel"),
            *super().get_urls(),
        ]

    def refund_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        money_back.allowed(request, "refund_payment")
        return money_back.refund_page(request, get_object_or_404(Payment, pk=pk))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        money_back.allowed(request, "cancel_payment")
        return money_back.cancel_page(request, get_object_or_404(Payment, pk=pk))

    @admin.action(description="Refund", permissions=["refund"])
    def refund(self, request: HttpRequest, queryset: QuerySet[Payment]) -> HttpResponse | None:
        """Lead to the page that asks how much and why, and shows what will happen."""
        if queryset.count() == 1:
            return redirect("admin:payments_payment_refund", queryset.get().pk)
        self.message_user(request, "Choose one payment to refund.", messages.ERROR)
        return None

    def has_refund_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.refund_payment")

    @admin.action(description="Send the receipt again", permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Payment]) -> HttpResponse | None:
        for payment in queryset.select_related("payer"):
            if payment.status != Status.PAID:
                self.message_user(request, f"{spaced(payment.reference)} is not paid: no receipt.", messages.ERROR)
                continue
            notices.tell(payment, "paid", again=timezone.now().isoformat(timespec="seconds"))
            audit.record("receipt sent again", payment, actor=request.user, address=address_of(request))
            self.message_user(request, f"The receipt of {spaced(payment.reference)} is on its way.")
        return page_of_one(queryset)

    def page_actions(self, subject: Payment) -> list[str]:
        return ["send_again"] if subject.status == Status.PAID else []

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.send_receipt_again")


def _households_paying(term: str) -> list[int]:
    """Find the household of a confirmation number, for the searches of the rooms below."""
    reference = clean_reference(term)
    return list(Payment.objects.filter(reference=reference or "").values_list("household_id", flat=True))


household_finders.append(_households_paying)
