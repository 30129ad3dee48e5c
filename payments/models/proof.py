"""What is kept of a payment as proof: the receipt, and what the member agreed to."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from payments.models.payment import Payment


class Receipt(models.Model):
    """The proof that a payment was received. One a payment, made when it is paid; its facts never change."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField(default=timezone.now)
    amount_cents = models.BigIntegerField()
    split = models.JSONField(help_text="[[bill number or null, cents], ...] as it was placed")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="receipt_above_zero")]

    def __str__(self) -> str:
        return f"receipt of {self.payment_id}"


class Authorization(models.Model):
    """What the member agreed to before a bank account was debited (Nacha, WEB debit): kept as it was shown."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="authorization")
    text = models.TextField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"authorization of {self.payment_id}"
