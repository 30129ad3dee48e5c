"""What home and help tell someone who comes to the door."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags


def text_of(response) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def test_home_says_what_can_be_done_here_and_shows_both_doors(client, db):
    answer = client.get("/")
    text = text_of(answer)
    assert "See what you owe, why, and when it is due." in text
    assert "Pay with a card or from a bank account." in text
    assert "keep the receipt" in text
    main = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert f'href="{reverse("accounts:register")}"' in main
    assert f'href="{reverse("accounts:login")}"' in main


def test_home_names_the_support_phone_as_something_to_press(client, db, settings):
    settings.SUPPORT_PHONE = "(800) 555-0100"
    page = client.get("/").content.decode()
    assert '<a class="ma__nowrap" href="tel:8005550100">(800) 555-0100</a>' in page


def test_home_shows_those_at_the_wrong_door_the_way(client, db, settings):
    answer = client.get("/")
    assert "9 digits and starts with 7" in text_of(answer)
    assert settings.CONNECTOR_PHONE in text_of(answer)
    assert f'href="{settings.CONNECTOR_URL}"' in answer.content.decode()


def test_home_leads_a_member_who_is_logged_in_to_the_bills(member_client):
    assert member_client.get("/").headers["Location"] == reverse("billing:overview")


def test_home_and_help_change_nothing(client, db):
    assert client.post("/").status_code == 405
    assert client.post(reverse("help")).status_code == 405


@pytest.mark.parametrize(
    "question",
    [
        "I forgot my password",
        "I forgot my username",
        "My account is locked",
        "I paid, but I do not see my payment",
        "The website does not work",
        "My letter and the bill here differ",
        "I can't pay",
        "I have a Health Connector bill",
        "Whom to call, and help in your language",
    ],
)
def test_help_answers(client, db, question):
    assert question in text_of(client.get(reverse("help"))).replace("&#x27;", "'")


def test_every_line_of_helps_contents_leads_to_a_heading(client, db):
    page = client.get(reverse("help")).content.decode()
    contents = re.search(r'<ul class="ma__contents">(.*?)</ul>', page, re.S)[1]
    targets = re.findall(r'href="#([\w-]+)"', contents)
    assert len(targets) >= 7
    assert all(f'id="{target}"' in page for target in targets)


@time_machine.travel("2026-11-24T15:00:00Z", tick=False)
def test_help_gives_real_dates_that_step_over_thanksgiving_and_the_weekend(client, db):
    answer = client.get(reverse("help"))
    dates = answer.context["bank"]
    assert (dates.sent_on, dates.expected_on) == (date(2026, 11, 24), date(2026, 12, 1))
    assert "we send it on Nov. 24, 2026 and expect it to be paid by Dec. 1, 2026" in text_of(answer)


def test_help_says_what_a_reset_does_only_if_it_does_so(client, db, settings):
    settings.RESET_LIFTS_LOCK = False
    assert "Choose a new password with a link by email, or call us" not in text_of(client.get(reverse("help")))


def test_help_leads_a_member_to_the_payments(member_client):
    main = member_client.get(reverse("help")).content.decode().split("<main", 1)[1]
    assert f'href="{reverse("payments:history")}"' in main
