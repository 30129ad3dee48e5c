"""What is kept of a payment as proof: the receipt, and what the member agreed to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from payments.models.payment import Payment
from portal.shared.references import new_proof_code


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


class ProofCode(models.Model):
    """A code with which anyone who is shown it sees that a payment is real. The member can end it at any time."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="proof_codes")
    code = models.CharField(max_length=20, unique=True, default=new_proof_code)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment"], condition=Q(revoked_at=None), name="one_proof_code_a_payment")
        ]

    def __str__(self) -> str:
        return f"proof code {self.pk}"


class Authorization(models.Model):
    """What a member agreed to before a bank account was debited (Nacha, WEB debit), as it was shown.

    One row each time that the member agreed; the newest is the one in force. The database refuses to change a row,
    and to delete it before it was kept for two years after the payment's end.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="authorizations")
    text = models.TextField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    accepted_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]

    @property
    def language_name(self) -> str:
        """The language in which the text was shown."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    def __str__(self) -> str:
        return f"authorization of {self.payment_id}"
