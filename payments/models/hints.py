"""What the gateway told us."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class GatewayEvent(models.Model):
    """A hint from the gateway, filed once. Only ids are kept; the object is asked for when it is worked off."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        DONE = "done"
        IGNORED = "ignored"
        DEAD = "dead"

    event_id = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    livemode = models.BooleanField()
    api_version = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="event_waiting", condition=Q(status="received"))]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
