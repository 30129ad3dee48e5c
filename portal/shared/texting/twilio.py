"""Text messages by Twilio's plain HTTPS interface (version 2010-04-01)."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from django.conf import settings
from django.urls import reverse

from portal.shared.texting.port import NotNow, NumberRefused

PAGE = 100  # a number gets a few texts a day: one page goes back for weeks
CLOCKS = timedelta(minutes=5)  # by how much Twilio's clock may differ from ours
# to: no number, not reachable from here, no mobile number, a landline; and its owner sent STOP
DEAD = {21211, 21214, 21217, 21407, 21612, 21614, 21635} | {21610}


class TwilioSender:
    """Sends through one account. Never repeats a call by itself: Twilio takes no key that would make it safe.

    A send whose outcome is not known raises NotNow; whoever repeats it asks `sent` first.
    """

    def send(self, *, to: str, body: str, number: int) -> str:
        callback = f"{settings.SITE_URL}{reverse('texting:twilio')}?message={number}"
        facts = {"To": to, "Body": body, "StatusCallback": callback}
        if settings.TWILIO_MESSAGING_SERVICE_SID:
            facts["MessagingServiceSid"] = settings.TWILIO_MESSAGING_SERVICE_SID
        else:
            facts["From"] = settings.TWILIO_FROM
        return str(_ask("POST", data=facts)["sid"])

    def sent(self, *, to: str, body: str, since: datetime) -> list[str]:
        """Ask by number alone: a filter by day would leave out those that are still queued."""
        listed = _ask("GET", params={"To": to, "PageSize": PAGE})["messages"]
        return [one["sid"] for one in listed if one["body"] == body and _created_at(one) >= since - CLOCKS]


def _ask(method: str, **facts: Any) -> dict[str, Any]:
    account = settings.TWILIO_ACCOUNT_SID
    url = f"{settings.TWILIO_API_BASE}/2010-04-01/Accounts/{account}/Messages.json"
    auth = (account, settings.TWILIO_AUTH_TOKEN)
    try:
        answer = requests.request(method, url, auth=auth, timeout=settings.TEXT_TIMEOUT, allow_redirects=False, **facts)
        said = answer.json()
        if not isinstance(said, dict):
            raise NotNow("answer")
        if answer.status_code in (200, 201):
            return said
    except (requests.RequestException, ValueError) as error:
        raise NotNow(type(error).__name__) from None  # the error's own text would name the account
    code = said.get("code")
    if answer.status_code == 400 and code in DEAD:
        raise NumberRefused(f"twilio {code}")
    raise NotNow(f"twilio {answer.status_code} {code}")


def _created_at(message: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(message["date_created"])
