"""How members can be reached: what changed, what waits for proof, and what the agency was handed."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class ContactKind(models.TextChoices):
    """What a member can change."""

    EMAIL = "email", _("Email address")
    PHONE = "phone", _("Phone number")
    ADDRESS = "address", _("Mailing address")
    LANGUAGE = "language", _("Language")
    LARGE_PRINT = "large_print", _("Large print")


CONTACT_FIELDS = {
    ContactKind.EMAIL: ("email",),
    ContactKind.PHONE: ("phone", "phone_is_mobile"),
    ContactKind.ADDRESS: (
        *("address_line1", "address_line2", "city", "state", "zip_code"),
        *("address_abroad", "country"),
    ),
    ContactKind.LANGUAGE: ("language",),
    ContactKind.LARGE_PRINT: ("large_print",),
}


class ContactChange(models.Model):
    """One change from the moment on which it counts. Rows are added, never changed: the database refuses it.

    `old` and `new` hold the fields of the kind as CONTACT_FIELDS names them. `proved_at` is empty where no proof is
    asked for.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="contact_changes")
    kind = models.CharField(max_length=12, choices=ContactKind.choices)
    old = models.JSONField()
    new = models.JSONField()
    asked_at = models.DateTimeField()
    asked_from = models.GenericIPAddressField(null=True, blank=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    proved_from = models.GenericIPAddressField(null=True, blank=True)
    counts_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="contact_change_user")]

    def __str__(self) -> str:
        return f"{self.kind} change {self.pk}"


class PendingContact(models.Model):
    """A new email address or phone number that waits for proof; the old one stays in force until then.

    `digest` is the keyed hash of the secret that was sent and of the password at that moment, so that a new password
    ends what an intruder asked for.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="pending_contacts")
    kind = models.CharField(max_length=12, choices=ContactKind.choices)
    value = models.CharField(max_length=254)
    is_mobile = models.BooleanField(default=False)
    is_by_text = models.BooleanField(default=False, help_text="the code goes to the number itself, else by email")
    asked_at = models.DateTimeField(default=timezone.now)
    asked_from = models.GenericIPAddressField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_pending_contact_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=["email", "phone"]), name="pending_contact_kind"),
        ]

    def __str__(self) -> str:
        return f"pending {self.kind} {self.pk}"


class ContactBatch(models.Model):
    """Changes that are handed to the agency together. What is in it is settled before the file is written."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True, help_text="when a file was first complete; until then it is due")

    class Meta:
        verbose_name_plural = "contact batches"

    def __str__(self) -> str:
        return f"batch {self.number}"


class ContactHandOver(models.Model):
    """The one batch that a change went into."""

    change = models.OneToOneField(ContactChange, models.PROTECT, primary_key=True, related_name="hand_over")
    batch = models.ForeignKey(ContactBatch, models.PROTECT, related_name="hand_overs")

    def __str__(self) -> str:
        return f"{self.change_id} in batch {self.batch_id}"
