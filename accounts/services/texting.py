"""What members text back, and addresses that turn out to be dead."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.notifying import start_texts, stop_texts

STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"}
START = {"START", "YES", "UNSTOP"}


def answer_text(*, number: str, words: str) -> str:
    """Do what someone asked by text from a number (E.164) and return our answer; empty where Twilio answers itself."""
    word = words.strip(" .!\n").upper()
    if word in STOP:
        stop_texts(number)
        return ""
    if word in START:
        start_texts(number)
        return ""
    owner = User.objects.filter(phone=number, is_active=True).first() if number else None
    with override(owner.language if owner else "en"):
        text = _("For help call %(phone)s. Nobody reads texts sent here. Reply STOP to end texts.")
        return f"{settings.TEXT_NAME}: {text % {'phone': settings.SUPPORT_PHONE}}"


def note_dead_address(*, channel: str, address: str) -> int:
    """Note that nothing arrives at an address, for everyone who has it now; return how many that are.

    A new or confirmed address ends it by itself (User.is_email_dead, User.is_phone_dead).
    """
    now = timezone.now()
    if channel == "text":
        return User.objects.filter(phone=address).update(phone_failed_at=now)
    return User.objects.filter(email__iexact=address).update(email_failed_at=now)
