"""Registering: three steps, one message for every refusal, one account for a member."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Inquiry, User
from accounts.tasks import sweep
from tests import factories
from tests.accounts.conftest import CONTACT, FACTS, LOGIN

pytestmark = pytest.mark.django_db(transaction=True)  # messages leave when a transaction ends
STEP1, STEP2, STEP3 = (reverse(f"accounts:{name}") for name in ("register", "register_contact", "register_login"))


def through(client, *, facts=FACTS, contact=CONTACT, login=LOGIN):
    """Walk through the three steps and return the last answer."""
    client.post(STEP1, facts)
    client.post(STEP2, contact)
    return client.post(STEP3, login, follow=True)


def refusal(client, **changed):
    """Return the words at the head of step 1 when it refuses."""
    response = client.post(STEP1, FACTS | changed)
    assert response.status_code == 200
    return response.context["form"].non_field_errors()[0]


def test_three_steps_make_an_account_and_send_a_link(client, registrant):
    page = through(client)
    user = User.objects.get()
    assert (user.username, user.member, user.email_confirmed_at) == ("testab", registrant, None)
    assert (user.phone.as_e164, user.zip_code, user.state) == ("+16175550123", "02118", "MA")
    assert user.check_password("river lamp orbit canoe")
    assert user.password.startswith(("md5$", "argon2"))
    assert "testa@example.test" in page.content.decode()
    assert [(m.to, m.subject) for m in mail.outbox] == [(["testa@example.test"], "Confirm your email address")]


def test_nothing_of_it_stays_in_the_session(client, registrant):
    through(client)
    assert set(client.session.keys()) == {"registration_done"}


def test_the_password_is_never_in_the_session(client, registrant):
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    client.post(STEP3, LOGIN | {"username": "x"})
    assert "river" not in str(dict(client.session))


def test_names_and_numbers_may_be_typed_in_many_ways(client, registrant):
    registrant.first_name, registrant.last_name = "José-María", "O\u2019Brien"
    registrant.save()
    typed = {
        "first_name": "jose maria",
        "last_name": "OBRIEN",
        "masshealth_id": "1234-0000-0042",
        "date_of_birth": "04271970",
    }
    assert client.post(STEP1, typed).status_code == 302


def test_a_mismatch_a_child_the_not_responsible_and_the_registered_hear_the_same(client, registrant):
    not_responsible = factories.member(
        first_name="Testa", last_name="Beispiel", date_of_birth=registrant.date_of_birth, responsible=False
    )
    registered = factories.member(first_name="Testa", last_name="Beispiel", date_of_birth=registrant.date_of_birth)
    factories.user(member=registered)
    words = {
        refusal(client, masshealth_id="900000000999"),
        refusal(client, first_name="Tessa"),
        refusal(client, last_name="Muster"),
        refusal(client, date_of_birth="4/28/1970"),
        refusal(client, masshealth_id=not_responsible.masshealth_id),
        refusal(client, masshealth_id=registered.masshealth_id),
    }
    assert len(words) == 1
    assert "(800) 841-2900" in words.pop()


def test_a_refused_request_asks_and_writes_the_same_whatever_its_reason(client, registrant):
    factories.user(member=registrant)
    refusal(client)  # the first one makes the counts and the session
    seen = set()
    for changed in ({}, {"masshealth_id": "900000000999"}, {"first_name": "Tessa"}):
        with CaptureQueriesContext(connection) as queries:
            refusal(client, **changed)
        verbs = [" ".join(query["sql"].split()[:3]) for query in queries]
        seen.add(tuple(verbs[: verbs.index('INSERT INTO "accounts_inquiry"') + 1]))  # the rest is the worker's
    assert len(seen) == 1


def test_the_owner_is_told_that_someone_tried_to_register_again(client, registrant):
    owner = factories.user(member=registrant)
    refusal(client)
    assert [(m.to, m.subject) for m in mail.outbox] == [([owner.email], "You already have an account")]
    assert not Inquiry.objects.exists()


def test_a_stranger_who_has_the_number_alone_causes_no_message(client, registrant):
    factories.user(member=registrant)
    refusal(client, first_name="Tessa")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("712345678", "Health Connector"),
        ("90000000004", "You typed 11"),
        ("9000000000421", "You typed 13"),
        ("90000000004X", "digits only"),
        ("٩٠٠٠٠٠٠٠٠٠٤٢", "digits 0 to 9"),
        ("", "Enter your MassHealth ID"),
    ],
)
def test_a_wrong_id_is_answered_with_words_that_help(client, registrant, typed, words):
    form = client.post(STEP1, FACTS | {"masshealth_id": typed}).context["form"]
    assert words in form.errors["masshealth_id"][0]
    assert form["first_name"].value() == "Testa"


def test_every_empty_field_has_its_own_message(client, registrant):
    messages = [error for errors in client.post(STEP1, {}).context["form"].errors.values() for error in errors]
    assert len(set(messages)) == 4
    client.post(STEP1, FACTS)
    messages = [error for errors in client.post(STEP2, {}).context["form"].errors.values() for error in errors]
    assert len(set(messages)) == 6
    client.post(STEP2, CONTACT)
    messages = [error for errors in client.post(STEP3, {}).context["form"].errors.values() for error in errors]
    assert len(set(messages)) == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "testa"),
        ("email", "a@b.test\nBcc: c@d.test"),
        ("phone", "12345"),
        ("phone", "call me"),
        ("state", "XX"),
        ("zip_code", "2118"),
        ("zip_code", "٠٢١١٨"),
        ("city", "x" * 61),
    ],
)
def test_contact_details_that_cannot_be_are_refused_and_kept_as_typed(client, registrant, field, typed):
    client.post(STEP1, FACTS)
    form = client.post(STEP2, CONTACT | {field: typed}).context["form"]
    assert list(form.errors) == [field]
    assert form["address_line1"].value() == "1 Invented Street"


def test_steps_cannot_be_skipped(client, registrant):
    assert client.get(STEP2)["Location"] == STEP1
    assert client.post(STEP3, LOGIN)["Location"] == STEP2
    client.post(STEP1, FACTS)
    assert client.post(STEP3, LOGIN)["Location"] == STEP2
    assert not User.objects.exists()


def test_going_back_shows_what_was_typed(client, registrant):
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    assert 'value="04/27/1970"' in client.get(STEP1).content.decode()
    assert 'value="1 Invented Street"' in client.get(STEP2).content.decode()


def test_what_was_typed_is_forgotten_after_half_an_hour(client, registrant, time_machine):
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    client.post(STEP1, FACTS)
    time_machine.move_to("2026-11-24 12:31:00+00:00")
    assert client.get(STEP2)["Location"] == STEP1
    assert "Beispiel" not in client.get(STEP1).content.decode()


def test_a_taken_username_gets_a_clear_message_and_nothing_else_is_lost(client, registrant):
    factories.user(username="TESTAB")
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    form = client.post(STEP3, LOGIN).context["form"]
    assert form.errors == {"username": ["This username is taken. Choose another."]}
    assert client.post(STEP3, LOGIN | {"username": "another one"}).status_code == 200
    assert client.post(STEP3, LOGIN | {"username": "another"}).status_code == 302


@pytest.mark.parametrize("username", ["abc", "has space", "semi;colon", "123400000042", "x" * 61, "nul\x00nul"])
def test_a_username_that_would_make_trouble_is_refused(client, registrant, username):
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    assert "username" in client.post(STEP3, LOGIN | {"username": username}).context["form"].errors


def test_someone_who_stops_being_responsible_midway_is_sent_back(client, registrant):
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    registrant.responsible = False
    registrant.save()
    response = client.post(STEP3, LOGIN, follow=True)
    assert response.redirect_chain[-1][0] == STEP1
    assert "We could not register you" in response.content.decode()
    assert not User.objects.exists()


def test_an_account_that_was_never_confirmed_can_be_registered_again_with_another_address(client, registrant):
    through(client)
    through(client, contact=CONTACT | {"email": "right@example.test"})
    assert User.objects.get().email == "right@example.test"
    assert [m.to[0] for m in mail.outbox] == ["testa@example.test", "right@example.test"]


def test_the_same_registration_sent_twice_is_one_account_and_one_message(client, registrant):
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    other = type(client)()
    other.post(STEP1, FACTS)
    other.post(STEP2, CONTACT)
    assert client.post(STEP3, LOGIN).status_code == 302
    assert other.post(STEP3, LOGIN).status_code == 302
    assert User.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_confirmed_account_is_never_replaced(client, registrant):
    client.post(STEP1, FACTS)
    client.post(STEP2, CONTACT)
    owner = factories.user(member=registrant)
    response = client.post(STEP3, LOGIN, follow=True)
    assert response.redirect_chain[-1][0] == STEP1
    assert User.objects.get().password == owner.password


def test_the_eleventh_try_in_an_hour_from_one_address_is_too_many(client, registrant):
    for number in range(10):
        refusal(client, masshealth_id=f"90000000{number:04d}")
    response = client.post(STEP1, FACTS)
    assert response.status_code == 429
    assert "too many tries. Wait an hour and try again" in response.context["form"].non_field_errors()[0]
    assert client.post(STEP1, FACTS, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_a_forged_forwarded_address_does_not_reset_the_count(client, registrant):
    for number in range(10):
        refusal(client, masshealth_id=f"90000000{number:04d}")
    assert client.post(STEP1, FACTS, HTTP_X_FORWARDED_FOR="192.0.2.77").status_code == 429


def test_the_sixth_try_in_a_day_for_one_id_is_too_many_even_when_it_is_right(client, registrant):
    for number in range(5):
        client.post(STEP1, FACTS | {"first_name": "Wrong"}, REMOTE_ADDR=f"192.0.2.{number}")
    response = client.post(STEP1, FACTS, REMOTE_ADDR="192.0.2.200")
    assert response.status_code == 429
    assert "Wait a day and try again" in response.context["form"].non_field_errors()[0]


def test_a_health_connector_number_gets_a_real_link_to_where_it_can_be_paid(client, registrant, settings):
    page = client.post(STEP1, FACTS | {"masshealth_id": "712345678"}).content.decode().split("<footer")[0]
    assert f'href="{settings.CONNECTOR_URL}"' in page
    other = client.post(STEP1, FACTS | {"masshealth_id": "1"}).content.decode().split("<footer")[0]
    assert settings.CONNECTOR_URL not in other


def test_each_step_says_that_it_is_registration_and_marks_what_is_optional_once(client, registrant):
    assert "<h1>Register: who you are</h1>" in client.get(STEP1).content.decode()
    page = client.post(STEP1, FACTS, follow=True).content.decode()
    assert "<h1>Register: how to reach you</h1>" in page
    assert page.count("(optional)") == 1
    page = client.post(STEP2, CONTACT, follow=True).content.decode()
    assert "<h1>Register: your username and password</h1>" in page


def test_a_member_who_is_logged_in_does_not_register_again(member_client):
    assert member_client.get(STEP1).status_code == 302


def test_an_inquiry_whose_task_was_lost_is_answered_by_the_sweep(registrant, time_machine):
    time_machine.move_to("2026-11-24 12:00:00+00:00")
    factories.user(member=registrant)
    Inquiry.objects.create(kind="registration", typed=registrant.masshealth_id)
    sweep()
    assert mail.outbox == []
    time_machine.move_to("2026-11-24 12:01:00+00:00")
    sweep()
    sweep()
    assert len(mail.outbox) == 1
