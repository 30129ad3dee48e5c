"""What support sees of bills and their money, and the cases that it answers."""

from billing.admin.bills import BillAdmin, CreditAdmin
from billing.admin.cases import CaseAdmin

__all__ = ["BillAdmin", "CaseAdmin", "CreditAdmin"]
