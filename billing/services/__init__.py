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
from billing.services.new_bills import tell_of_new_bills
from billing.services.reminders import is_still_due, send_reminders, taken_care_of

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
    "is_still_due",
    "lock_household",
    "move_excess",
    "reinstate",
    "release",
    "restore",
    "reverse",
    "send_reminders",
    "settle",
    "take_up",
    "taken_care_of",
    "tell_of_new_bills",
    "wait",
]
