"""The pages of paying."""

from payments.views.canceling import cancel
from payments.views.deposits import verify
from payments.views.history import export, history
from payments.views.paying import details, new, review
from payments.views.standing import authorization, returned, status

__all__ = ["authorization", "cancel", "details", "export", "history", "new", "returned", "review", "status", "verify"]
