"""The pages and the command of autopay, with the gateway in memory."""

import json
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from payments import services
from payments.models import AutopayAgreement, AutopayDraw, AutopayEnrollment
from tests import factories
from tests.payments.autopaying import end_of, kinds
from tests.payments.test_pages import text_of

ENROLL, AUTOPAY = "/payments/autopay/new/", "/payments/autopay/"


@pytest.fixture
def at_autopay(client, autopaying):
    """A logged-in member who saved a card; `client.auto` is what they do."""
    client.auto, client.saved = autopaying, autopaying.saves()
    client.force_login(autopaying.user)
    return client


def chooses(client, days_before="0", limit=""):
    facts = {"method": client.saved.reference, "days_before": days_before, "limit": limit}
    return client.post(ENROLL, facts)


def shown_on(page):
    return re.search(r'name="shown" value="([^"]+)"', page.content.decode())[1]


def agrees(client, **wish):
    return client.post(ENROLL, {"shown": shown_on(chooses(client, **wish))}, follow=True)


def announced(client):
    """Autopay is on and one draw of $24.00 on April 1 is announced."""
    agrees(client)
    client.auto.billed()
    client.auto.goes_to(date(2027, 3, 22))
    client.auto.runs()
    client.force_login(client.auto.user)  # three weeks later
    return AutopayDraw.objects.get()


def page_of(draw):
    return reverse("payments:draw", args=[draw.reference])


def test_what_is_agreed_to_is_shown_first_and_kept_as_it_was_shown(at_autopay):
    page = chooses(at_autopay, days_before="3", limit="60.00")
    text = text_of(page)
    for words in (
        "I allow MassHealth premium billing to take the amount of each bill",
        "from my Visa ending in 4242",
        "it may vary from bill to bill",
        "3 bank days before the due date",
        "A bill above $60.00 is not taken.",
        "at least 3 bank days ahead",
        "10 days ahead when the amount is not the same",
        "I can end it at any time on this website, or call (800) 841-2900",
    ):
        assert words in text
    assert not AutopayEnrollment.objects.exists()
    done = at_autopay.post(ENROLL, {"shown": shown_on(page)}, follow=True)
    assert "Autopay is on." in text_of(done)
    enrollment = AutopayEnrollment.objects.get()
    assert (enrollment.days_before, enrollment.limit_cents) == (3, 6000)
    kept = AutopayAgreement.objects.get()
    assert "A bill above $60.00 is not taken." in kept.text
    assert (kept.version, kept.language, kept.address) == ("2026-12", "en", "127.0.0.1")


@pytest.mark.parametrize("limit", ["abc", "0", "-5", "1e9", "9" * 15, "NaN"])
def test_a_highest_amount_that_is_none_is_named_and_nothing_changes(at_autopay, limit):
    page = chooses(at_autopay, limit=limit)
    assert "or leave it empty." in text_of(page)
    assert not AutopayEnrollment.objects.exists()


@pytest.mark.parametrize("shown", ["", "x", "a:b:c"])
def test_a_button_pressed_under_no_authorization_of_ours_turns_nothing_on(at_autopay, shown):
    page = at_autopay.post(ENROLL, {"shown": shown}, follow=True)
    assert "nothing was changed" in text_of(page)
    assert not AutopayEnrollment.objects.exists()


def test_an_authorization_shown_to_someone_else_turns_nothing_on(at_autopay, client):
    shown = shown_on(chooses(at_autopay))
    other = factories.user(member=factories.member(household=at_autopay.auto.user.member.household))
    client.force_login(other)
    client.post(ENROLL, {"shown": shown})
    assert not AutopayEnrollment.objects.exists()


def test_a_second_press_turns_it_on_once(at_autopay):
    shown = shown_on(chooses(at_autopay))
    for _ in range(2):
        at_autopay.post(ENROLL, {"shown": shown})
    assert AutopayEnrollment.objects.count() == 1
    assert kinds() == ["autopay_on"]


def test_one_press_turns_it_off(at_autopay):
    agrees(at_autopay)
    page = at_autopay.post(reverse("payments:cancel_autopay"), follow=True)
    assert "Autopay is off. No more payments will be drawn." in text_of(page)
    assert end_of(AutopayEnrollment.objects.get()) == "member"
    again = at_autopay.post(reverse("payments:cancel_autopay"), follow=True)
    assert "Autopay is off. No more payments will be drawn." in text_of(again)
    assert kinds() == ["autopay_on", "autopay_off"]
    assert at_autopay.get(reverse("payments:cancel_autopay")).status_code == 405


def test_an_announced_draw_can_be_skipped_and_is_then_not_drawn(at_autopay):
    draw = announced(at_autopay)
    assert "$24.00 on April 1, 2027" in text_of(at_autopay.get(AUTOPAY))
    assert "Skip this payment" in text_of(at_autopay.get(page_of(draw)))
    page = at_autopay.post(page_of(draw), {"do": "skip"}, follow=True)
    assert "Skipped." in text_of(page)
    at_autopay.auto.goes_to(date(2027, 4, 1))
    assert at_autopay.auto.runs().drawn == 0
    at_autopay.force_login(at_autopay.auto.user)
    assert "Skipped by you" in text_of(at_autopay.get(page_of(draw)))
    assert AutopayEnrollment.objects.get().ended_at is None


def test_an_announced_draw_can_be_moved_and_is_drawn_on_the_new_day(at_autopay):
    draw = announced(at_autopay)
    page = at_autopay.post(page_of(draw), {"do": "move", "day": "2027-04-05"}, follow=True)
    assert "Moved." in text_of(page)
    at_autopay.auto.goes_to(date(2027, 4, 2))
    assert at_autopay.auto.runs().drawn == 0
    at_autopay.auto.goes_to(date(2027, 4, 5))
    assert at_autopay.auto.runs().drawn == 1


