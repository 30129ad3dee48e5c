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
from payments.services.sweeping import UNFINISHED_AFTER, drop_unfinished, resolve

__all__ = [
    "UNFINISHED_AFTER",
    "Agreement",
    "AmountRefused",
    "CannotUse",
    "NotSent",
    "OnItsWay",
    "OtherDeposits",
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
    "refresh",
    "remind_of_deposits",
    "resolve",
    "resolve_attention",
    "split_now",
    "start",
    "submit",
    "tell_deposits",
    "tries_left",
    "waits_for_deposits",
    "work_off",
]
