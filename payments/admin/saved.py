"""What members saved for later: support sees that it is there and why it fails, and changes nothing."""

from django.contrib import admin

from accounts.admin import Watched
from payments.models import SavedMethod


@admin.register(SavedMethod)
class SavedMethodAdmin(Watched, admin.ModelAdmin):
    """Saved cards and accounts, by their owner."""

    list_display = ["__str__", "user", "status", "problem", "expires_on", "created_at", "changed_at"]
    list_filter = ["status", "problem", "method"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__email", "gateway_id"]
