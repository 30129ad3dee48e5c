"""The pages of paying."""

from payments.views.deposits import verify
from payments.views.history import export, history
from payments.views.paying import details, new, review
from payments.views.standing import returned, status

__all__ = ["details", "export", "history", "new", "returned", "review", "status", "verify"]
