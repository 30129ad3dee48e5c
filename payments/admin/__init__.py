"""What support sees of payments: everything, and nothing of it to be changed by hand."""

from payments.admin.matters import AttentionItemAdmin, GatewayEventAdmin
from payments.admin.payments import PaymentAdmin
from payments.admin.proof import AuthorizationAdmin
from payments.admin.reconciling import ReconciliationFindingAdmin, ReconciliationRunAdmin

__all__ = [
    "AttentionItemAdmin",
    "AuthorizationAdmin",
    "GatewayEventAdmin",
    "PaymentAdmin",
    "ReconciliationFindingAdmin",
    "ReconciliationRunAdmin",
]
