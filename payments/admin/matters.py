"""What waits for a person, and what the gateway told us."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin import Watched
from payments.models import AttentionItem, GatewayEvent
from payments.services import replay, resolve_attention
from payments.tasks import work_off_event
from portal.shared.middleware import address_of
from portal.shared.tasks import after_commit


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
    actions = ["try_again"]

    @admin.action(description="Try again", permissions=["replay"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[GatewayEvent]) -> None:
        for event in queryset:
            if replay(event=event, actor=request.user, address=address_of(request)):
                after_commit(work_off_event, event.pk)
                self.message_user(request, f"{event} is tried again.")
            else:
                self.message_user(request, f"{event} was not given up: nothing to do.", messages.WARNING)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("payments.resolve_attention")
