"""What support sees of payments: everything, and nothing of it to be changed by hand."""

from payments.admin.matters import AttentionItemAdmin, GatewayEventAdmin
from payments.admin.payments import PaymentAdmin
from payments.admin.proof import AuthorizationAdmin
from payments.admin.reconciling import ReconciliationFindingAdmin, ReconciliationRunAdmin
from payments.admin.refunds import DisputeAdmin, RefundAdmin

__all__ = [
    "AttentionItemAdmin",
    "AuthorizationAdmin",
    "DisputeAdmin",
    "GatewayEventAdmin",
    "PaymentAdmin",
    "ReconciliationFindingAdmin",
    "ReconciliationRunAdmin",
    "RefundAdmin",
]
