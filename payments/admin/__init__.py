"""What support sees of payments: everything, and nothing of it to be changed by hand."""

from payments.admin.autopay import AutopayEnrollmentAdmin
from payments.admin.matters import AttentionItemAdmin, GatewayEventAdmin
from payments.admin.payments import PaymentAdmin
from payments.admin.proof import AuthorizationAdmin
from payments.admin.reconciling import ReconciliationFindingAdmin, ReconciliationRunAdmin
from payments.admin.refunds import DisputeAdmin, RefundAdmin
from payments.admin.saved import SavedMethodAdmin

__all__ = [
    "AttentionItemAdmin",
    "AuthorizationAdmin",
    "AutopayEnrollmentAdmin",
    "DisputeAdmin",
    "GatewayEventAdmin",
    "PaymentAdmin",
    "ReconciliationFindingAdmin",
    "ReconciliationRunAdmin",
    "RefundAdmin",
    "SavedMethodAdmin",
]
