"""What can be done to the roster and to log-ins."""

from accounts.services.contact import (
    Proof,
    ask_for_contact,
    cancel_contact,
    change_contact,
    is_email_link_good,
    prove_email,
    prove_phone,
    send_contact_secret_again,
)
from accounts.services.language import keep_language
from accounts.services.passwords import WrongPassword, change_password
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
from accounts.services.sessions import (
    RECORD,
    begin_session,
    close_session,
    end_other_sessions,
    end_session,
    note_session,
    purge_sessions,
)
from accounts.services.texting import answer_text, note_dead_address
from accounts.services.unlocking import tell_of_locks, unlock

__all__ = [
    "RECORD",
    "Contact",
    "Facts",
    "Finding",
    "NotOpen",
    "Proof",
    "StaleLink",
    "UsernameTaken",
    "WrongPassword",
    "answer",
    "answer_text",
    "ask",
    "ask_for_contact",
    "begin_session",
    "cancel_contact",
    "change_contact",
    "change_password",
    "close_session",
    "confirm_email",
    "end_other_sessions",
    "end_session",
    "find_registrant",
    "import_members",
    "is_confirmable",
    "is_email_link_good",
    "keep_language",
    "note_dead_address",
    "note_session",
    "prove_email",
    "prove_phone",
    "purge_sessions",
    "register",
    "reset_password",
    "send_contact_secret_again",
    "tell_of_locks",
    "unlock",
]
