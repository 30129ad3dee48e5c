"""What is told to the agency's accounting: dated lines, written when money moves, never changed."""

from django.db import models
from django.db.models import Q

from payments.models.payment import Payment


class Posting(models.Model):
    """One bill part of one movement of money. The database itself refuses to change or delete a row.

    All that a line of the remittance says is kept here as it was, so that a day's file is the same for ever.
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment"
        RETURN = "return"
        REFUND = "refund"
        DISPUTE = "dispute"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="postings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    cause = models.CharField(max_length=80, help_text="what moved the money; the same cause is posted once")
    position = models.PositiveSmallIntegerField(help_text="of the part in its cause, from 1")
    household_number = models.CharField(max_length=40)
    bill_number = models.CharField(max_length=40, blank=True, help_text="empty: credit of the household")
    method = models.CharField(max_length=10)
    amount_cents = models.BigIntegerField(help_text="below zero for money that went back")
    posted_at = models.DateTimeField()
    day_on = models.DateField(help_text="Eastern")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["day_on", "id"], name="posting_day")]
        constraints = [
            models.UniqueConstraint(fields=["cause", "position"], name="one_posting_a_cause"),
            models.CheckConstraint(condition=~Q(amount_cents=0), name="posting_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.position}"
