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
from payments.services.events import file_notice, replay, work_off
from payments.services.keeping import purge_authorizations
from payments.services.moving import move
from payments.services.outage import is_out
from payments.services.pulse import take_pulse
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
from payments.services.sweeping import UNFINISHED_AFTER, drop_unfinished, resolve

__all__ = [
    "UNFINISHED_AFTER",
    "Agreement",
    "AmountRefused",
    "CannotUse",
    "GatewayBusy",
    "NotSent",
    "OnItsWay",
    "OtherDeposits",
    "Outage",
    "ReviewedDiffers",
    "ToldTooOften",
    "TooManyTries",
    "TryLater",
    "apply_dispute",
    "apply_intent",
    "attach_token",
    "count_refused",
    "drop_unfinished",
    "file_notice",
    "is_out",
    "move",
    "purge_authorizations",
    "raise_attention",
    "refresh",
    "remind_of_deposits",
    "replay",
    "resolve",
    "resolve_attention",
    "split_now",
    "start",
    "submit",
    "take_pulse",
    "tell_deposits",
    "tries_left",
    "waits_for_deposits",
    "work_off",
]
