"""The pages of last resort come without session and database, and say what to do next."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpResponse
from django.template import loader
from django.test import Client
from django.utils.html import strip_tags

from portal import pages
from portal.shared.context import site

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["400", "403", "403_csrf", "404", "405", "413", "429", "500", "503"]


class NoSession:
    """Stands where a session would and may not be asked anything."""

    def __getattr__(self, name: str):
        raise AssertionError(f"the page asked the session for {name}")

    def __getitem__(self, name: str):
        raise AssertionError(f"the page asked the session for {name}")


@pytest.fixture
def bare_request(rf):
    """A request whose session answers nothing. Without the `db` fixture, a query fails too."""
    request = rf.get("/somewhere/")
    request.session, request.user = NoSession(), AnonymousUser()
    return request


@pytest.mark.parametrize("name", NAMES)
def test_every_error_page_stands_without_database_and_says_whom_to_call(name, rf, settings):
    page = loader.get_template(f"{name}.html").render(site(rf.get("/")))
    assert settings.SUPPORT_PHONE in page
    assert re.search(r"<h1>[^<]{5,}</h1>", page)
    assert len(strip_tags(page.split("<h1>")[1].split("</main>")[0]).split()) > 12


@pytest.mark.parametrize(
    ("view", "status"),
    [(pages.bad_request, 400), (pages.forbidden, 403), (pages.csrf_failure, 403), (pages.not_found, 404)],
)
def test_each_fault_has_its_own_status_and_asks_no_one(view, status, bare_request):
    assert view(bare_request, PermissionDenied()).status_code == status


def test_a_fault_of_ours_is_a_500_and_warns_before_paying_again(bare_request):
    try:
        raise ValueError
    except ValueError:
        answer = pages.server_error(bare_request)
    assert answer.status_code == 500
    assert "Look under Payments before you pay again" in answer.content.decode()


def test_a_database_that_does_not_answer_is_a_503_and_not_a_fault_of_the_page(bare_request):
    try:
        raise OperationalError
    except OperationalError:
        answer = pages.server_error(bare_request)
    assert answer.status_code == 503
    assert "We will be back soon" in answer.content.decode()


@pytest.mark.parametrize(("status", "heading"), [(413, "too much to send"), (429, "Too many tries")])
def test_an_empty_refusal_gets_its_page_and_keeps_its_headers(status, heading, rf):
    bare = HttpResponse(status=status, headers={"Retry-After": "60"})
    answer = pages.HousePageMiddleware(lambda request: bare)(rf.post("/"))
    assert (answer.status_code, answer["Retry-After"]) == (status, "60")
    assert heading in answer.content.decode()


def test_words_that_a_page_gave_itself_are_left_alone(rf):
    answer = pages.HousePageMiddleware(lambda request: HttpResponse("no", status=429))(rf.post("/"))
    assert answer.content == b"no"


def test_more_than_we_take_is_said_so(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/accounts/login/", {"username": "x" * 2000, "password": "y"})
    assert answer.status_code == 413
    assert "bigger than we can take" in answer.content.decode()


DOWN = """
import django
django.setup()
from django.test import Client
stranger, member, forger = Client(raise_request_exception=False), Client(raise_request_exception=False), \
    Client(raise_request_exception=False, enforce_csrf_checks=True)
member.cookies["sessionid"] = "a" * 32
for answer in (stranger.get("/nowhere/"), member.get("/bills/"), member.get("/nowhere/"),
               forger.post("/accounts/login/"), stranger.get("/accounts/logout/"), stranger.get("/")):
    print(answer.status_code, answer.content.decode().split("<h1>")[1].split("</h1>")[0], sep="|")
"""


def test_without_a_database_every_error_page_stands():
    facts = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = [sys.executable, "-c", DOWN]
    run = subprocess.run(command, cwd=ROOT, env=dict(os.environ) | facts, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "404|We cannot find this page",
        "503|We will be back soon",
        "503|We will be back soon",
        "403|This page was open too long",
        "405|This address is for a button",
        "200|See and pay your MassHealth bill",
    ]


@pytest.fixture
def closed(settings, tmp_path):
    """The portal is closed for maintenance; return the file that says so."""
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    settings.MAINTENANCE_FILE.touch()
    return settings.MAINTENANCE_FILE


@pytest.mark.parametrize("address", ["/", "/bills/", "/accounts/login/", "/admin/", "/webhooks/stripe/", "/nowhere/"])
def test_while_the_file_is_there_every_page_says_when_to_come_back_and_asks_nothing(closed, client, address):
    for answer in (client.get(address), client.post(address)):
        assert (answer.status_code, answer["Retry-After"]) == (503, "300")
        assert "no-store" in answer["Cache-Control"]
        assert "We are working on the site" in answer.content.decode()
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_during_maintenance_the_load_balancer_is_still_answered(closed, client, db):
    assert client.get("/health/live/").status_code == client.get("/health/ready/").status_code == 200


def test_the_portal_opens_again_as_soon_as_the_file_is_gone(closed, client, db):
    closed.unlink()
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["/accounts/logout/", "/accounts/session/extend/", "/webhooks/stripe/"])
def test_an_address_of_a_button_opened_by_itself_gets_the_house_page(client, db, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Allow"][:4]) == (405, "POST")
    text = " ".join(strip_tags(answer.content.decode()).split())
    assert "This address is for a button" in text
    assert "Go to the first page" in text


def test_an_unknown_address_gets_the_house_page_and_not_what_was_asked_for(client, db):
    answer = client.get("/<script>alert(1)</script>/")
    assert answer.status_code == 404
    assert b"alert(1)" not in answer.content
    assert b"We cannot find this page" in answer.content


def test_a_form_without_its_token_is_told_about_reloading_and_cookies(db):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "someone", "password": "x"})
    assert answer.status_code == 403
    text = " ".join(strip_tags(answer.content.decode()).split())
    assert "This page was open too long" in text
    assert "allow cookies" in text
    assert "nothing was charged" in text
