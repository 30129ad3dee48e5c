"""A phone number counts once it is proved by a code: a mobile one by text, any other one by email."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.models import ContactChange, PendingContact
from portal.shared.models import OutgoingMessage
from tests import factories
from tests.accounts.conftest import CONTACT, FACTS, LOGIN, PromptClient, link_in, log_in

pytestmark = pytest.mark.django_db
PROFILE, PHONE, CODE = (reverse(f"accounts:{name}") for name in ("profile", "change_phone", "prove_phone"))
MOBILE = {"phone": "617-555-0199", "is_mobile": "on", "password": factories.PASSWORD}
LANDLINE = {"phone": "(617) 555-0100", "password": factories.PASSWORD}


def code_in(text):
    return re.search(r"\b\d{6}\b", text)[0]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def errors(response):
    return {name: found[0] for name, found in response.context["form"].errors.items()}


def asked(client, outbox, typed=MOBILE):
    """Ask for a mobile number and return the code that came by text."""
    client.post(PHONE, typed)
    return code_in(outbox[-1].body)


def phone_of(client):
    client.user.refresh_from_db()
    return str(client.user.phone), client.user.phone_is_mobile, client.user.phone_confirmed_at is not None


def test_a_mobile_number_counts_once_the_code_that_came_by_text_is_typed(prompt_member, textoutbox):
    answer = prompt_member.post(PHONE, MOBILE)
    assert answer["Location"] == CODE
    (text,) = textoutbox
    assert text.to == "+16175550199"
    assert "works for 10 minutes" in text.body
    assert phone_of(prompt_member) == ("", False, False)
    assert "(617) 555-0199" in prompt_member.get(CODE).content.decode()
    code = code_in(text.body)
    page = prompt_member.post(CODE, {"code": f" {code[:3]} {code[3:]} "}, follow=True)
    assert "Your phone number is confirmed" in page.content.decode()
    assert phone_of(prompt_member) == ("+16175550199", True, True)
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([prompt_member.user.email], "Your contact details were changed")
    ]
    change = ContactChange.objects.get()
    assert (change.old["phone"], change.new["phone"], change.new["phone_is_mobile"]) == ("", "+16175550199", True)


def test_the_code_is_kept_nowhere_once_it_is_sent(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    assert code not in str(list(PendingContact.objects.values_list()))
    assert OutgoingMessage.objects.get().body_text == ""


def test_a_number_that_gets_no_texts_is_proved_by_a_code_sent_by_email(prompt_member, textoutbox):
    prompt_member.post(PHONE, LANDLINE)
    assert textoutbox == []
    assert mail.outbox[0].to == [prompt_member.user.email]
    prompt_member.post(CODE, {"code": code_in(mail.outbox[0].body)})
    assert phone_of(prompt_member) == ("+16175550100", False, False)


def test_where_no_text_service_is_set_every_code_goes_by_email(prompt_member, textoutbox, settings):
    settings.TEXT_SENDER = ""
    prompt_member.post(PHONE, MOBILE)
    prompt_member.post(CODE, {"code": code_in(mail.outbox[0].body)})
    assert phone_of(prompt_member) == ("+16175550199", True, False)


def test_the_old_proved_mobile_number_is_told_by_text(prompt_member, textoutbox):
    prompt_member.post(CODE, {"code": asked(prompt_member, textoutbox)})
    prompt_member.post(CODE, {"code": asked(prompt_member, textoutbox, MOBILE | {"phone": "617-555-0177"})})
    assert textoutbox[-1].to == "+16175550199"
    assert "another phone number" in textoutbox[-1].body
    assert phone_of(prompt_member)[0] == "+16175550177"


def test_a_number_that_was_never_proved_is_told_nothing(prompt_member, textoutbox):
    prompt_member.user.phone = "+16175550155"
    prompt_member.user.phone_is_mobile = True
    prompt_member.user.save()
    prompt_member.post(CODE, {"code": asked(prompt_member, textoutbox)})
    assert {text.to for text in textoutbox} == {"+16175550199"}


def test_the_number_given_at_registration_is_proved_as_it_is(prompt_member, textoutbox):
    prompt_member.user.phone, prompt_member.user.phone_is_mobile = "+16175550199", True
    prompt_member.user.save()
    page = prompt_member.get(PHONE).content.decode()
    assert 'value="(617) 555-0199"' in page
    prompt_member.post(CODE, {"code": asked(prompt_member, textoutbox)})
    assert phone_of(prompt_member) == ("+16175550199", True, True)
    assert len(textoutbox) == 1
    assert "the number that we have" in errors(prompt_member.post(PHONE, MOBILE))["phone"]


def test_a_code_can_be_tried_five_times(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    for _ in range(4):
        assert "not the newest code" in errors(prompt_member.post(CODE, {"code": wrong(code)}))["code"]
    assert "no longer works" in errors(prompt_member.post(CODE, {"code": wrong(code)}))["code"]
    assert "no longer works" in errors(prompt_member.post(CODE, {"code": code}))["code"]
    assert phone_of(prompt_member)[0] == ""


def test_the_fifth_try_may_be_the_right_one(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    for _ in range(4):
        prompt_member.post(CODE, {"code": wrong(code)})
    assert prompt_member.post(CODE, {"code": code}).status_code == 302


def test_a_code_works_for_ten_minutes(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    PendingContact.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "no longer works" in errors(prompt_member.post(CODE, {"code": code}))["code"]
    assert "Ask for the change again" in prompt_member.get(CODE, follow=True).content.decode()
    assert phone_of(prompt_member)[0] == ""


def test_a_code_lasts_ten_minutes_from_when_it_is_sent(prompt_member, textoutbox):
    asked(prompt_member, textoutbox)
    lasts = PendingContact.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=9) < lasts <= timedelta(minutes=10)


def test_a_code_works_once(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    prompt_member.post(CODE, {"code": code})
    assert "no longer works" in errors(prompt_member.post(CODE, {"code": code}))["code"]
    assert ContactChange.objects.count() == 1


def test_a_code_that_is_sent_again_replaces_the_one_before(prompt_member, textoutbox):
    first = asked(prompt_member, textoutbox)
    answer = prompt_member.post(reverse("accounts:send_contact_again", args=["phone"]))
    second = code_in(textoutbox[-1].body)
    assert answer["Location"] == CODE
    if first != second:
        assert "not the newest" in errors(prompt_member.post(CODE, {"code": first}))["code"]
    prompt_member.post(CODE, {"code": second})
    assert phone_of(prompt_member)[0] == "+16175550199"


def test_a_canceled_change_leaves_the_number_as_it_was(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    prompt_member.post(reverse("accounts:cancel_contact", args=["phone"]))
    assert "no longer works" in errors(prompt_member.post(CODE, {"code": code}))["code"]
    assert phone_of(prompt_member)[0] == ""


def test_a_code_of_one_account_is_none_for_another(prompt_member, textoutbox):
    code = asked(prompt_member, textoutbox)
    other = PromptClient()
    other.force_login(factories.user())
    assert "no longer works" in errors(other.post(CODE, {"code": code}))["code"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the code"),
        ("12345", "6 digits"),
        ("1234567", "6 digits"),
        ("12345O", "letter O for the digit 0"),
        ("١٢٣٤٥٦", "digits 0 to 9"),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", "digits 0 to 9"),
        ("abcdef", "6 digits"),
        ("123\x00456", "6 digits"),
    ],
)
def test_what_cannot_be_a_code_uses_up_no_try_and_stays_as_typed(prompt_member, textoutbox, typed, words):
    asked(prompt_member, textoutbox)
    page = prompt_member.post(CODE, {"code": typed})
    assert words in errors(page)["code"]
    assert page.context["form"]["code"].value() == typed
    assert PendingContact.objects.get().tries == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter your phone number"),
        ("555-0199", "area code"),
        ("617-555-O199", "letter O"),
        ("617-555-0199 x12", "without an extension"),
        ("617-555-0199#12", "without an extension"),
        ("617555019999999", "area code"),
        ("+999 1234", "area code"),
        ("call me", "digits only"),
    ],
)
def test_what_cannot_be_a_phone_number_is_refused_in_words_and_stays_as_typed(prompt_member, typed, words):
    page = prompt_member.post(PHONE, MOBILE | {"phone": typed})
    assert words in errors(page)["phone"]
    assert page.context["form"]["phone"].value() == typed
    assert not PendingContact.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("٦١٧-٥٥٥-٠١٩٩", "+16175550199"),
        (" 1 617 555 0199 ", "+16175550199"),
        ("617.555.0199", "+16175550199"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_is_taken_as_people_write_it(prompt_member, textoutbox, typed, kept):
    prompt_member.post(PHONE, MOBILE | {"phone": typed})
    assert PendingContact.objects.get().value == kept


def test_a_wrong_password_is_counted_and_sends_nothing(prompt_member, textoutbox):
    page = prompt_member.post(PHONE, MOBILE | {"password": "wrong"})
    assert "not your password" in errors(page)["password"]
    assert textoutbox == []
    prompt_member.user.refresh_from_db()
    assert prompt_member.user.failed_logins == 1


def test_registration_keeps_the_mobile_number_and_the_first_log_in_offers_to_prove_it(registrant, textoutbox):
    client = PromptClient()
    client.post(reverse("accounts:register"), FACTS)
    client.post(reverse("accounts:register_contact"), CONTACT | {"phone_is_mobile": "on"})
    client.post(reverse("accounts:register_login"), LOGIN)
    client.get(link_in(mail.outbox[0]))
    client.post(reverse("accounts:email_confirm_press"))
    log_in(client, LOGIN["username"], LOGIN["password"])
    offer = f'<a href="{PHONE}">Confirm your mobile phone</a>'
    assert offer in client.get(PROFILE).content.decode()
    client.post(reverse("accounts:logout"))
    log_in(client, LOGIN["username"], LOGIN["password"])
    assert offer not in client.get(PROFILE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_are_five():
    user = factories.user()
    services.ask_for_contact(user=user, kind="phone", value="+16175550199", is_mobile=True)

    def guess(number):
        try:
            return services.prove_phone(user=user, code=f"{number:06d}")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(guess, range(20)))
    assert PendingContact.objects.filter(user=user).values_list("tries", flat=True).first() in (5, None)
    assert outcomes.count(services.Proof.OVER) >= 15
