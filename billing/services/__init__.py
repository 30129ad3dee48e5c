"""What can be done to bills and their money: the four words for payments (credits), and taking in bills (imports)."""

from billing.services.credits import (
    AlreadyOnItsWay,
    Split,
    TooMuch,
    hold,
    lock_household,
    move_excess,
    release,
    reverse,
    settle,
    take_up,
)
from billing.services.imports import HEADER as BILL_HEADER
from billing.services.imports import import_bills

__all__ = [
    "BILL_HEADER",
    "AlreadyOnItsWay",
    "Split",
    "TooMuch",
    "hold",
    "import_bills",
    "lock_household",
    "move_excess",
    "release",
    "reverse",
    "settle",
    "take_up",
]
