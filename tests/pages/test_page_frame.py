"""What every page carries: the frame, the strict policy, and nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings as live
from django.http import HttpResponse
from django.template import loader
from django.urls import reverse
from django.utils import translation

from portal.shared.banner import banner_text
from tests import factories
from tests.pages.every_page import PAGES, opened

ROOT = Path(__file__).resolve().parents[2]

PUBLIC = ["/", "/help/", "/accounts/login/", "/accounts/register/", "/accounts/password/forgot/", "/nowhere/"]
PRIVATE = ["/bills/", "/bills/help-paying/", "/payments/", "/payments/new/"]
STRICT = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]


def check_policy(answer: HttpResponse) -> None:
    policy = [part.strip() for part in answer.headers["Content-Security-Policy"].split(";")]
    assert [rule for rule in STRICT if rule not in policy] == []
    assert "unsafe" not in " ".join(policy)


def check_nothing_inline(page: str) -> None:
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", page) if " src=" not in tag or " defer" not in tag] == []


def check_frame(page: str) -> None:
    assert re.search(r'<html lang="[a-z]{2}', page)
    assert page.count("<h1") == 1
    assert page.index('href="#main"') < page.index("<header") < page.index('<main class="ma__main')
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_keeps_the_strict_policy_and_the_frame(path, client, db):
    answer = client.get(path)
    check_policy(answer)
    check_nothing_inline(answer.content.decode())
    check_frame(answer.content.decode())


@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page_keeps_the_strict_policy_and_the_frame(path, member_client):
    factories.bill(household=member_client.user.member.household)
    answer = member_client.get(path)
    check_policy(answer)
    check_nothing_inline(answer.content.decode())
    check_frame(answer.content.decode())


@pytest.mark.parametrize(
    ("path", "crumbs"),
    [
        ("/", []),
        ("/help/", ["Home", "Help"]),
        ("/accounts/login/", ["Home", "Log in"]),
        ("/accounts/register/", ["Home", "Register"]),
        ("/accounts/password/forgot/", ["Home", "Log in", "Get a new password"]),
        ("/accounts/username/forgot/", ["Home", "Log in", "Get your username"]),
        ("/accounts/email/resend/", ["Home", "Log in", "Get a new confirmation link"]),
        ("/accounts/email/confirm/", ["Home", "Log in", "Confirm your email address"]),
        ("/accounts/password/reset/x/y/", ["Home", "Log in", "Choose a new password"]),
    ],
)
def test_every_public_page_below_home_says_where_it_is(path, crumbs, client, db):
    assert crumbs_of(client.get(path)) == crumbs


@pytest.mark.parametrize(("path", "crumbs"), [("/payments/", ["Payments"]), ("/bills/", ["Bills"])])
def test_every_private_page_says_where_it_is(path, crumbs, member_client):
    assert crumbs_of(member_client.get(path)) == crumbs


def test_a_page_without_a_way_has_no_empty_frame_for_it(client, db):
    assert "You are here" not in client.get("/").content.decode()


def crumbs_of(answer: HttpResponse) -> list[str]:
    found = re.search(r'aria-label="You are here"><ol>(.*?)</ol>', answer.content.decode(), re.S)
    return re.findall(r">([^<>]+)<", re.sub(r"\s*\n\s*", "", found[1])) if found else []


def test_a_title_begins_with_error_only_after_a_mistake(client, db):
    url = reverse("accounts:register")
    assert "<title>Error:" not in client.get(url).content.decode()
    page = client.post(url, {}).content.decode()
    assert re.search(r"<title>Error: .+ - MassHealth Bill Pay</title>", page)


def test_the_site_says_that_it_is_a_demonstration_until_it_is_official(client, db, settings):
    settings.SITE_OFFICIAL = False
    assert "not an official website" in client.get("/").content.decode()
    settings.SITE_OFFICIAL = True
    assert "ma__banner" not in client.get("/").content.decode()


def test_the_agency_brings_its_own_words_and_seal_by_file(client, db, settings, tmp_path):
    words, picture = tmp_path / "words.txt", tmp_path / "seal.png"
    words.write_text("en: A site of the <agency>.\nes: Un sitio de la agencia.\n")
    picture.write_bytes(b"\x89PNG picture")
    settings.SITE_BANNER_FILE, settings.SITE_SEAL_FILE = str(words), str(picture)
    settings.SITE_OFFICIAL = False
    assert "A site of the" not in client.get("/").content.decode()
    assert client.get("/seal/").status_code == 404
    settings.SITE_OFFICIAL = True
    page = client.get("/").content.decode()
    assert '<img src="/seal/" alt="" width="20" height="20">A site of the &lt;agency&gt;.</p>' in page
    assert b"".join(client.get("/seal/").streaming_content) == b"\x89PNG picture"
    assert client.get("/seal/")["Content-Type"] == "image/png"
    with translation.override("es"):
        assert banner_text() == "Un sitio de la agencia."
    with translation.override("vi"):
        assert banner_text() == "A site of the <agency>."


def test_nothing_here_claims_to_be_official_or_holds_a_seal():
    files = [file for folder in ("templates", "static") for file in (ROOT / folder).rglob("*") if file.is_file()]
    words = [file.read_text() for file in files if file.suffix in (".html", ".txt", ".svg", ".md")]
    claims = [text for text in words if re.search(r"(?<!not )an official website", text, re.I)]
    assert claims == []
    assert [file.name for file in files if "seal" in file.name.lower()] == []
    pictures = sorted(file.name for file in files if file.suffix in (".svg", ".png", ".jpg", ".gif", ".webp", ".ico"))
    assert pictures == ["icon.svg"]


def test_practice_with_the_stand_in_gateway_is_named(client, db, settings):
    settings.SITE_OFFICIAL, settings.STRIPE_SECRET_KEY = False, "sk_test_sandbox_1"
    assert "No money moves" in client.get("/").content.decode()
    settings.STRIPE_SECRET_KEY = "sk_test_other"
    assert "No money moves" not in client.get("/").content.decode()


def test_a_member_can_log_out_by_post_and_find_bills_payments_and_help(member_client):
    page = member_client.get("/payments/").content.decode()
    form = re.search(rf'<form method="post" action="{reverse("accounts:logout")}".*?</form>', page, re.S)[0]
    assert "csrfmiddlewaretoken" in form
    assert f'<a href="{reverse("payments:history")}" aria-current="page">' in page
    assert f'href="{reverse("billing:overview")}"' in page


def test_what_is_the_members_own_stands_together_under_account(member_client):
    page = member_client.get("/payments/").content.decode()
    account = re.search(r'<details class="ma__account">.*?</details>', page, re.S)[0]
    names = ("profile", "notifications", "security")
    assert [f'href="{reverse(f"accounts:{name}")}"' in account for name in names] == [True] * 3
    assert f'action="{reverse("accounts:logout")}"' in account
    menu = re.search(r'<nav class="ma__menu".*?</nav>', page, re.S)[0]
    assert re.findall(r">(\w+)</a>", menu) == ["Bills", "Payments", "Coverage", "Cases"]


def test_the_time_out_script_knows_its_times_on_private_pages_only(member_client, client, settings):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_WARNING_SECONDS = 900, 150
    page = member_client.get("/payments/").content.decode()
    assert 'data-idle-seconds="900" data-warning-seconds="150"' in page
    assert f'data-extend-url="{reverse("accounts:session_extend")}"' in page
    member_client.logout()
    page = client.get("/").content.decode()
    assert "data-idle-seconds" not in page
    assert "timeout.js" not in page


@pytest.mark.parametrize(("level", "role"), [("info", "status"), ("success", "status"), ("error", "alert")])
def test_a_passing_message_is_heard_by_its_weight(level, role):
    shown = loader.render_to_string("components/alert.html", {"kind": level, "role": "status", "body": "<b>Word"})
    assert f'role="{role}"' in shown
    assert "&lt;b&gt;Word" in shown


def test_a_standing_alert_is_not_announced_over_the_page():
    shown = loader.render_to_string("components/alert.html", {"kind": "warning", "title": "A payment is late"})
    assert "role=" not in shown


STEPPED = [page for page in PAGES if page.url_name in ("payments:new", "payments:details", "payments:review")]


@pytest.mark.parametrize("page", STEPPED, ids=str)
def test_a_page_on_the_way_to_pay_says_on_which_step_one_is(page, desk):
    html = opened(desk, page.ask(desk)).content.decode()
    shown = re.findall(r'<li class="ma__steps__step[^"]*" aria-current="step">.*?([A-Z]\w+)</li>', html)
    names = {"payments:new": ["Amount"], "payments:details": ["Details"], "payments:review": ["Review"]}
    assert shown == (names[page.url_name] if 'class="ma__steps"' in html else [])


@pytest.mark.parametrize("language", [code for code, _name in live.LANGUAGES])
def test_each_language_is_named_in_its_own_tongue(language, client, db, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("language")).content.decode()
    for code, name in settings.LANGUAGES:
        assert re.search(rf'value="{code}" lang="{code}"[^>]*>{name}</button>', page), name
        assert (f'<span lang="{code}">{name}</span>' in page) == (code != language)
