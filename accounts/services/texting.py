"""What members text back, and addresses that turn out to be dead."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.selectors import users_with_email
from accounts.services.notifying import start_texts, stop_texts
from portal.shared import audit

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
    users = User.objects.filter(phone=address) if channel == "text" else users_with_email(address, open_only=False)
    count = 0
    for user in users if address else []:
        if user.is_phone_dead if channel == "text" else user.is_email_dead:
            continue
        with transaction.atomic():
            facts = {"phone_failed_at" if channel == "text" else "email_failed_at": timezone.now()}
            count += User.objects.filter(pk=user.pk).update(**facts)
            audit.record("address_is_dead", user, channel=channel)
    return count
