"""Everything that changes a payment."""

from payments.services.applying import apply_intent, refresh
from payments.services.attention import raise_attention, resolve_attention
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
from payments.services.events import file_notice, replay, work_off
from payments.services.keeping import purge_authorizations
from payments.services.moving import move
from payments.services.outage import is_out
from payments.services.posting import wait_for_postings
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
from payments.services.starting import AmountRefused, CannotUse, attach_token, start
from payments.services.submitting import (
    Agreement,
    GatewayBusy,
    NotSent,
    OnItsWay,
    Outage,
    ReviewedDiffers,
    TooManyTries,
    TryLater,
    split_now,
    submit,
)
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
    "Agreement",
    "AmountRefused",
    "CancelUnknown",
    "CannotReconcile",
    "CannotUse",
    "GatewayBusy",
    "NotSent",
    "OnItsWay",
    "OtherDeposits",
    "Outage",
    "RefundRefused",
    "Result",
    "ReviewedDiffers",
    "ToldTooOften",
    "TooLate",
    "TooManyTries",
    "TryLater",
    "apply_dispute",
    "apply_intent",
    "apply_refund",
    "approve_refund",
    "attach_token",
    "cancel",
    "count_refused",
    "decline_refund",
    "drop_unfinished",
    "file_notice",
    "follow_dispute",
    "follow_refund",
    "is_out",
    "move",
    "purge_authorizations",
    "raise_attention",
    "reconcile",
    "refresh",
    "refunded_cents",
    "remind_of_deposits",
    "replay",
    "request_refund",
    "resolve",
    "resolve_attention",
    "resolve_refund",
    "send_refund",
    "split_now",
    "start",
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
