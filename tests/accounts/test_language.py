"""Choosing a language: without log-in, kept in the browser and on the account, and nowhere in an address."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts import notices
from accounts.forms import FactsForm
from accounts.models import ContactChange, User
from tests import factories
from tests.accounts.conftest import code_of, turn_on
from tests.catalogues import offer

SPANISH = {"Log in": "Iniciar sesión", "Bills": "Facturas", "Your password was changed": "Su contraseña cambió"}


@pytest.fixture(autouse=True)
def languages(settings, tmp_path):
    offer(settings, tmp_path, es=SPANISH, ht={"This field is required.": "Ranpli kazye sa a.", "November": "novanm"})


def chosen(client, language="es", **data):
    return client.post("/language/", {"language": language, **data})


def language_of(answer) -> tuple[str, str]:
    page = answer.content.decode()
    return re.search(r'<html lang="([^"]+)"', page)[1], answer.headers["Content-Language"]


def test_every_page_leads_to_the_languages_and_each_stands_in_its_own_tongue(client, db):
    front = client.get("/help/").content.decode()
    assert 'href="/language/?next=/help/"' in front
    page = client.get("/language/?next=/help/").content.decode()
    assert re.search(r'value="es" lang="es"[^>]*>español<', page)
    assert re.search(r'value="ht" lang="ht"[^>]*>Kreyòl ayisyen<', page)
    assert re.search(r'value="en" lang="en" aria-current="true">English<', page)


def test_anyone_can_choose_a_language_without_log_in_and_is_led_back(client, db):
    answer = chosen(client, next="/help/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/help/?a=1")
    page = client.get("/help/")
    assert language_of(page) == ("es", "es")
    assert "Iniciar sesión" in page.content.decode()
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in page["Vary"].split(",")}


def test_the_cookie_holds_the_language_alone_and_no_script_reads_it(client, db, settings):
    settings.LANGUAGE_COOKIE_SECURE = True
    cookie = chosen(client).cookies["language"]
    assert cookie.value == "es"
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")


@pytest.mark.parametrize("evil", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "x", ""])
def test_nobody_is_led_to_another_site(evil, client, db):
    assert chosen(client, next=evil)["Location"] == "/"


@pytest.mark.parametrize("wrong", ["", "xx", "es<script>"])
def test_a_language_that_we_do_not_have_changes_nothing_and_is_explained(wrong, client, db):
    answer = chosen(client, wrong)
    assert answer.status_code == 400
    assert "We do not have this language yet" in answer.content.decode()
    assert "language" not in answer.cookies


def test_opening_the_address_alone_changes_nothing(member_client):
    member_client.get("/language/?language=es")
    assert User.objects.get().language == "en"
    assert language_of(member_client.get("/bills/")) == ("en", "en")


def test_another_site_cannot_choose_for_a_member(db):
    browser = Client(enforce_csrf_checks=True)
    user = factories.user()
    browser.force_login(user)
    assert chosen(browser).status_code == 403
    user.refresh_from_db()
    assert user.language == "en"


def test_a_member_s_choice_is_kept_on_the_account_and_rules_on_every_device(member_client):
    chosen(member_client)
    assert User.objects.get().language == "es"
    other = Client(headers={"accept-language": "en"})
    other.force_login(member_client.user)
    assert language_of(other.get("/bills/")) == ("es", "es")
    assert "Facturas" in other.get("/bills/").content.decode()


def log_in(client, user):
    return client.post("/accounts/login/", {"username": user.username, "password": factories.PASSWORD}, follow=True)


def test_at_log_in_the_account_s_language_rules_over_what_the_browser_had(client, db):
    user = factories.user(language="es")
    client.cookies["language"] = "en"
    page = log_in(client, user)
    assert language_of(page) == ("es", "es")
    assert client.cookies["language"].value == "es"
    client.post("/accounts/logout/")
    assert language_of(client.get("/help/")) == ("es", "es")


def test_a_language_chosen_just_before_the_log_in_is_the_account_s_from_then_on(client, db):
    user = factories.user()
    chosen(client)
    page = log_in(client, user)
    assert language_of(page) == ("es", "es")
    assert "We will use this language for you from now on" in page.content.decode()
    change = ContactChange.objects.get(user=user)
    assert (change.kind, change.old, change.new) == ("language", {"language": "en"}, {"language": "es"})
    other = Client()
    other.force_login(user)
    assert language_of(other.get("/bills/")) == ("es", "es")


def test_it_counts_for_the_next_log_in_alone(client, db):
    first, second = factories.user(), factories.user()
    chosen(client)
    log_in(client, first)
    client.post("/accounts/logout/")
    page = log_in(client, second)
    assert language_of(page) == ("en", "en")
    assert not ContactChange.objects.filter(user=second).exists()


def test_a_choice_of_half_an_hour_ago_is_nobody_s_any_more(client, db, time_machine):
    time_machine.move_to("2026-11-25T12:00:00Z", tick=False)
    chosen(client)
    time_machine.move_to("2026-11-25T12:30:00Z", tick=False)
    assert language_of(log_in(client, factories.user())) == ("en", "en")


def test_the_last_choice_counts_and_the_account_s_own_changes_nothing(client, db):
    user = factories.user()
    chosen(client, "es")
    chosen(client, "en")
    page = log_in(client, user)
    assert language_of(page) == ("en", "en")
    assert "We will use this language" not in page.content.decode()
    assert not ContactChange.objects.exists()


def test_the_choice_waits_for_the_second_step(client, db):
    user = factories.user()
    client.force_login(user)
    turn_on(client)
    client.post("/accounts/logout/")
    chosen(client)
    log_in(client, user)
    user.refresh_from_db()
    assert user.language == "en"
    client.post(reverse("accounts:login_code"), {"code": code_of(user)})
    user.refresh_from_db()
    assert user.language == "es"


def test_an_account_whose_language_is_offered_no_longer_gets_what_the_browser_asks_for(client, db):
    client.force_login(factories.user(language="vi"))
    assert language_of(client.get("/bills/", headers={"accept-language": "es"})) == ("es", "es")


def test_a_browser_that_asks_for_a_language_gets_it_before_anyone_chose(client, db):
    assert language_of(client.get("/", headers={"accept-language": "ht, en;q=0.5"})) == ("ht", "ht")
    assert language_of(client.get("/", headers={"accept-language": "de"})) == ("en", "en")


def test_staff_pages_are_in_english_whatever_the_browser_asks_for(client, db):
    client.force_login(factories.user(is_staff=True, is_superuser=True, language="es"))
    page = client.get("/admin/", headers={"accept-language": "es"})
    assert page.headers["Content-Language"] == "en"
    assert "Iniciar" not in page.content.decode()


def test_a_page_of_a_logged_in_member_asks_the_database_no_more_than_before(
    member_client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):  # the session, the user
        member_client.get("/help/")


def test_a_message_comes_in_the_language_of_the_account_and_says_so(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notices.password_changed(factories.user(language="es"), key="once")
    (sent,) = mail.outbox
    assert sent.subject == "Su contraseña cambió"
    assert sent.extra_headers["Content-Language"] == "es"
    assert '<html lang="es">' in sent.alternatives[0].content


def test_a_form_complains_in_a_language_that_django_does_not_know():
    with translation.override("ht"):
        field = FactsForm({}).fields["first_name"].__class__()
        with pytest.raises(Exception, match="Ranpli kazye sa a"):
            field.clean("")
