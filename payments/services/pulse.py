"""Asking the gateway, every minute, whether it takes our key and whether our clocks agree."""

from datetime import timedelta

from django.utils import timezone

from payments.gateway import gateway, port
from payments.services.attention import raise_attention
from payments.services.outage import REFUSED, begin_outage, end_outage

MOST_SKEW = timedelta(minutes=2)  # at five, the signatures of the gateway's calls are no longer taken


def take_pulse() -> str:
    """Ask the gateway for its time; stop or take up payments by its answer. Return what is wrong, '' for nothing.

    A clock that is off is a matter for staff, once an hour.
    """
    try:
        theirs = gateway().now()
    except port.NotAllowed as error:
        begin_outage(REFUSED, call="pulse", code=error.code)
        return "the gateway refuses our key"
    except port.GatewayError:
        return "the gateway does not answer"
    end_outage()
    now = timezone.now()
    if abs(theirs - now) <= MOST_SKEW:
        return ""
    wrong = f"our clock is {abs(theirs - now).seconds} seconds {'ahead of' if now > theirs else 'behind'} the gateway's"
    raise_attention(key=f"clock:{now:%Y-%m-%dT%H}", kind="clock differs", detail=wrong)
    return wrong
