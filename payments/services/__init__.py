"""Everything that changes a payment."""

from payments.services.applying import apply_intent, refresh
from payments.services.attention import raise_attention, resolve_attention
from payments.services.bookkeeping import check_books
from payments.services.canceling import CANCELABLE, CancelUnknown, TooLate, cancel
from payments.services.deposits import (
    OtherDeposits,
    ToldTooOften,
    remind_of_deposits,
    tell_deposits,
    tries_left,
    waits_for_deposits,
)
from payments.services.disputes import apply_dispute
from payments.services.drawing import Run, announce, key_of, run_autopay
from payments.services.enrolling import (
    CannotEnroll,
    Consented,
    NotThatDay,
    Wish,
    days_for,
    enroll,
    reschedule,
    skip,
)
from payments.services.enrolling import stop as stop_autopay
from payments.services.events import file_notice, replay, work_off
from payments.services.keeping import purge_authorizations
from payments.services.moving import move
from payments.services.outage import is_out
from payments.services.posting import wait_for_postings
from payments.services.proving import PROVABLE, NothingToProve, end_proof_code, make_proof_code
from payments.services.pulse import take_pulse
from payments.services.reconciling import PARTS, CannotReconcile, Result, reconcile
from payments.services.refunding import (
    RefundRefused,
    apply_refund,
    approve_refund,
    decline_refund,
    refunded_cents,
    request_refund,
    resolve_refund,
    send_refund,
)
from payments.services.refused import count_refused
from payments.services.saving import finish_removal, flag, look_again, look_at_mandate, remove
from payments.services.sending import (
    AlreadyPaid,
    GatewayBusy,
    NotSent,
    OnItsWay,
    Outage,
    ReviewedDiffers,
    TooManyTries,
    TooMuchNow,
    TryLater,
)
from payments.services.starting import AmountRefused, CannotUse, attach_token, start
from payments.services.submitting import Agreement, check_instrument, split_now, submit
from payments.services.sweeping import (
    drop_unfinished,
    follow_dispute,
    follow_refund,
    resolve,
    sweep_disputes,
    sweep_processing,
    sweep_refunds,
    sweep_stalled,
)

__all__ = [
    "CANCELABLE",
    "PARTS",
    "PROVABLE",
    "Agreement",
    "AlreadyPaid",
    "AmountRefused",
    "CancelUnknown",
    "CannotEnroll",
    "CannotReconcile",
    "CannotUse",
    "Consented",
    "GatewayBusy",
    "NotSent",
    "NotThatDay",
    "NothingToProve",
    "OnItsWay",
    "OtherDeposits",
    "Outage",
    "RefundRefused",
    "Result",
    "ReviewedDiffers",
    "Run",
    "ToldTooOften",
    "TooLate",
    "TooManyTries",
    "TooMuchNow",
    "TryLater",
    "Wish",
    "announce",
    "apply_dispute",
    "apply_intent",
    "apply_refund",
    "approve_refund",
    "attach_token",
    "cancel",
    "check_books",
    "check_instrument",
    "count_refused",
    "days_for",
    "decline_refund",
    "drop_unfinished",
    "end_proof_code",
    "enroll",
    "file_notice",
    "finish_removal",
    "flag",
    "follow_dispute",
    "follow_refund",
    "is_out",
    "key_of",
    "look_again",
    "look_at_mandate",
    "make_proof_code",
    "move",
    "purge_authorizations",
    "raise_attention",
    "reconcile",
    "refresh",
    "refunded_cents",
    "remind_of_deposits",
    "remove",
    "replay",
    "request_refund",
    "reschedule",
    "resolve",
    "resolve_attention",
    "resolve_refund",
    "run_autopay",
    "send_refund",
    "skip",
    "split_now",
    "start",
    "stop_autopay",
    "submit",
    "sweep_disputes",
    "sweep_processing",
    "sweep_refunds",
    "sweep_stalled",
    "take_pulse",
    "tell_deposits",
    "tries_left",
    "wait_for_postings",
    "waits_for_deposits",
    "work_off",
]