@pytest.mark.parametrize("day", ["2027-03-22", "2027-04-03", "2027-06-01", "2020-01-01", "", "soon", "9999-99-99"])
def test_a_day_on_which_it_cannot_be_drawn_is_named_and_nothing_changes(at_autopay, day):
    draw = announced(at_autopay)
    page = at_autopay.post(page_of(draw), {"do": "move", "day": day})
    assert page.status_code == 200
    assert "There is a problem" in text_of(page)
    draw.refresh_from_db()
    assert draw.draw_on == date(2027, 4, 1)


def test_a_draw_that_was_made_cannot_be_skipped_any_more(at_autopay):
    draw = announced(at_autopay)
    at_autopay.auto.goes_to(date(2027, 4, 1))
    at_autopay.auto.runs()
    at_autopay.force_login(at_autopay.auto.user)
    page = at_autopay.post(page_of(draw), {"do": "skip"})
    assert "Paid" in text_of(page)
    assert services.skip(draw) is False
    draw.refresh_from_db()
    assert draw.status == "drawn"


def test_another_member_of_the_household_sees_that_it_is_on_and_nothing_more(at_autopay, client):
    draw = announced(at_autopay)
    other = factories.user(member=factories.member(household=at_autopay.auto.user.member.household))
    client.force_login(other)
    text = text_of(client.get(AUTOPAY))
    assert "Someone in your household already turned on autopay" in text
    assert "4242" not in text
    assert client.get(ENROLL).url == AUTOPAY
    for method in (client.get, client.post):
        assert method(page_of(draw)).status_code == 404
    assert client.post(reverse("payments:cancel_autopay")).status_code == 404
    assert AutopayEnrollment.objects.get().ended_at is None


def test_without_anything_saved_the_page_says_what_to_do_first(member_client):
    assert "first save a card or a bank account" in text_of(member_client.get(AUTOPAY))
    assert member_client.get(ENROLL).url == AUTOPAY


def test_removing_the_card_that_autopay_uses_warns_first(at_autopay):
    agrees(at_autopay)
    address = reverse("payments:remove_method", args=[at_autopay.saved.reference])
    assert "This turns autopay off" in text_of(at_autopay.get(address))
    at_autopay.post(address)
    assert end_of(AutopayEnrollment.objects.get()) == "removed"
    assert "Autopay is off." in text_of(at_autopay.get(AUTOPAY))


# --- the command --------------------------------------------------------------------------------------------------
def run(*words, capsys):
    with pytest.raises(SystemExit) as left:
        call_command("run_autopay", *words)
    return left.value.code, capsys.readouterr().out


def test_a_dry_run_says_what_would_be_drawn_and_does_nothing(at_autopay, capsys):
    agrees(at_autopay)
    at_autopay.auto.billed()
    at_autopay.auto.goes_to(date(2027, 3, 22))
    status, said = run("--dry-run", "--json", capsys=capsys)
    assert (status, json.loads(said)["announced"]) == (0, 1)
    assert not AutopayDraw.objects.exists()
    at_autopay.auto.runs()
    at_autopay.auto.goes_to(date(2027, 4, 1))
    status, said = run("--dry-run", capsys=capsys)
    assert (status, "1 drawn" in said, "nothing done" in said) == (0, True, True)
    assert AutopayDraw.objects.get().status == "planned"
    assert kinds() == ["autopay_on", "autopay_notice"]


def test_the_status_says_whether_everything_went_through(at_autopay, capsys):
    announced(at_autopay)
    at_autopay.auto.goes_to(date(2027, 4, 1))
    at_autopay.auto.fake._change(at_autopay.saved.gateway_id, customer_id="")
    assert run("--json", capsys=capsys)[0] == 1
    assert run("--json", capsys=capsys)[0] == 0


def test_a_database_that_is_away_is_said_and_is_status_two(at_autopay, monkeypatch, capsys):
    def away(*_args, **_kwargs):
        raise OperationalError("could not connect")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.utils.CursorWrapper.execute", away)
        with pytest.raises(CommandError) as error:
            call_command("run_autopay", "--json")
    assert error.value.returncode == 2
    assert json.loads(capsys.readouterr().out) == {"error": "the database is away"}


def test_five_hundred_autopays_that_ended_come_twelve_a_page_in_few_queries(at_autopay, django_assert_max_num_queries):
    facts = {"user": at_autopay.auto.user, "household": at_autopay.auto.paying.household}
    ended = {"saved_method": at_autopay.saved, "ended_at": timezone.now(), "end_reason": "member"}
    rows = AutopayEnrollment.objects.bulk_create(AutopayEnrollment(**facts, **ended) for _ in range(500))
    agreed = {"text": "I allow it.", "version": "test", "language": "en", "accepted_at": timezone.now()}
    AutopayAgreement.objects.bulk_create(AutopayAgreement(enrollment=row, **agreed) for row in rows)
    address, seen = AUTOPAY, []
    with django_assert_max_num_queries(12):
        at_autopay.get(address)
    for _ in range(42):
        page = at_autopay.get(address)
        seen += [enrollment.pk for enrollment, _why in page.context["ended"]]
        address = AUTOPAY + page.context["older_url"]
    assert (address, len(seen), len(set(seen))) == (AUTOPAY, 500, 500)
    assert page.context["newer_url"] == AUTOPAY
