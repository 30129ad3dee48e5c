"""What home tells someone who comes to the door."""

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
