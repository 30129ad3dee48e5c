"""Bills as the agency set them, every revision kept, and the credits placed on them."""

from billing.models.bills import Adjustment, Bill, BillLine, BillRevision
from billing.models.credits import Credit, CreditQuerySet

__all__ = ["Adjustment", "Bill", "BillLine", "BillRevision", "Credit", "CreditQuerySet"]
