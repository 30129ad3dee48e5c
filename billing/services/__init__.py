"""What can be done to bills and their money, taking in the agency's files, and the cases about them."""

from billing.services.adjustments import HEADER as ADJUSTMENT_HEADER
from billing.services.adjustments import import_adjustments
from billing.services.attachments import CleanFile, FileRefused, clean_file
from billing.services.attachments import forget_lost as forget_lost_files
from billing.services.attachments import opened as opened_attachment
from billing.services.cases import (
    About,
    CaseOver,
    Wish,
    answer_case,
    can_be_answered,
    open_case,
    purge_cases,
    reply_to_case,
)
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
    "About",
    "AlreadyOnItsWay",
    "CaseOver",
    "CleanFile",
    "FileRefused",
    "Split",
    "TooMuch",
    "Wish",
    "answer_case",
    "can_be_answered",
    "clean_file",
    "dispute",
    "forget_lost_files",
    "hold",
    "import_adjustments",
    "import_bills",
    "is_still_due",
    "lock_household",
    "move_excess",
    "open_case",
    "opened_attachment",
    "purge_cases",
    "reinstate",
    "release",
    "reply_to_case",
    "restore",
    "reverse",
    "send_reminders",
    "settle",
    "take_up",
    "taken_care_of",
    "tell_of_new_bills",
    "wait",
]
