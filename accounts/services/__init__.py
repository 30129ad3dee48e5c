"""What can be done to the roster and to log-ins."""

from accounts.services.batches import AnotherRun, contact_batch_written, handing_over_alone, next_contact_batch
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
from accounts.services.notifying import Agreed, Wishes, choose, stop_email_reminders
from accounts.services.passwords import WrongPassword, change_password
from accounts.services.phone_recovery import answer_by_phone, ask_by_phone, use_recovery_code
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
    "Agreed",
    "AnotherRun",
    "Contact",
    "Facts",
    "Finding",
    "NotOpen",
    "Proof",
    "StaleLink",
    "UsernameTaken",
    "Wishes",
    "WrongPassword",
    "answer",
    "answer_by_phone",
    "answer_text",
    "ask",
    "ask_by_phone",
    "ask_for_contact",
    "begin_session",
    "cancel_contact",
    "change_contact",
    "change_password",
    "choose",
    "close_session",
    "confirm_email",
    "contact_batch_written",
    "end_other_sessions",
    "end_session",
    "find_registrant",
    "handing_over_alone",
    "import_members",
    "is_confirmable",
    "is_email_link_good",
    "next_contact_batch",
    "note_dead_address",
    "note_session",
    "prove_email",
    "prove_phone",
    "purge_sessions",
    "register",
    "reset_password",
    "send_contact_secret_again",
    "stop_email_reminders",
    "tell_of_locks",
    "unlock",
    "use_recovery_code",
]
