"""Changes of contact details for the agency: each once, and a batch the same for ever."""

import csv
import json
import os
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts import services
from accounts.models import ContactBatch, ContactChange, ContactHandOver
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return factories.user()


def change(user, kind="language", **new):
    services.change_contact(user=user, kind=kind, new=new or {"language": "es"})
    return ContactChange.objects.latest("pk")


def export(*arguments):
    """Run the command; return what it wrote, what it said, and its exit status."""
    out, said = StringIO(), StringIO()
    try:
        call_command("export_contact_changes", *arguments, stdout=out, stderr=said)
    except CommandError as error:
        return out.getvalue(), str(error), error.returncode
    return out.getvalue(), said.getvalue(), 0


def rows(text):
    return list(csv.DictReader(StringIO(text)))


def test_each_change_is_handed_over_once_in_numbered_batches(member):
    first, second = change(member, language="es"), change(member, "large_print", large_print=True)
    text, said, status = export()
    assert (said.strip(), status) == ("Batch 1: 2 changes.", 0)
    assert [(row["batch"], row["line"], row["change"], row["kind"]) for row in rows(text)] == [
        ("1", "1", str(first.pk), "language"),
        ("1", "2", str(second.pk), "large_print"),
    ]
    assert {row["masshealth_id"] for row in rows(text)} == {member.member.masshealth_id}
    assert (rows(text)[0]["language"], rows(text)[0]["old_language"]) == ("es", "en")
    assert (rows(text)[1]["large_print"], rows(text)[1]["old_large_print"]) == ("yes", "no")
    change(member, language="pt")
    assert [row["batch"] for row in rows(export()[0])] == ["2"]


def test_nothing_due_makes_no_batch_and_no_file(member, tmp_path):
    text, said, status = export("--output", str(tmp_path / "none.csv"))
    assert (text, said.strip(), status) == ("", "No change is due. Nothing was written.", 0)
    assert list(tmp_path.iterdir()) == []
    assert not ContactBatch.objects.exists()


def test_a_batch_can_be_written_again_byte_for_byte(member):
    change(member, language="es")
    first = export()[0]
    change(member, language="pt")
    export()
    member.email = "other@example.test"
    member.save()
    assert export("--batch", "1")[0] == first
    assert ContactBatch.objects.count() == 2


@pytest.mark.parametrize("number", ["3", "0", "-1", "99999999999"])
def test_a_batch_that_is_none_is_a_clear_refusal(member, number):
    assert export(f"--batch={number}") == ("", f"There is no batch {number}.", 2)


def test_a_run_that_could_not_finish_its_file_loses_and_doubles_nothing(member, tmp_path, monkeypatch):
    change(member, language="es")
    target = tmp_path / "changes.csv"

    def disk_is_full(fd):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", disk_is_full)
        assert export("--output", str(target))[1:] == (
            "Could not run: No space left on device. Batch 1 can be written again.",
            2,
        )
    assert list(tmp_path.iterdir()) == []
    late = change(member, language="pt")
    assert export("--output", str(target))[1].strip() == "Batch 1: 1 changes."
    assert str(late.pk) not in [row["change"] for row in rows(target.read_text())]
    assert [row["change"] for row in rows(export()[0])] == [str(late.pk)]


def test_a_run_that_died_after_its_file_writes_the_same_file_again(member):
    change(member, language="es")
    first = export()[0]
    ContactBatch.objects.update(written_at=None)
    change(member, language="pt")
    assert export()[0] == first
    assert rows(export()[0])[0]["batch"] == "2"


def test_a_file_is_whole_or_not_there_and_only_its_owner_reads_it(member, tmp_path):
    change(member)
    target = tmp_path / "changes.csv"
    export("--output", str(target))
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.read_text() == export("--batch", "1")[0]


def test_what_is_no_file_is_never_replaced(member, tmp_path):
    change(member)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    _, said, status = export("--output", str(pipe))
    assert (said.startswith("Could not run: The output must be a file"), status) == (True, 2)
    assert pipe.is_fifo()
    assert export()[1].strip() == "Batch 1: 1 changes."


def test_a_dry_run_says_how_many_are_due_and_settles_nothing(member):
    change(member)
    assert export("--dry-run")[0] == "1 changes are due, 0 batches were settled and not written.\n"
    assert json.loads(export("--dry-run", "--json")[0]) == {"due": 1, "batches_not_written": 0, "dry_run": True}
    assert not ContactBatch.objects.exists()


def test_json_is_one_line_that_says_the_same(member):
    made = change(member, language="es")
    text = export("--json")[0]
    told = json.loads(text)
    assert text.count("\n") == 1
    assert (told["format"], told["batch"], told["changes"][0]["change"]) == (1, 1, made.pk)
    assert told["changes"][0]["new"] == {"language": "es"}


def test_what_looks_like_a_formula_is_made_harmless_and_a_phone_stays_a_number(member):
    address = {
        "address_line1": "=1+1",
        "address_line2": "@SUM(A1)",
        "city": "-1",
        "state": "MA",
        "zip_code": "02118",
        "address_abroad": "",
        "country": "",
    }
    change(member, "address", **address)
    change(member, "address", **dict.fromkeys(address, "") | {"address_abroad": "+1\n=2", "country": "Austria"})
    change(member, "phone", phone="+16175550199", phone_is_mobile=True)
    first, abroad, phone = rows(export()[0])
    assert (first["address_line1"], first["address_line2"], first["city"]) == ("'=1+1", "'@SUM(A1)", "'-1")
    assert first["zip_code"] == "02118"
    assert (abroad["address_abroad"], abroad["country"], abroad["old_city"]) == ("'+1 / =2", "Austria", "'-1")
    assert (phone["phone"], phone["phone_is_mobile"]) == ("16175550199", "yes")


def test_the_database_hands_no_change_over_twice(member):
    made = change(member)
    export()
    again = ContactBatch.objects.create(number=2, made_at=timezone.now())
    with pytest.raises(DatabaseError):
        ContactHandOver.objects.filter(change=made).update(batch=again)


def test_a_second_run_at_the_same_time_steps_aside(member):
    change(member)
    facts = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    other = psycopg2.connect(**{name: facts[name] for name in names if facts.get(name)})
    try:
        other.cursor().execute("SELECT pg_advisory_lock(hashtext('contact batches'))")
        assert export() == ("", "Another run is at it. Try again when it is done.", 2)
        other.cursor().execute("SELECT pg_advisory_unlock(hashtext('contact batches'))")
    finally:
        other.close()
    assert export()[2] == 0
