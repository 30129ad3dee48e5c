"""Running a part of reconciliation and reading what it found."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from billing.models import Credit
from payments import services
from payments.models import Payment


@dataclass
class Found:
    """What one run said."""

    result: services.Result

    def __getattr__(self, name):
        return getattr(self.result.run, name)

    @property
    def names(self):
        return [finding.kind for finding in self.result.findings]

    @property
    def outcomes(self):
        return [finding.outcome for finding in self.result.findings]

    @property
    def rows(self):
        return [
            (f.kind, f.payment.reference if f.payment else "", f.gateway_id, f.expected, f.found)
            for f in self.result.findings
        ]


@contextmanager
def unguarded():
    """Write what the database would refuse: until the end of the block its triggers sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT; SET CONSTRAINTS ALL DEFERRED")


def run(part, **options):
    """Run one part; return what was found."""
    (result,) = services.reconcile([part], **options)
    assert result.run, "another run was at work"
    return Found(result)


def age(paying, **time):
    """Let all that was done so far have been done that much earlier, here and at the gateway."""
    ago = timedelta(**time)
    for name in ("created_at", "submitted_at", "paid_at", "ended_at", "checked_at"):
        Payment.objects.exclude(**{name: None}).update(**{name: F(name) - ago})
    Credit.objects.update(changed_at=F("changed_at") - ago)
    for intent_id, moment in paying.fake.born.items():
        paying.fake.born[intent_id] = moment - ago


def reconcile(*arguments):
    """Run the command; return its output and its exit status."""
    out = StringIO()
    try:
        call_command("reconcile_payments", *arguments, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0
