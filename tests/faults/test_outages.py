"""A gateway that refuses us, and a clock that is wrong: payments stop, staff know, and it ends by itself."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from payments import tasks
from payments.gateway import _made
from payments.models import AttentionItem, Payment
from tests.faults.world import CONFIRM, CREATE, text_of

pytestmark = pytest.mark.django_db(transaction=True)
OUT = "We cannot take payments online now You were not charged."


@pytest.fixture
def other_key(world, settings):
    """Return a function that gives the portal another key of the gateway."""

    def use(key):
        settings.STRIPE_SECRET_KEY = key
        _made.cache_clear()

    yield use
    _made.cache_clear()


def test_row_11_a_key_that_the_gateway_refuses_stops_all_payments_until_it_is_taken_again(world, other_key):
    payment = world.begin()
    seal = world.shown(payment)
    other_key("sk_test_of_somebody_else")
    assert OUT in world.confirm(payment, seal)
    assert world.attention() == ["gateway refuses us"]
    asked = len(world.sandbox.look("requests")["requests"])
    assert OUT in world.confirm(payment, seal)
    for page in ("payments:new", "payments:details", "payments:review"):
        address = reverse(page, args=[payment.reference] if page != "payments:new" else [])
        shown = world.client.get(address)
        assert shown.status_code == 503
        assert OUT in text_of(shown)
    assert len(world.sandbox.look("requests")["requests"]) == asked
    assert world.books() == {}
    assert world.subjects() == []
    tasks.take_pulse()
    assert world.attention() == ["gateway refuses us"]
    other_key("sk_test_sandbox_tests")
    tasks.take_pulse()
    assert world.attention() == []
    assert "Your payment is received" in world.confirm(payment)
    assert world.books() == {"settled": 2400}
    assert world.subjects() == ["Your payment is received"]


@pytest.mark.parametrize("status", [401, 403])
def test_row_11_the_minute_s_question_finds_a_refusal_before_any_member_does(world, status):
    world.fault(method="GET", path="/v1/events$", kind="status", status=status)
    tasks.take_pulse()
    assert world.attention() == ["gateway refuses us"]
    assert OUT in text_of(world.client.get(reverse("payments:new")))
    tasks.take_pulse()
    assert world.attention() == []
    assert AttentionItem.objects.get().resolution == "the gateway takes our key again"
    assert "Choose how to pay" in text_of(world.client.get(reverse("payments:new")))


def test_row_11_a_refusal_between_making_and_confirming_leaves_no_charge_and_no_held_bill_in_the_end(world):
    payment = world.begin()
    world.fault(method="POST", path=CONFIRM, kind="status", status=401, times=0)
    world.fault(method="GET", path="/v1/", kind="status", status=401, times=0)
    assert "Please do not pay again" in world.confirm(payment)
    assert world.attention() == ["gateway refuses us"]
    assert OUT in text_of(world.client.get(reverse("payments:new")))
    assert "Please do not pay again" in world.page(payment)
    world.heal()
    tasks.take_pulse()
    world.age(payment, minutes=3)
    tasks.sweep_stalled()
    assert world.at_gateway() == [("canceled", 2400)]
    assert "You were not charged" in world.page(payment)
    assert world.books() == {}
    assert world.attention() == []


def test_row_11_a_gateway_of_the_other_mode_stops_payments_until_staff_have_mended_it(world, settings):
    settings.STRIPE_LIVE = True
    payment = world.begin()
    assert world.attention() == ["gateway of another mode"]
    assert OUT in world.page(payment)
    tasks.take_pulse()
    assert world.attention() == ["gateway of another mode"]
    assert world.asked(CREATE) == []
    assert Payment.objects.get().status == "started"
    assert world.books() == {}


def test_row_11_a_payment_that_was_paid_keeps_its_receipt_during_an_outage(world):
    payment = world.begin()
    seal = world.shown(payment)
    world.confirm(payment, seal)
    world.fault(method="GET", path="/v1/events$", kind="status", status=401)
    tasks.take_pulse()
    assert "Your payment is received" in world.confirm(payment, seal)
    assert "Your payment is received" in world.page(payment)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(400, "seconds behind the gateway's"), (-400, "seconds ahead of the gateway's")],
    ids=["behind", "ahead"],
)
def test_row_43_a_clock_that_is_off_is_said_by_the_health_check_and_told_to_staff_once(world, client, seconds, words):
    world.fault(method="GET", path="/v1/events$", kind="clock", seconds=seconds, times=0)
    cache.clear()
    for _ in range(2):
        answer = client.get(reverse("gateway_health"))
        assert answer.status_code == 503
        assert words in answer.content.decode()
    assert len(world.asked("/v1/events$", "GET")) == 1
    tasks.take_pulse()
    assert world.attention() == ["clock differs"]
    assert client.get(reverse("ready")).status_code == 200
    world.heal()
    cache.clear()
    assert client.get(reverse("gateway_health")).content == b"ok"


def test_row_43_the_gateway_is_asked_every_minute(settings):
    every = [entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if "take_pulse" in entry["task"]]
    assert [timedelta(seconds=seconds) for seconds in every] == [timedelta(minutes=1)]
