"""What members report or ask for, and the conversation about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Household
from billing.models.bills import Bill, BillLine
from portal.shared.references import new_reference


class Case(models.Model):
    """A problem or a request, with a number that can be read over the phone. Nothing in it decides anything.

    Its status changes in billing.services.cases alone.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", "wrong charge"
        PAYMENT = "payment", "missing payment"
        PERSON = "person", "wrong person"
        OTHER = "other", "other"
        WAIVER = "waiver", "hardship waiver request"
        PLAN = "plan", "payment plan request"
        SUSPICIOUS = "suspicious", "suspicious message"

    class Status(models.TextChoices):
        OPEN = "open", "open"  # staff have to answer
        ANSWERED = "answered", "answered"
        WAITING = "waiting", "waiting for the member"
        CLOSED = "closed", "closed"

    class Place(models.TextChoices):
        NONE = "", "-"
        COVERAGE = "coverage", "coverage"
        SECURITY = "security", "security"

    number = models.CharField(max_length=16, unique=True, default=new_reference)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    place = models.CharField(max_length=10, choices=Place.choices, blank=True, help_text="what else it is about")
    bills = models.ManyToManyField(Bill, related_name="+", blank=True, help_text="what it is about")
    line = models.ForeignKey(BillLine, models.PROTECT, null=True, blank=True, related_name="+")
    payment_reference = models.CharField(max_length=16, blank=True, help_text="confirmation number")
    grounds = models.JSONField(default=list, blank=True, help_text="what the member ticked for a waiver")
    plan = models.JSONField(default=list, blank=True, help_text="[[day, cents], ...] that the member asks for")
    form_key = models.UUIDField(
        null=True, editable=False, help_text="of the form and what was typed: sent twice is one"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [("answer_case", "Can answer and close a case")]
        indexes = [
            models.Index(fields=["household", "-created_at", "-id"], name="case_household"),
            models.Index(fields=["status", "changed_at"], name="case_status"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["opened_by", "form_key"], name="one_case_a_form"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) | (~Q(status="closed") & Q(closed_at=None)),
                name="case_end_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.number}"


class CaseMessage(models.Model):
    """One thing that was said in a case. Rows are added, never changed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_staff = models.BooleanField()
    text = models.TextField()
    form_key = models.UUIDField(null=True, editable=False, help_text="as a case's: sent twice is said once")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["case", "-id"], name="case_message_order")]
        constraints = [models.UniqueConstraint(fields=["author", "form_key"], name="one_message_a_form")]

    def __str__(self) -> str:
        return f"message {self.pk}"


class CaseAttachment(models.Model):
    """A file that came with a message, saved anew; its content lies in a folder of our own, its given name nowhere."""

    class Type(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    reference = models.CharField(max_length=16, unique=True, default=new_reference, help_text="its number in addresses")
    message = models.ForeignKey(CaseMessage, models.CASCADE, related_name="attachments")
    content_type = models.CharField(max_length=20, choices=Type.choices)
    size = models.PositiveIntegerField(help_text="bytes")
    stored_name = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_content_type_display()} {self.reference}"

    @property
    def neutral_name(self) -> str:
        """What it is called when it is taken along: nothing of what it was called or shows."""
        return f"file-{self.reference}.{self.get_content_type_display().lower()}"
