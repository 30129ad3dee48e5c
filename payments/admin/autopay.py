"""Autopay as support sees it: who turned it on, what was agreed to, and every draw. Nothing to be changed by hand."""

from django.contrib import admin

from accounts.admin import Watched
from payments.models import AutopayAgreement, AutopayDraw, AutopayEnrollment


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
    inlines = [AutopayAgreementInline, AutopayDrawInline]
