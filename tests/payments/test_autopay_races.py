"""Autopay run by many at once, on a real PostgreSQL: one notice, one charge."""

from datetime import date

import pytest
import time_machine

from billing.models import Credit
from payments import services
from payments.models import AutopayDraw
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.payments.autopaying import MONDAY, Autopaying
from tests.payments.steps import Paying
from tests.payments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def autopaying(transactional_db, fake):
    user = factories.user()
    paying = Paying(user=user, bill=factories.bill(household=user.member.household), fake=fake)
    with time_machine.travel(0, tick=False) as clock:
        made = Autopaying(paying, clock)
        made.goes_to(MONDAY)
        yield made


def test_six_runs_at_once_announce_once_and_charge_once(autopaying):
    autopaying.enrolls()
    autopaying.billed()
    day = date(2027, 3, 22)
    autopaying.goes_to(day)
    runs = at_once(6, lambda _: services.run_autopay(day))
    assert [sum(run.announced for run in runs), sum(run.errors for run in runs)] == [1, 0]
    assert OutgoingMessage.objects.filter(kind="autopay_notice").count() == 1
    day = date(2027, 4, 1)
    autopaying.goes_to(day)
    runs = at_once(6, lambda _: services.run_autopay(day))
    assert [sum(run.drawn for run in runs), sum(run.errors for run in runs)] == [1, 0]
    assert autopaying.fake.calls.count("confirm_saved") == 1
    assert AutopayDraw.objects.get().payment.status == "paid"
    assert Credit.objects.live().cents() == 4800
