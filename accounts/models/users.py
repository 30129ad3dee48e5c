"""The log-ins of members who registered, and of staff."""

import unicodedata
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models.people import Member
from accounts.rules import normal_password


def normal_username(typed: str) -> str:
    """Return a username as it is kept and compared: NFKC, case folded, without outer spaces."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold()).strip()


class UserManager(BaseUserManager["User"]):
    """Makes and finds log-ins by their normal username."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=normal_username(username or ""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=normal_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        fields |= {"is_staff": True, "is_superuser": True, "email_confirmed_at": timezone.now()}
        return self.create_user(username, password, **fields)


def _is_later(failed_at: datetime | None, confirmed_at: datetime | None) -> bool:
    return failed_at is not None and (confirmed_at is None or failed_at > confirmed_at)


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in: of a responsible member, or of staff (then without a member)."""

    username = models.CharField(max_length=150, unique=True, error_messages={"unique": "taken"})
    member = models.OneToOneField(Member, models.PROTECT, null=True, blank=True, related_name="user")
    email = models.EmailField()
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    email_failed_at = models.DateTimeField(null=True, blank=True, help_text="when a message to it came back")
    phone = PhoneNumberField(blank=True)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True, help_text="when the number was proved by a code")
    phone_is_mobile = models.BooleanField(default=False)
    phone_failed_at = models.DateTimeField(null=True, blank=True, help_text="when a text to it came back")
    address_line1 = models.CharField(max_length=100, blank=True)
    address_line2 = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    address_abroad = models.TextField(blank=True, help_text="lines of an address outside the United States")
    country = models.CharField(max_length=60, blank=True, help_text="empty for the United States")
    language = models.CharField(max_length=10, default="en")
    large_print = models.BooleanField(default=False)
    failed_logins = models.PositiveIntegerField(default=0, help_text="wrong passwords in a row")
    locked_at = models.DateTimeField(null=True, blank=True)
    lock_notice_due = models.BooleanField(default=False, help_text="the owner was not yet told of the lock")
    second_step_at = models.DateTimeField(null=True, blank=True, help_text="two-step log-in is on since")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]
    objects = UserManager()

    class Meta:
        indexes = [
            models.Index(Lower("email"), name="user_email_lower"),
            models.Index(fields=["phone"], name="user_phone"),
            models.Index(fields=["locked_at"], name="user_lock_untold", condition=models.Q(lock_notice_due=True)),
        ]
        permissions = [
            ("unlock_user", "Can unlock a locked account"),
            ("remove_second_step", "Can remove the two-step log-in of an account"),
        ]

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Hash the normal form of a password, so that every keyboard's spelling of it is the same password."""
        super().set_password(raw_password and normal_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(raw_password and normal_password(raw_password))

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return normal_username(username)

    @property
    def household_id(self) -> int | None:
        """Primary key of the household whose bill this log-in may see; None for staff and the not responsible."""
        member = self.member
        return member.household_id if member and member.responsible else None

    @property
    def postal_lines(self) -> list[str]:
        """The mailing address as it stands on a letter; empty when there is none."""
        if self.country:
            return [*self.address_abroad.splitlines(), self.country]
        town = f"{self.city}, {self.state} {self.zip_code}".strip(", ")
        return [line for line in (self.address_line1, self.address_line2, town) if line]

    @property
    def is_locked(self) -> bool:
        """Whether wrong passwords locked this log-in and nothing has released it."""
        return self.locked_at is not None

    @property
    def is_email_dead(self) -> bool:
        """Whether messages to the address came back since it was confirmed; a new confirmation ends it."""
        return _is_later(self.email_failed_at, self.email_confirmed_at)

    @property
    def is_phone_dead(self) -> bool:
        """Whether texts to the number came back since it was proved; proving it anew ends it."""
        return _is_later(self.phone_failed_at, self.phone_confirmed_at)

    @property
    def can_get_texts(self) -> bool:
        """Whether the number is a proved mobile one to which texts arrive."""
        return bool(self.phone and self.phone_confirmed_at and self.phone_is_mobile and not self.is_phone_dead)

    def get_full_name(self) -> str:
        return str(self.member) if self.member else self.username
