"""Households and members as the agency's roster names them, and the log-ins of those who registered."""

import unicodedata
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from accounts.rules import normal_password


def normal_username(typed: str) -> str:
    """Return a username as it is kept and compared: NFKC, case folded, without outer spaces."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold()).strip()


class Household(models.Model):
    """A premium billing family group (PBFG, 130 CMR 506.011): the people who share one monthly bill."""

    number = models.CharField(max_length=40, unique=True, help_text="the roster's household_id")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"household {self.pk}"


class Member(models.Model):
    """One person on the roster. The roster's word is final; only an import changes a row."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    masshealth_id = models.CharField(max_length=12, unique=True, validators=[RegexValidator(r"\A[0-9]{12}\Z")])
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    search_name = models.CharField(max_length=170, help_text="both names as they are compared")
    date_of_birth = models.DateField()
    responsible = models.BooleanField(help_text="may register, and see and pay the household's bill")
    coverage_type = models.CharField(max_length=60)
    coverage_status = models.CharField(max_length=40)
    coverage_start = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["search_name"], name="member_search_name", opclasses=["text_pattern_ops"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(masshealth_id__regex=r"^[0-9]{12}$"), name="masshealth_id_shape")
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


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


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in: of a responsible member, or of staff (then without a member)."""

    username = models.CharField(max_length=150, unique=True, error_messages={"unique": "taken"})
    member = models.OneToOneField(Member, models.PROTECT, null=True, blank=True, related_name="user")
    email = models.EmailField()
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    phone = PhoneNumberField(blank=True)
    address_line1 = models.CharField(max_length=100, blank=True)
    address_line2 = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=10, default="en")
    failed_logins = models.PositiveIntegerField(default=0, help_text="wrong passwords in a row")
    locked_at = models.DateTimeField(null=True, blank=True)
    lock_notice_due = models.BooleanField(default=False, help_text="the owner was not yet told of the lock")
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
            models.Index(fields=["locked_at"], name="user_lock_untold", condition=models.Q(lock_notice_due=True)),
        ]
        permissions = [("unlock_user", "Can unlock a locked account")]

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
    def is_locked(self) -> bool:
        """Whether wrong passwords locked this log-in and nothing has released it."""
        return self.locked_at is not None

    def get_full_name(self) -> str:
        return str(self.member) if self.member else self.username


class LoginRecord(models.Model):
    """One try to log in, for support and for the owner; without a user when no account has the name typed."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="login_records")
    at = models.DateTimeField(default=timezone.now)
    succeeded = models.BooleanField()
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["user", "-at"], name="login_record_user")]

    def __str__(self) -> str:
        return f"{'in' if self.succeeded else 'refused'} {self.at:%Y-%m-%d %H:%M}"


class Inquiry(models.Model):
    """Something asked on an open page and answered by email alone, soon after, so that the page tells nothing.

    The request writes the same row whether an account exists or not; a task finds out, posts, and deletes the row.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password"  # noqa: S105  a kind of inquiry
        USERNAME = "username"
        CONFIRMATION = "confirmation"
        REGISTRATION = "registration"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    typed = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "inquiries"

    def __str__(self) -> str:
        return f"{self.kind} inquiry {self.pk}"
