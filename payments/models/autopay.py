"""Autopay: who turned it on, what they agreed to, and each draw that it plans and makes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Household
from billing.models import Bill
from payments.models.methods import SavedMethod
from payments.models.payment import Payment
from portal.shared.references import new_reference


class AutopayEnrollment(models.Model):
    """One log-in's wish that a household's bills are drawn from a saved method, from its start to its end."""

    class End(models.TextChoices):
        MEMBER = "member"
        REMOVED = "removed"
        RETURNED = "returned"
        DETACHED = "detached"
        BLOCKED = "blocked"
        MANDATE = "mandate"
        DISPUTED = "disputed"
        EXPIRED = "expired"
        ROSTER = "roster"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    saved_method = models.ForeignKey(SavedMethod, models.PROTECT, related_name="enrollments")
    reference = models.CharField(max_length=16, unique=True, default=new_reference, help_text="in the draws' keys")
    days_before = models.PositiveSmallIntegerField(default=0, help_text="bank days before the due date")
    limit_cents = models.BigIntegerField(null=True, blank=True, help_text="the most that one draw may be")
    language = models.CharField(max_length=10, default="en")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=End.choices, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=Q(ended_at=None), name="one_autopay_a_household"),
            models.CheckConstraint(
                condition=Q(limit_cents=None) | Q(limit_cents__gt=0), name="autopay_limit_above_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"autopay {self.reference}"


class AutopayAgreement(models.Model):
    """What a member agreed to when turning autopay on, as it was shown. The database refuses to change a row."""

    enrollment = models.OneToOneField(AutopayEnrollment, models.PROTECT, related_name="agreement")
    text = models.TextField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)

    @property
    def language_name(self) -> str:
        """The language in which the text was shown."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    def __str__(self) -> str:
        return f"agreement to autopay {self.enrollment_id}"


class AutopayDraw(models.Model):
    """One payment that autopay announced: of one bill, with the amount and day that the member was told."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        SKIPPED = "skipped"  # by the member
        DROPPED = "dropped"  # not needed, or not allowed
        DRAWN = "drawn"  # its payment was begun; how that went is the payment's own story

    class Drop(models.TextChoices):
        NOTHING_DUE = "nothing due"
        ON_ITS_WAY = "on its way"
        ABOVE_LIMIT = "above limit"
        ENDED = "ended"

    enrollment = models.ForeignKey(AutopayEnrollment, models.PROTECT, related_name="draws")
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="+")
    try_number = models.PositiveSmallIntegerField(default=1)
    reference = models.CharField(max_length=16, unique=True, default=new_reference, help_text="its number in addresses")
    amount_cents = models.BigIntegerField(help_text="as announced")
    draw_on = models.DateField(help_text="Eastern day, as announced")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    drop_reason = models.CharField(max_length=20, choices=Drop.choices, blank=True)
    notices = models.PositiveSmallIntegerField(default=1, help_text="how often it was announced, each time anew")
    noticed_at = models.DateTimeField(default=timezone.now)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="draw")

    class Meta:
        ordering = ["draw_on", "pk"]
        indexes = [models.Index(fields=["draw_on"], name="draw_planned", condition=Q(status="planned"))]
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "bill", "try_number"], name="one_draw_a_try"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="draw_above_zero"),
            models.CheckConstraint(condition=~Q(status="drawn") | Q(payment__isnull=False), name="drawn_has_payment"),
        ]

    def __str__(self) -> str:
        return f"draw {self.reference}"
