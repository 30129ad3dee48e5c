"""What members text back, and addresses that turn out to be dead."""

from django.utils import timezone

from accounts.models import User


def answer_text(*, number: str, words: str) -> str:
    """Do what someone asked by text from a number (E.164) and return our answer; empty where Twilio answers itself."""
    return ""


def note_dead_address(*, channel: str, address: str) -> int:
    """Note that nothing arrives at an address, for everyone who has it now; return how many that are.

    A new or confirmed address ends it by itself (User.is_email_dead, User.is_phone_dead).
    """
    now = timezone.now()
    if channel == "text":
        return User.objects.filter(phone=address).update(phone_failed_at=now)
    return User.objects.filter(email__iexact=address).update(email_failed_at=now)
