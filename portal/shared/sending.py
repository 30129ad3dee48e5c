"""Handing one message that was claimed to the mail server or the text service, and writing down what became of it.

The text service can be asked what it took, so a text goes out exactly once. A mail server cannot: when a worker dies
or the connection breaks after an email was handed over and before the answer is written down, nobody knows whether it
was taken. Then an email of the kinds ONCE_AT_MOST is not sent again, and its row says "unknown": a reminder too few
is better than one too many. Any other is sent again, with the same Message-ID: a confirmation must arrive.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from portal.shared import signals
from portal.shared.models import OutgoingMessage
from portal.shared.quiet_hours import next_allowed
from portal.shared.texting import text_sender
from portal.shared.texting.port import NotNow, NumberRefused, TextSender

log = logging.getLogger(__name__)
MAX_TRIES = 12
# no such handset or subscriber, blocked, a landline, stopped: no later text would arrive either
DEAD_CODES = {"30003", "30004", "30005", "30006", "21610", "21614"}
ONCE_AT_MOST = {"reminder", "new_bill", "policy"}
_Status = OutgoingMessage.Status


def send(message: OutgoingMessage) -> None:
    """Send a claimed message, unless it is of no use any more; whatever happens, the row says so."""
    if message.handed_at:
        _end(message, _Status.UNKNOWN, "cut off")
        return
    allowed_at = next_allowed(timezone.now()) if message.keeps_hours else None
    if allowed_at and allowed_at > timezone.now():
        _wait_until(message, allowed_at)
        return
    if not _is_wanted(message):
        _end(message, _Status.CANCELED)
        return
    try:
        _send_text(message) if message.channel == OutgoingMessage.Channel.TEXT else _send_mail(message)
    except NumberRefused as refusal:
        _refuse(message, str(refusal))
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _ in refusal.recipients.values()]
        if codes and min(codes) >= 500:
            _refuse(message, f"smtp {min(codes)}")
        else:
            _put_back(message, type(refusal).__name__)
    except Exception as error:  # whatever the server or the network did, the row must say so
        reason = str(error) if isinstance(error, NotNow) else type(error).__name__
        log.warning("message %s not sent: %s", message.pk, reason)
        is_answer = isinstance(error, smtplib.SMTPResponseException)  # the server said that it did not take it
        _end(message, _Status.UNKNOWN, reason) if message.handed_at and not is_answer else _put_back(message, reason)


def _wait_until(message: OutgoingMessage, moment: datetime) -> None:
    """Leave it for the morning; that was no try."""
    claimed = OutgoingMessage.objects.filter(pk=message.pk, status=_Status.SENDING)
    claimed.update(status=_Status.WAITING, tries=message.tries - 1, next_try_at=moment)


def _is_wanted(message: OutgoingMessage) -> bool:
    if message.not_after and message.not_after <= timezone.now():
        return False
    answers = signals.about_to_send.send(OutgoingMessage, message=message)
    return all(answer is not False for _, answer in answers)


def _send_mail(message: OutgoingMessage) -> None:
    headers = {"Message-ID": f"<message-{message.pk}@{_host()}>", "Content-Language": message.language}
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        message.subject, message.body_text, settings.DEFAULT_FROM_EMAIL, [message.recipient], headers=headers
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    with get_connection() as mail.connection:  # a server that is away is so before anything was handed over
        _hand_over(message)
        mail.send()
        _end(message, _Status.SENT)


def _hand_over(message: OutgoingMessage) -> None:
    """Write down that from now on nobody can know, unless the answer comes."""
    if message.kind in ONCE_AT_MOST:
        message.handed_at = timezone.now()
        OutgoingMessage.objects.filter(pk=message.pk).update(handed_at=message.handed_at)


def _send_text(message: OutgoingMessage) -> None:
    """Send a text once. The service knows no key of ours: after the first try it is asked what it has, before another.

    A try that was cut off may have been taken; the next one comes half a minute later or more, when the service
    lists what it took. A listed one that belongs to no other row of ours is this one.
    """
    sender = text_sender()
    found = _sent_before(sender, message) if message.tries > 1 else ""
    message.provider_id = found or sender.send(to=message.recipient, body=message.body_text, number=message.pk)
    _end(message, _Status.SENT)


def _sent_before(sender: TextSender, message: OutgoingMessage) -> str:
    listed = sender.sent(to=message.recipient, body=message.body_text, since=message.created_at)
    known = OutgoingMessage.objects.filter(provider_id__in=listed).values_list("provider_id", flat=True)
    return next((one for one in listed if one not in set(known)), "")


def _end(message: OutgoingMessage, status: str, error: str = "", *, is_dead: bool = False) -> None:
    """Write down the end of a claimed message; what our webhook heard meanwhile of its delivery stands.

    Who listens hears of one that may not have arrived, unless the address is a dead one: that is told by itself.
    """
    facts: dict[str, Any] = {"status": status, "error": error, "provider_id": message.provider_id}
    facts["sent_at"] = timezone.now() if status == _Status.SENT else None
    if message.channel == OutgoingMessage.Channel.TEXT:
        facts["body_text"] = ""
    ended = OutgoingMessage.objects.filter(pk=message.pk, status=_Status.SENDING).update(**facts)
    if ended and status in (_Status.UNKNOWN, _Status.FAILED) and not is_dead:
        signals.not_delivered.send(OutgoingMessage, message=message)


def note_delivery(*, message_id: int, provider_id: str, state: str, code: str = "") -> None:
    """Write down what the text service tells of a text that it took: also that it took it, should we not know yet."""
    rows = OutgoingMessage.objects.filter(pk=message_id, channel=OutgoingMessage.Channel.TEXT)
    message = rows.filter(provider_id__in=["", provider_id]).first()
    if message is None:
        return
    is_lost = state in ("failed", "undelivered")
    facts: dict[str, Any] = {"provider_id": provider_id, "body_text": ""}
    facts |= {"status": _Status.FAILED, "error": f"twilio {code}"} if is_lost else {"status": _Status.SENT}
    facts |= {} if message.sent_at else {"sent_at": timezone.now()}
    rows.exclude(status=_Status.FAILED).update(**facts)
    if is_lost and code in DEAD_CODES:
        _tell(message, f"twilio {code}")
    elif is_lost:
        signals.not_delivered.send(OutgoingMessage, message=message)


def _refuse(message: OutgoingMessage, reason: str) -> None:
    """Give up on an address that is a dead one; trying again would not help, and the owner must hear of it."""
    log.warning("message %s refused: %s", message.pk, reason)
    _end(message, _Status.FAILED, reason, is_dead=True)
    _tell(message, reason)


def _tell(message: OutgoingMessage, reason: str) -> None:
    facts = {"channel": message.channel, "address": message.recipient, "reason": reason}
    signals.address_refused.send(OutgoingMessage, **facts)


def _put_back(message: OutgoingMessage, error: str) -> None:
    if message.tries >= MAX_TRIES:
        _end(message, _Status.FAILED, error)
        return
    later = timezone.now() + timedelta(seconds=min(3600, 15 * 2**message.tries))
    claimed = OutgoingMessage.objects.filter(pk=message.pk, status=_Status.SENDING)
    claimed.update(status=_Status.WAITING, error=error, next_try_at=later, handed_at=None)


def _host() -> str:
    return settings.SITE_URL.split("//")[-1].split(":")[0]
