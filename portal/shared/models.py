"""What the floor keeps: messages on their way out, who did what, and how often something was tried."""

from django.conf import settings
from django.db import models


class OutgoingMessage(models.Model):
    """One email or text that must go out once. Written with what it tells of, in one transaction; delivered after it.

    A text's body is blanked as soon as nothing more is done with it: it may be a code.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        CANCELED = "canceled"  # what it tells of was over before it went out
        UNKNOWN = "unknown"  # cut off while the mail server had it; not sent again: see sending.ONCE_AT_MOST

    class Channel(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"

    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    key = models.CharField(max_length=200, unique=True, help_text="what happened; the same key is never sent twice")
    kind = models.CharField(max_length=50)
    recipient = models.CharField(max_length=254, help_text="an email address, or a phone number as E.164")
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    about = models.JSONField(default=dict, blank=True, help_text="numbers of rows to look at before it goes out")
    unsubscribe_url = models.CharField(max_length=300, blank=True, help_text="for one-click unsubscribe (RFC 8058)")
    keeps_hours = models.BooleanField(default=False, help_text="waits while members are left alone")
    not_after = models.DateTimeField(null=True, blank=True, help_text="of no use from then on")
    provider_id = models.CharField(max_length=64, blank=True, help_text="what the text service calls it")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    handed_at = models.DateTimeField(null=True, blank=True, help_text="when the mail server got it, until it answered")
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        permissions = [("resend_message", "Can let a message that may not have arrived go out again")]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="message_waiting",
                condition=models.Q(status__in=["waiting", "sending"]),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_id"], name="one_message_a_provider_id", condition=~models.Q(provider_id="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class AuditEntry(models.Model):
    """One act that someone may have to answer for. Rows are added, never changed.

    The database chains each to the newest one that it can see, without waiting for anyone: `hash` is the SHA-256 of
    this row and of that one's hash. Two that are written at once follow the same one; the seals put all in one line.
    """

    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True, help_text="never a name, number or secret")
    previous = models.BigIntegerField(null=True, editable=False, help_text="the entry it follows; set by the database")
    hash = models.CharField(max_length=44, default="", editable=False, help_text="set by the database")

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class AuditSeal(models.Model):
    """An audit entry's place in the one line of all, given by the database. Rows are added, never changed."""

    position = models.BigIntegerField(primary_key=True, editable=False)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=44, default="", editable=False)

    def __str__(self) -> str:
        return f"seal {self.position}"


class AuditHead(models.Model):
    """How long the line of seals is and how it ends, so that missing last ones show. Kept by the database alone."""

    entries = models.BigIntegerField()
    hash = models.CharField(max_length=44)

    def __str__(self) -> str:
        return f"{self.entries} sealed entries"


class TryCount(models.Model):
    """How often one key was used in one window of one limit."""

    limit = models.CharField(max_length=40)
    key = models.CharField(max_length=64, help_text="keyed hash; the address or number itself is not kept")
    window_ends_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["limit", "key"], name="one_count_a_key")]

    def __str__(self) -> str:
        return f"{self.limit} {self.count}"
