"""What can be done to the roster and to log-ins."""

from accounts.services.language import keep_language
from accounts.services.recovery import StaleLink, answer, ask, reset_password
from accounts.services.registration import (
    Contact,
    Facts,
    Finding,
    NotOpen,
    UsernameTaken,
    confirm_email,
    find_registrant,
    is_confirmable,
    register,
)
from accounts.services.roster import import_members
from accounts.services.texting import answer_text, note_dead_address
from accounts.services.unlocking import tell_of_locks, unlock

__all__ = [
    "Contact",
    "Facts",
    "Finding",
    "NotOpen",
    "StaleLink",
    "UsernameTaken",
    "answer",
    "answer_text",
    "ask",
    "confirm_email",
    "find_registrant",
    "import_members",
    "is_confirmable",
    "keep_language",
    "note_dead_address",
    "register",
    "reset_password",
    "tell_of_locks",
    "unlock",
]
