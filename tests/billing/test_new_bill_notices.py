"""Word of the bills that an import brought: to those who want it, each once, whole thousands at a time."""

import pytest
from django.core.management import call_command

from accounts.models import Preferences
from billing import services, tasks
from billing.models import Bill
from portal.shared import tasks as floor
from portal.shared.models import OutgoingMessage
from tests import factories

pytestmark = pytest.mark.django_db
HEADER = "bill_number,household_id,period,issued_on,due_on,masshealth_id,description,amount"


@pytest.fixture(autouse=True)
def _morning(time_machine):
    time_machine.move_to("2026-11-24 15:00+00:00")


def take(tmp_path, *lines: str) -> None:
    path = tmp_path / "bills.csv"
    path.write_text("".join(f"{line}\n" for line in (HEADER, *lines)), encoding="utf-8")
    call_command("import_bills", str(path))


def line(number: str, household: str, due_on: str = "2026-12-15", amount: str = "24.00") -> str:
    return f"{number},{household},2026-11,2026-11-01,{due_on},,Monthly premium,{amount}"


def test_a_new_bill_is_told_of_once_by_the_ways_its_reader_chose(tmp_path, mailoutbox, textoutbox):
    user = factories.texting_user(texts=["new_bill"])
    number = user.member.household.number
    take(tmp_path, line("B-1", number))
    tasks.tell_of_new_bills()
    tasks.tell_of_new_bills()
    take(tmp_path, line("B-1", number, amount="30.00"))
    tasks.tell_of_new_bills()
    floor.sweep_messages()
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [("You have a new bill", [user.email])]
    assert "Dec. 15, 2026" in mailoutbox[0].body
    assert "24" not in mailoutbox[0].body.replace("(800) 841-2900", "")
    assert [text.body for text in textoutbox] == [
        "MA Bill Pay: You have a new bill. It is due Dec. 15, 2026. testserver/bills/ or call (800) 841-2900. "
        "Reply STOP to end texts."
    ]


def test_bills_of_the_past_and_of_nothing_are_not_told_of(tmp_path):
    number = factories.user().member.household.number
    take(tmp_path, line("B-1", number, due_on="2026-11-23"), line("B-2", number, amount="1.00"))
    assert list(Bill.objects.filter(notice_due=True).values_list("number", flat=True)) == ["B-2"]


def test_nobody_is_told_who_did_not_want_it_or_may_not_see_it(tmp_path):
    refuser = factories.user()
    Preferences.objects.create(user=refuser, emails=["policy"])
    gone = factories.user(member=factories.member(responsible=False))
    nobody = factories.household()
    take(
        tmp_path,
        line("B-1", refuser.member.household.number),
        line("B-2", gone.member.household.number),
        line("B-3", nobody.number),
    )
    assert services.tell_of_new_bills() == 3
    assert not OutgoingMessage.objects.exists()
    assert not Bill.objects.filter(notice_due=True).exists()


def test_six_hundred_bills_take_few_questions(tmp_path, django_assert_max_num_queries):
    lines = [line(f"B-{n}", factories.user().member.household.number) for n in range(600)]
    take(tmp_path, *lines)
    with django_assert_max_num_queries(20):
        assert services.tell_of_new_bills() == 600
    assert OutgoingMessage.objects.filter(kind="new_bill").count() == 600


def test_a_refused_file_tells_of_nothing(tmp_path):
    number = factories.user().member.household.number
    with pytest.raises(SystemExit):
        take(tmp_path, line("B-1", number), line("B-2", "nowhere"))
    assert services.tell_of_new_bills() == 0
