"""Households and members as the agency's roster names them, and the log-ins of those who registered."""

from accounts.models.contact import (
    CONTACT_FIELDS,
    ContactBatch,
    ContactChange,
    ContactHandOver,
    ContactKind,
    PendingContact,
)
from accounts.models.notifying import Kind, Preferences, TextConsent
from accounts.models.people import Household, Member
from accounts.models.policy import PolicyNotice, PolicyText, Unreachable
from accounts.models.records import Inquiry, LoginRecord
from accounts.models.recovery import PhoneRecovery
from accounts.models.second_step import RecoveryCode
from accounts.models.sessions import SessionRecord
from accounts.models.users import User, UserManager, normal_username

__all__ = [
    "CONTACT_FIELDS",
    "ContactBatch",
    "ContactChange",
    "ContactHandOver",
    "ContactKind",
    "Household",
    "Inquiry",
    "Kind",
    "LoginRecord",
    "Member",
    "PendingContact",
    "PhoneRecovery",
    "PolicyNotice",
    "PolicyText",
    "Preferences",
    "RecoveryCode",
    "SessionRecord",
    "TextConsent",
    "Unreachable",
    "User",
    "UserManager",
    "normal_username",
]
