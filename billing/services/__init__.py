"""What can be done to bills and their money: the four words for payments (credits), taking in bills and adjustments."""

from billing.services.adjustments import HEADER as ADJUSTMENT_HEADER
from billing.services.adjustments import import_adjustments
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
    "ADJUSTMENT_HEADER",
    "BILL_HEADER",
    "AlreadyOnItsWay",
    "Split",
    "TooMuch",
    "hold",
    "import_adjustments",
    "import_bills",
    "lock_household",
    "move_excess",
    "release",
    "reverse",
    "settle",
    "take_up",
]
