"""The pages of paying."""

from payments.views.account import account, account_export, find
from payments.views.autopay import autopay, cancel_autopay, draw, enroll
from payments.views.canceling import cancel
from payments.views.deposits import verify
from payments.views.documents import agreement_pdf, authorization_pdf, receipt_pdf
from payments.views.history import export, history
from payments.views.methods import methods, remove_method
from payments.views.missing import missing
from payments.views.paying import details, new, review
from payments.views.proving import proof, prove, type_proof
from payments.views.standing import authorization, returned, status

__all__ = [
    "account",
    "account_export",
    "agreement_pdf",
    "authorization",
    "authorization_pdf",
    "autopay",
    "cancel",
    "cancel_autopay",
    "details",
    "draw",
    "enroll",
    "export",
    "find",
    "history",
    "methods",
    "missing",
    "new",
    "proof",
    "prove",
    "receipt_pdf",
    "remove_method",
    "returned",
    "review",
    "status",
    "type_proof",
    "verify",
]
