"""Everything that changes a payment."""

from payments.services.applying import apply_intent, refresh
from payments.services.attention import raise_attention, resolve_attention
from payments.services.deposits import (
    OtherDeposits,
    ToldTooOften,
    remind_of_deposits,
    tell_deposits,
    tries_left,
    waits_for_deposits,
)
from payments.services.disputes import apply_dispute
from payments.services.events import file_notice, work_off
from payments.services.keeping import purge_authorizations
from payments.services.moving import move
from payments.services.posting import wait_for_postings
from payments.services.reconciling import PARTS, CannotReconcile, Result, reconcile
from payments.services.starting import AmountRefused, CannotUse, attach_token, start
from payments.services.submitting import (
    Agreement,
    NotSent,
    OnItsWay,
    ReviewedDiffers,
    TooManyTries,
    TryLater,
    split_now,
    submit,
)
from payments.services.sweeping import drop_unfinished, resolve, sweep_processing, sweep_stalled

__all__ = [
    "PARTS",
    "Agreement",
    "AmountRefused",
    "CannotReconcile",
    "CannotUse",
    "NotSent",
    "OnItsWay",
    "OtherDeposits",
    "Result",
    "ReviewedDiffers",
    "ToldTooOften",
    "TooManyTries",
    "TryLater",
    "apply_dispute",
    "apply_intent",
    "attach_token",
    "drop_unfinished",
    "file_notice",
    "move",
    "purge_authorizations",
    "raise_attention",
    "reconcile",
    "refresh",
    "remind_of_deposits",
    "resolve",
    "resolve_attention",
    "split_now",
    "start",
    "submit",
    "sweep_processing",
    "sweep_stalled",
    "tell_deposits",
    "tries_left",
    "wait_for_postings",
    "waits_for_deposits",
    "work_off",
]
