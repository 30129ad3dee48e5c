"""What waits for a person, and what the gateway told us."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import Watched
from payments.models import AttentionItem, GatewayEvent
from payments.services import resolve_attention
from portal.shared.middleware import address_of


@admin.register(AttentionItem)
class AttentionItemAdmin(Watched, admin.ModelAdmin):
    """What waits for a person."""

    list_display = ["kind", "detail", "payment", "created_at", "resolved_at", "resolved_by"]
    list_filter = [("resolved_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["payment", "resolved_by"]
    actions = ["mark_resolved"]

    @admin.action(description="Mark as resolved", permissions=["resolve"])
    def mark_resolved(self, request: HttpRequest, queryset: QuerySet[AttentionItem]) -> None:
        for item in queryset.filter(resolved_at=None):
            resolve_attention(
                item=item, actor=request.user, resolution="marked as resolved", address=address_of(request)
            )

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.resolve_attention")


@admin.register(GatewayEvent)
class GatewayEventAdmin(Watched, admin.ModelAdmin):
    """What the gateway told us."""

    list_display = ["type", "object_id", "status", "tries", "received_at", "error"]
    list_filter = ["status", "type"]
    search_fields = ["event_id", "object_id"]
