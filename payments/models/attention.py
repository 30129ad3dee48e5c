"""What waits for a person."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from payments.models.payment import Payment


class AttentionItem(models.Model):
    """Something that only a person may decide, in the staff's queue until one has."""

    key = models.CharField(max_length=150, unique=True, help_text="the same matter is queued once")
    kind = models.CharField(max_length=40)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="attention_items")
    detail = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-created_at"]
        permissions = [("resolve_attention", "Can resolve what waits for a person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
