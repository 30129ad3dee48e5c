"""A household of two, the agency's file of bills for it, and a folder for the files of cases."""

import pytest

from billing.models import Bill
from billing.services import import_bills
from tests import factories

HEAD = "bill_number,household_id,period,issued_on,due_on,masshealth_id,description,amount\n"


@pytest.fixture
def home(member_client):
    """The household of the member at the client, with a second person."""
    household = member_client.user.member.household
    factories.member(household=household, first_name="Ilona", last_name="Muster", responsible=False)
    return household


@pytest.fixture
def imported(home, tmp_path):
    """Bring a bill by the agency's file: one line a person; other amounts of the same bill make a new version."""

    def bring(*amounts, number="B-77", month="2026-11", due="2026-12-15"):
        people = home.members.order_by("pk")
        rows = [
            f"{number},{home.number},{month},{month}-01,{due},{person.masshealth_id},Premium,{amount}\n"
            for person, amount in zip(people, amounts, strict=False)
        ]
        path = tmp_path / "bills.csv"
        path.write_text(HEAD + "".join(rows))
        assert import_bills(path=path).refused == []
        return Bill.objects.get(number=number)

    return bring


@pytest.fixture
def folder(settings, tmp_path):
    """Where the files of cases are kept in this test."""
    settings.ATTACHMENTS_FOLDER = tmp_path / "attachments"
    return settings.ATTACHMENTS_FOLDER
