"""What support sees of people and log-ins, and the one thing that it does: unlock an account."""

from accounts.admin.contact import ContactChangeAdmin, PendingContactAdmin
from accounts.admin.finding import household_finders, people_found
from accounts.admin.people import HouseholdAdmin, MemberAdmin
from accounts.admin.policy import PolicyNoticeAdmin
from accounts.admin.reaching import OutgoingMessageAdmin, PreferencesAdmin, TextConsentAdmin, UnreachableAdmin
from accounts.admin.trail import AuditEntryAdmin
from accounts.admin.users import UserAdmin
from accounts.admin.watching import Watched, page_of_one

__all__ = [
    "AuditEntryAdmin",
    "ContactChangeAdmin",
    "HouseholdAdmin",
    "MemberAdmin",
    "OutgoingMessageAdmin",
    "PendingContactAdmin",
    "PolicyNoticeAdmin",
    "PreferencesAdmin",
    "TextConsentAdmin",
    "UnreachableAdmin",
    "UserAdmin",
    "Watched",
    "household_finders",
    "page_of_one",
    "people_found",
]
