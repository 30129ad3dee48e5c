"""Bills as the agency set them, every revision kept, the credits placed on them, and the cases about them."""

from billing.models.bills import Adjustment, Bill, BillLine, BillRevision
from billing.models.cases import Case, CaseAttachment, CaseMessage
from billing.models.credits import Credit, CreditQuerySet

__all__ = [
    "Adjustment",
    "Bill",
    "BillLine",
    "BillRevision",
    "Case",
    "CaseAttachment",
    "CaseMessage",
    "Credit",
    "CreditQuerySet",
]
