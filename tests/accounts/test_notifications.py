"""What a member chooses to hear, by which way, and how it ends."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts import notices, selectors, services
from accounts.models import Preferences, TextConsent, User
from accounts.tokens import unsubscribe_token
from portal.shared import tasks
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.catalogues import offer
from tests.texting import call

pytestmark = pytest.mark.django_db
PAGE = "/accounts/notifications/"
NUMBER = "+16175550100"
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.fixture
def texter(client):
    """A member with a proved mobile number who has not chosen anything."""
    client.user = factories.user(phone=NUMBER, phone_confirmed_at=timezone.now(), phone_is_mobile=True)
    client.force_login(client.user)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_at_first_there_are_no_reminders_and_no_texts(member_client):
    page = member_client.get(PAGE)
    assert page.context["form"].initial == {
        "emails": ["new_bill", "payment_failed", "policy"],
        "texts": [],
        "days_before": [7, 1],
    }
    assert "once you have proved a mobile number" in text_of(page)
    assert 'name="texts"' not in page.content.decode()
    assert not selectors.wants_email(member_client.user, "reminder")
    assert selectors.wants_email(member_client.user, "payment_confirmed")


def test_a_choice_is_saved_and_written_down(member_client):
    answer = member_client.post(PAGE, {"emails": ["reminder"], "days_before": ["14", "3"]}, follow=True)
    assert "Saved. We will write to you the way you chose." in text_of(answer)
    chosen = Preferences.objects.get()
    assert (chosen.emails, chosen.texts, chosen.days_before) == (["reminder"], [], [14, 3])
    entry = AuditEntry.objects.get(action="change_notifications")
    assert (entry.actor, entry.data["chosen"]["emails"]) == (member_client.user, ["reminder"])
    assert selectors.wants_email(member_client.user, "reminder")
    assert not selectors.wants_email(member_client.user, "new_bill")


def test_reminders_need_a_day_and_the_ticks_stay(member_client):
    answer = member_client.post(PAGE, {"emails": ["reminder", "policy"]})
    assert "Choose at least one day, or turn reminders off." in text_of(answer)
    assert answer.content.decode().count(" checked") == 2
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("wrong", [{"emails": ["payment_returned"]}, {"days_before": ["2"]}, {"days_before": ["x"]}])
def test_what_is_no_choice_is_refused(member_client, wrong):
    assert "Select a valid choice" in text_of(member_client.post(PAGE, wrong))
    assert not Preferences.objects.exists()


def test_texts_need_the_members_word_which_is_kept_as_it_was_shown(texter):
    page = text_of(texter.get(PAGE))
    chosen = {"emails": ["new_bill"], "texts": ["new_bill"], "days_before": ["7"]}
    assert "Tick this box to get text messages, or choose none." in text_of(texter.post(PAGE, chosen))
    assert not TextConsent.objects.exists()
    texter.post(PAGE, chosen | {"agree": "on"})
    consent = TextConsent.objects.get()
    assert (consent.number, consent.version, consent.language, consent.address) == (
        NUMBER,
        "2026-11-25",
        "en",
        "127.0.0.1",
    )
    assert consent.words in page.replace("&#x27;", "'")
    assert consent.words.startswith("I agree to get text messages from MA Bill Pay")
    assert "You agreed on" in text_of(texter.get(PAGE))


def test_in_an_unreviewed_language_the_consent_stands_beside_its_english(texter, settings, tmp_path):
    counts = "This is a translation. If it differs from the English text, the English text counts."
    offer(settings, tmp_path, es={counts: "Cuenta el texto en inglés."})
    texter.post("/language/", {"language": "es"})
    page = texter.get(PAGE).content.decode()
    assert 'Cuenta el texto en inglés. <span lang="en" dir="ltr">I agree to get text messages' in " ".join(page.split())
    texter.post(PAGE, {"texts": ["new_bill"], "agree": "on"})
    consent = TextConsent.objects.get()
    assert consent.language == "es"
    assert consent.words.count("I agree to get text messages") == 2
    assert "Cuenta el texto en inglés." in consent.words


def test_a_second_save_keeps_the_first_consent_and_none_chosen_ends_it(texter):
    texter.post(PAGE, {"texts": ["new_bill"], "agree": "on"})
    texter.post(PAGE, {"texts": ["new_bill", "policy"]})
    assert TextConsent.objects.filter(ended_at=None).count() == 1
    texter.post(PAGE, {})
    assert TextConsent.objects.get().ended_by == "page"


def test_another_number_needs_another_word(texter):
    texter.post(PAGE, {"texts": ["new_bill"], "agree": "on"})
    User.objects.update(phone="+16175550199", phone_confirmed_at=timezone.now())
    user = User.objects.get()
    assert selectors.text_consent(user, "new_bill") is None
    assert 'name="agree"' in texter.get(PAGE).content.decode()
    texter.post(PAGE, {"texts": ["new_bill"], "agree": "on"})
    assert selectors.text_consent(user, "new_bill").number == "+16175550199"
    assert TextConsent.objects.filter(ended_at=None).count() == 1


def test_where_no_text_service_is_set_no_texts_are_offered(texter, settings):
    settings.TEXT_SENDER = ""
    page = texter.get(PAGE)
    assert 'name="texts"' not in page.content.decode()
    assert "We can text you" not in text_of(page)


def test_the_page_asks_little_of_the_database(texter, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        texter.get(PAGE)


def test_staff_and_strangers_find_no_such_page(client):
    assert client.get(PAGE).status_code == 302
    client.force_login(factories.user(is_staff=True))
    assert client.get(PAGE).status_code == 404


# --- texts -----------------------------------------------------------------------------------------------------------
def test_a_new_password_is_told_by_text_too_when_chosen(textoutbox, time_machine):
    time_machine.move_to("2026-11-24 15:00+00:00")
    user = factories.texting_user(texts=["password_changed"])
    notices.password_changed(user, key="one")
    notices.account_locked(User(pk=user.pk, email=user.email, locked_at=timezone.now()))
    tasks.sweep_messages()
    assert [text.body for text in textoutbox] == [
        "MA Bill Pay: Your password was changed. If this was not you, call (800) 841-2900 now."
    ]


def test_stop_ends_texts_at_once_also_those_that_wait(client, textoutbox, time_machine):
    time_machine.move_to("2026-11-25 03:00+00:00")
    user = factories.texting_user(texts=["password_changed"])
    notices.password_changed(user, key="one")
    answer = call(client, From=NUMBER, To="+15005550006", Body=" Stop ")
    assert (answer.status_code, "<Message>" in answer.content.decode()) == (200, False)
    time_machine.move_to("2026-11-25 14:00+00:00")
    tasks.sweep_messages()
    assert (OutgoingMessage.objects.get(key="one:text").status, textoutbox) == ("canceled", [])
    consent = TextConsent.objects.get()
    assert (consent.ended_by, AuditEntry.objects.get().action) == ("text", "stop_texts")
    assert selectors.text_consent(User.objects.get(pk=user.pk), "password_changed") is None


def test_start_takes_up_what_stop_ended_and_nothing_else(client):
    user = factories.texting_user(texts=["new_bill"])
    call(client, From=NUMBER, Body="STOP")
    call(client, From=NUMBER, Body="start")
    call(client, From=NUMBER, Body="START")
    assert selectors.text_consent(user, "new_bill").given_by == "text"
    assert TextConsent.objects.filter(ended_at=None).count() == 1
    client.force_login(user)
    client.post(PAGE, {})
    call(client, From=NUMBER, Body="START")
    assert not TextConsent.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("words", ["HELP", "What do I owe?", ""])
def test_anything_else_is_answered_with_the_support_phone(client, words):
    answer = call(client, From="+16175550111", Body=words)
    assert answer["Content-Type"] == "text/xml"
    assert (
        "<Message>MA Bill Pay: For help call (800) 841-2900. Nobody reads texts sent here. Reply STOP to end texts."
        "</Message>" in answer.content.decode()
    )


def test_a_stop_that_was_not_signed_ends_nothing(client):
    factories.texting_user(texts=["new_bill"])
    assert call(client, token="another", From=NUMBER, Body="STOP").status_code == 403
    assert TextConsent.objects.get().ended_at is None


TEXTS = ["reminder", "new_bill", "payment_confirmed", "payment_failed", "payment_returned", "account_locked"]
TEXTS += ["account_unlocked", "password_changed", "contact_changed", "policy"]


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("is_late", [True, False])
def test_every_text_fits_in_one_message_and_says_no_more_than_it_must(kind, is_late, settings):
    facts = {"due_on": timezone.localdate().replace(month=9, day=30), "is_late": is_late}
    facts |= {"site_host": "billpay.mass.example", "support_phone": "(800) 841-2900"}
    with translation.override("en"):
        text = f"{settings.TEXT_NAME}: {' '.join(render_to_string(f'text/{kind}.txt', facts).split())}"
    assert len(text) <= 160, text
    assert set(text) <= GSM
    assert "$" not in text
    assert not re.search("health|medicaid|coverage|commonhealth|://", text, re.I)


# --- one click in a reminder -----------------------------------------------------------------------------------------
@pytest.fixture
def reminded():
    user = factories.user()
    Preferences.objects.create(user=user, emails=["reminder", "policy"])
    return user


def stop_page(user) -> str:
    return f"/accounts/notifications/stop/{unsubscribe_token(user.pk)}/"


def test_one_click_ends_reminders_without_log_in_or_form_token(reminded):
    from django.test import Client

    mail_program = Client(enforce_csrf_checks=True)
    answer = mail_program.post(stop_page(reminded), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Preferences.objects.get().emails == ["policy"]
    assert mail_program.post(stop_page(reminded)).status_code == 200
    assert AuditEntry.objects.filter(action="unsubscribe_reminders").count() == 1


def test_looking_at_the_link_changes_nothing_and_shows_a_button(client, reminded):
    page = client.get(stop_page(reminded))
    assert "Stop reminders by email?" in text_of(page)
    assert Preferences.objects.get().emails == ["reminder", "policy"]


def test_a_false_link_is_nowhere(client, reminded):
    false = stop_page(reminded)[:-3] + "xx/"
    assert client.get(false).status_code == 404
    assert client.post(false).status_code == 404
    assert client.post("/accounts/notifications/stop/1/").status_code == 404
    assert Preferences.objects.get().emails == ["reminder", "policy"]


def test_reminders_by_text_go_on_after_the_one_click():
    user = factories.texting_user(emails=["reminder"], texts=["reminder"])
    services.stop_email_reminders(user_id=user.pk)
    chosen = Preferences.objects.get()
    assert (chosen.emails, chosen.texts) == ([], ["reminder"])
