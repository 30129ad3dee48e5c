"""What can be done to the roster and to log-ins."""

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
from accounts.services.second_step import (
    CodeRefused,
    begin_second_step,
    forget_second_step,
    has_second_step,
    log_in_by_code,
    mark_second_step,
    remove_second_step,
    renew_codes,
    turn_off,
    turn_on,
    waiting_app,
    waiting_second_step,
)
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
    "CodeRefused",
    "Contact",
    "Facts",
    "Finding",
    "NotOpen",
    "StaleLink",
    "UsernameTaken",
    "WrongPassword",
    "answer",
    "answer_text",
    "ask",
    "begin_second_step",
    "begin_session",
    "change_password",
    "close_session",
    "confirm_email",
    "end_other_sessions",
    "end_session",
    "find_registrant",
    "forget_second_step",
    "has_second_step",
    "import_members",
    "is_confirmable",
    "log_in_by_code",
    "mark_second_step",
    "note_dead_address",
    "note_session",
    "purge_sessions",
    "register",
    "remove_second_step",
    "renew_codes",
    "reset_password",
    "tell_of_locks",
    "turn_off",
    "turn_on",
    "unlock",
    "waiting_app",
    "waiting_second_step",
]
