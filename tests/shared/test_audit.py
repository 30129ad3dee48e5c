"""The audit trail: nobody changes it, each entry follows one before, and the seals put all in one line."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from portal.shared import audit, tasks
from portal.shared.models import AuditEntry, AuditHead, AuditSeal
from tests import factories
from tests.raw import write


@pytest.fixture
def entries(db):
    subject = factories.household()
    return [audit.record(action, subject, step=step) for step, action in enumerate(("opened", "changed", "closed"))]


@pytest.mark.parametrize("change", ["reason = 'another'", "at = now()", "actor_id = NULL", "data = '{}'"])
def test_an_entry_is_never_changed(entries, change):
    with pytest.raises(IntegrityError, match="UPDATE of shared_auditentry is refused"):
        write(f"UPDATE shared_auditentry SET {change}")


def test_an_entry_is_never_deleted_not_even_by_a_session_without_ordinary_triggers(entries):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    with pytest.raises(IntegrityError, match="DELETE of shared_auditentry is refused"):
        write("DELETE FROM shared_auditentry")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE shared_auditseal SET hash = 'x'",
        "DELETE FROM shared_auditseal",
        "UPDATE shared_audithead SET entries = 1",
        "DELETE FROM shared_audithead",
        "INSERT INTO shared_audithead (id, entries, hash) VALUES (2, 0, '')",
    ],
)
def test_the_line_of_seals_is_the_databases_own(entries, sql):
    audit.seal()
    with pytest.raises(IntegrityError, match="is refused"):
        write(sql)


def test_each_entry_follows_the_one_before(entries):
    rows = list(AuditEntry.objects.order_by("pk").values_list("pk", "previous", "hash"))
    assert [previous for _, previous, _ in rows[1:]] == [pk for pk, _, _ in rows[:-1]]
    assert len({mark for _, _, mark in rows}) == len(rows)


def test_sealing_puts_every_entry_in_the_line_once(entries):
    tasks.seal_audit()
    tasks.seal_audit()
    sealed = AuditSeal.objects.order_by("position").values_list("position", "entry_id")
    assert list(sealed) == [(1, entries[0].pk), (2, entries[1].pk), (3, entries[2].pk)]
    head = AuditHead.objects.get()
    assert (head.entries, head.hash) == (3, AuditSeal.objects.get(position=3).hash)


def test_an_entry_that_comes_into_sight_late_is_sealed_behind_later_ones(entries, monkeypatch):
    monkeypatch.setattr(audit, "AT_ONCE", 1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO shared_auditseal (position, entry_id, hash) VALUES (0, %s, '')", [entries[2].pk])
    assert audit.seal() == 2
    assert list(AuditSeal.objects.order_by("position").values_list("entry_id", flat=True)) == [
        entries[2].pk,
        entries[0].pk,
        entries[1].pk,
    ]


@pytest.mark.django_db(transaction=True)
def test_many_entries_and_many_sealers_at_once_wait_for_nobody_and_make_one_line():
    subject = factories.household()
    barrier = Barrier(8)

    def act(number):
        barrier.wait()
        try:
            for _ in range(5):
                with transaction.atomic():
                    audit.record("opened", subject)
                    audit.record("closed", subject)
                audit.seal()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    audit.seal()
    assert list(AuditSeal.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 81))
    assert AuditHead.objects.get().entries == AuditEntry.objects.count() == 80
