"""What can be done to bills and their money: what payments says to it (credits), and taking in the agency's files."""

from billing.services.adjustments import HEADER as ADJUSTMENT_HEADER
from billing.services.adjustments import import_adjustments
from billing.services.credits import (
    AlreadyOnItsWay,
    Split,
    TooMuch,
    dispute,
    hold,
    lock_household,
    move_excess,
    reinstate,
    release,
    restore,
    reverse,
    settle,
    take_up,
    wait,
)
from billing.services.imports import HEADER as BILL_HEADER
from billing.services.imports import import_bills

__all__ = [
    "ADJUSTMENT_HEADER",
    "BILL_HEADER",
    "AlreadyOnItsWay",
    "Split",
    "TooMuch",
    "dispute",
    "hold",
    "import_adjustments",
    "import_bills",
    "lock_household",
    "move_excess",
    "reinstate",
    "release",
    "restore",
    "reverse",
    "settle",
    "take_up",
    "wait",
]
