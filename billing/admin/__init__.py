"""What support sees of bills and their money, and the cases that it answers."""

from billing.admin.bills import BillAdmin, CreditAdmin

__all__ = ["BillAdmin", "CreditAdmin"]
