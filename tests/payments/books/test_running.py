"""Running the check: the command's words and exit statuses, and what the nightly task does about a disagreement."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from payments import books, tasks
from payments.models import AttentionItem, Payment
from portal.shared.models import OutgoingMessage
from tests.raw import plant, redefine


def test_books_with_every_kind_of_payment_agree(all_kinds, capsys):
    statuses = set(Payment.objects.values_list("status", flat=True))
    assert len(statuses) == 8
    call_command("check_books")
    assert capsys.readouterr().out == "The books agree.\n"


def test_empty_books_agree(db):
    assert list(books.within(books.RULES)) == []


@pytest.fixture
def wrong(all_kinds):
    """One disagreement: a receipt that is gone."""
    plant("DELETE FROM payments_receipt WHERE payment_id = %s", all_kinds.paid.pk)
    return all_kinds.paid


def test_the_command_names_what_disagrees_row_by_row_and_ends_with_1(wrong, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("check_books")
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{wrong.reference}: a paid payment has one receipt: 0 receipts, expected 1",
        "1 disagreement.",
    ]


def test_the_command_says_the_same_in_json(wrong, capsys):
    with pytest.raises(SystemExit):
        call_command("check_books", "--json")
    row, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert row == {
        "reference": wrong.reference,
        "rule": "a paid payment has one receipt",
        "found": "0 receipts",
        "expected": "1",
    }
    assert end == {"disagreements": 1}


def test_the_command_that_cannot_read_the_books_ends_with_2(db):
    redefine("ALTER TABLE payments_receipt RENAME TO payments_gone")
    with pytest.raises(CommandError) as ended:
        call_command("check_books")
    assert ended.value.returncode == 2


def test_nightly_each_disagreement_is_queued_once_and_staff_get_one_email_a_night(wrong, settings):
    settings.STAFF_EMAIL = ["staff@example.test", "other@example.test"]
    for _ in range(2):
        tasks.check_books()
    item = AttentionItem.objects.get(kind="books disagree")
    assert item.payment == wrong
    assert item.detail == f"{wrong.reference}: a paid payment has one receipt: 0 receipts, expected 1"
    mails = OutgoingMessage.objects.filter(kind="books_disagree")
    assert sorted(mail.recipient for mail in mails) == ["other@example.test", "staff@example.test"]
    assert "1 x a paid payment has one receipt" in mails[0].body_text
    assert wrong.reference not in mails[0].body_text + mails[0].subject
    assert not hasattr(Payment.objects.get(pk=wrong.pk), "receipt"), "nothing is put right by itself"


def test_the_next_night_staff_hear_of_it_again_and_the_queue_does_not_grow(wrong, settings, time_machine):
    settings.STAFF_EMAIL = ["staff@example.test"]
    tasks.check_books()
    time_machine.move_to(timezone.now() + timedelta(days=1))
    tasks.check_books()
    assert AttentionItem.objects.filter(kind="books disagree").count() == 1
    assert OutgoingMessage.objects.filter(kind="books_disagree").count() == 2


def test_when_all_agrees_nobody_hears_anything(all_kinds, settings):
    settings.STAFF_EMAIL = ["staff@example.test"]
    before = AttentionItem.objects.count()
    tasks.check_books()
    assert AttentionItem.objects.count() == before
    assert not OutgoingMessage.objects.filter(kind="books_disagree").exists()


def test_books_that_could_not_be_read_are_a_matter_of_their_own(db):
    redefine("ALTER TABLE payments_receipt RENAME TO payments_gone")
    with pytest.raises(DatabaseError):
        tasks.check_books()
    assert AttentionItem.objects.get().kind == "books not checked"


@pytest.mark.django_db(transaction=True)
def test_the_check_sees_one_moment_and_can_write_nothing():
    seen = books.within([books.Rule("writes", "UPDATE payments_payment SET language = 'xx' RETURNING 1, 2, 3")])
    with pytest.raises(DatabaseError):
        list(seen)
    rows = books.within([books.Rule("asks", "SELECT current_setting('transaction_isolation'), 'a', 'b'")])
    assert [row.reference for row in rows] == ["repeatable read"]
