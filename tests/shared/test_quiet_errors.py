"""What a database error says names the rule and never the row: nobody's data get into a log through it."""

import traceback

import pytest
from django.contrib.sessions.models import Session
from django.db import DataError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from portal.shared.imports import stage
from portal.shared.models import OutgoingMessage
from portal.shared.tasks import deliver
from tests import factories
from tests.raw import redefine, write

pytestmark = pytest.mark.django_db
SECRET = "marigold"  # what must not show; the tests' own lines say SECRET


def told(error) -> str:
    """Return all that a log can say of it: its text, its causes, its trace."""
    return "".join(traceback.format_exception(error)) + repr(error)


def test_a_name_that_is_taken_is_refused_without_being_named():
    factories.user(username=SECRET)
    with pytest.raises(IntegrityError, match="duplicate key value violates unique constraint") as caught:
        factories.user(username=SECRET)
    assert SECRET not in told(caught.value)


def test_a_row_that_breaks_a_rule_is_refused_without_being_quoted():
    with pytest.raises(IntegrityError, match="accounts_household") as caught:
        write("INSERT INTO accounts_household (number, created_at) VALUES (%s, NULL)", SECRET)
    assert SECRET not in told(caught.value)


def test_what_is_checked_only_at_the_end_is_refused_without_being_quoted():
    redefine("CREATE TABLE kept (name text UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError, match="kept_name_key") as caught:
        write("INSERT INTO kept SELECT %s FROM generate_series(1, 2)", SECRET)
    assert SECRET not in told(caught.value)


@pytest.mark.parametrize("sql", ["SELECT %s::bigint", "SELECT %s::date", "SELECT %s::uuid"])
def test_a_value_that_cannot_be_read_is_not_repeated(sql):
    with pytest.raises(DataError) as caught, transaction.atomic():
        write(sql, SECRET)
    assert SECRET not in told(caught.value)


def test_a_file_that_cannot_be_copied_is_not_repeated():
    with pytest.raises(DataError) as caught, transaction.atomic():
        stage("staged_test", {"cents": "bigint"}, [(1, SECRET)])
    assert SECRET not in told(caught.value)


def test_a_worker_whose_task_dies_of_it_logs_no_row(caplog):
    message = OutgoingMessage.objects.create(
        key="one",
        kind="test",
        recipient=f"{SECRET}@example.test",
        subject="A test",
        body_text=SECRET,
        next_try_at=timezone.now(),
    )
    redefine("ALTER TABLE shared_outgoingmessage ADD CONSTRAINT planted CHECK (status <> 'sending')")
    with transaction.atomic():
        deliver.apply([message.pk])
        transaction.set_rollback(True)
    assert "violates check constraint" in caplog.text
    assert "IntegrityError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_and_made_anew_is_as_quiet():
    connections["default"].close()
    now = timezone.now()
    Session.objects.create(session_key=SECRET, expire_date=now)
    with pytest.raises(IntegrityError) as caught:
        Session.objects.create(session_key=SECRET, expire_date=now)
    assert connection.wrap_database_errors.__class__.__name__ == "QuietErrors"
    assert SECRET not in told(caught.value)
