"""Getting back in by a code sent to a proved mobile phone."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import PhoneRecovery, User
from accounts.tasks import sweep
from portal.shared.models import AuditEntry, OutgoingMessage
from tests import factories
from tests.accounts.conftest import PromptClient, log_in

pytestmark = pytest.mark.django_db
PASSWORD, USERNAME, CODE = (
    reverse(f"accounts:{name}") for name in ("password_by_text", "username_by_text", "recovery_code")
)
NUMBER = "+16175550199"
NEW = "canoe orbit lamp river"


@pytest.fixture
def visitor(textoutbox):
    """Someone at the door, with `.texts` that went out."""
    client = PromptClient()
    client.texts = textoutbox
    return client


def owner(*, proved=timedelta(days=2), **fields):
    facts = {"phone": NUMBER, "phone_is_mobile": True, "phone_confirmed_at": timezone.now() - proved}
    return factories.user(**(facts | fields))


def code_in(visitor):
    return re.search(r"\b\d{6}\b", visitor.texts[-1].body)[0]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def error(page):
    return page.context["form"].errors["code"][0]


def shape(query):
    return re.sub(r"_x\d+", "", " ".join(query["sql"].split()[:3]))


def plain(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def asked(visitor, user):
    """Ask for a code for a forgotten password, and return it."""
    assert visitor.post(PASSWORD, {"username": user.username})["Location"] == CODE
    return code_in(visitor)


def choose(visitor, code, password=NEW):
    """Type the code, and a new password on the page that it leads to."""
    return visitor.post(visitor.post(CODE, {"code": code})["Location"], {"password": password})


def test_a_forgotten_password_is_replaced_by_a_code_sent_to_the_phone(visitor):
    user = owner()
    code = asked(visitor, user)
    assert visitor.texts[0].to == NUMBER
    assert user.username not in visitor.texts[0].body
    assert choose(visitor, code)["Location"] == reverse("accounts:login")
    assert "_auth_user_id" not in visitor.session
    assert log_in(PromptClient(), user.username, factories.PASSWORD).status_code == 200
    assert log_in(PromptClient(), user.username, NEW).status_code == 302


def test_the_owner_is_told_by_email_and_it_is_written_down(visitor):
    user = owner()
    choose(visitor, asked(visitor, user))
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([user.email], "A code by text was used for your account"),
        ([user.email], "Your password was changed"),
    ]
    acts = AuditEntry.objects.filter(subject_id=str(user.pk)).order_by("pk")
    assert [act.action for act in acts] == ["recover_by_phone", "reset_password_by_phone"]
    page = PromptClient()
    page.force_login(User.objects.get(pk=user.pk))
    assert "code from a text message" in page.get(reverse("accounts:security")).content.decode()


def test_other_sessions_end_and_the_lock_is_lifted(visitor):
    user = owner()
    elsewhere = PromptClient()
    log_in(elsewhere, user.username, factories.PASSWORD)
    for _ in range(5):
        log_in(PromptClient(), user.username, "wrong")
    choose(visitor, asked(visitor, user))
    assert elsewhere.post(reverse("accounts:session_extend")).status_code == 401
    assert log_in(PromptClient(), user.username, NEW).status_code == 302
    assert "Your account is unlocked" in [m.subject for m in mail.outbox]


def test_whether_it_lifts_the_lock_is_the_same_setting_as_by_email(visitor, settings):
    settings.RESET_LIFTS_LOCK = False
    user = owner()
    for _ in range(5):
        log_in(PromptClient(), user.username, "wrong")
    choose(visitor, asked(visitor, user))
    assert log_in(PromptClient(), user.username, NEW).status_code == 200


def test_a_forgotten_username_is_shown_after_the_code(visitor):
    user = owner(username="testab")
    visitor.post(USERNAME, {"phone": "(617) 555-0199"})
    assert "testab" not in visitor.texts[0].body
    page = visitor.post(CODE, {"code": code_in(visitor)})
    assert "testab" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert [(m.to, m.subject) for m in mail.outbox] == [([user.email], "A code by text was used for your account")]


def test_all_usernames_of_a_number_are_shown_and_each_owner_is_told(visitor):
    owners = [owner(username="firstname"), owner(username="secondname")]
    owner(username="newcomer", proved=timedelta(hours=1))
    factories.user(username="landline", phone=NUMBER)
    visitor.post(USERNAME, {"phone": NUMBER})
    page = visitor.post(CODE, {"code": code_in(visitor)}).content.decode()
    assert "firstname" in page
    assert "secondname" in page
    assert "newcomer" not in page
    assert "landline" not in page
    assert len(visitor.texts) == 1
    assert {m.to[0] for m in mail.outbox} == {user.email for user in owners}


def test_the_page_is_the_same_whether_anyone_gets_a_code_or_not(visitor):
    owner(username="known")
    owner(username="closed", is_active=False)
    owner(username="unconfirmed", confirmed=False)
    owner(username="newnumber", proved=timedelta(hours=23))
    factories.user(username="phoneless")
    pages, errors = set(), set()
    for name in ("known", "closed", "unconfirmed", "newnumber", "phoneless", "nobody"):
        pages.add(plain(visitor.post(PASSWORD, {"username": name}, follow=True)))
        code = code_in(visitor)
        errors.add(plain(visitor.post(CODE, {"code": wrong(code)})).replace(wrong(code), ""))
    assert (len(pages), len(errors), len(visitor.texts)) == (1, 1, 1)


def test_asking_and_a_wrong_code_cost_the_same_whether_an_account_exists_or_not(client):
    owner(username="known")
    client.post(PASSWORD, {"username": "first"})  # makes the session and the counts
    client.post(CODE, {"code": "000000"})
    seen = []
    for name in ("known", "nobody"):
        with CaptureQueriesContext(connection) as asking:
            client.post(PASSWORD, {"username": name})
        PhoneRecovery.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        sweep()
        with CaptureQueriesContext(connection) as typing:
            client.post(CODE, {"code": "000000"})
        seen.append([[shape(query) for query in queries] for queries in (asking, typing)])
    assert seen[0] == seen[1]


def test_a_number_proved_less_than_a_day_ago_gets_no_code(visitor, settings):
    user = owner(proved=timedelta(hours=23, minutes=59))
    visitor.post(PASSWORD, {"username": user.username})
    visitor.post(USERNAME, {"phone": NUMBER})
    assert visitor.texts == []
    settings.PHONE_RECOVERY_MIN_HOURS = 23
    visitor.post(PASSWORD, {"username": user.username})
    assert len(visitor.texts) == 1


def test_a_number_that_changed_after_the_code_went_out_opens_nothing(visitor):
    user = owner()
    code = asked(visitor, user)
    User.objects.filter(pk=user.pk).update(phone="+16175550111")
    assert "no longer works" in error(visitor.post(CODE, {"code": code}))


def test_a_code_dies_with_the_password_that_it_was_for(visitor):
    user = owner()
    code = asked(visitor, user)
    user.set_password(NEW)
    user.save()
    assert "not the newest code" in error(visitor.post(CODE, {"code": code}))


def test_a_code_can_be_tried_five_times(visitor):
    code = asked(visitor, owner())
    for _ in range(4):
        assert "not the newest code" in error(visitor.post(CODE, {"code": wrong(code)}))
    assert "no longer works" in error(visitor.post(CODE, {"code": wrong(code)}))
    assert "no longer works" in error(visitor.post(CODE, {"code": code}))


def test_a_code_works_for_ten_minutes(visitor):
    code = asked(visitor, owner())
    lasts = PhoneRecovery.objects.get().expires_at - timezone.now()
    assert timedelta(minutes=9) < lasts <= timedelta(minutes=10)
    PhoneRecovery.objects.update(expires_at=timezone.now())
    assert "no longer works" in error(visitor.post(CODE, {"code": code}))


def test_a_code_works_once_and_its_page_is_then_over(visitor):
    code = asked(visitor, owner())
    visitor.post(CODE, {"code": code})
    assert visitor.post(CODE, {"code": code})["Location"] == reverse("accounts:login")
    assert not PhoneRecovery.objects.exists()


def test_a_code_works_in_the_browser_that_asked_for_it_alone(visitor):
    user = owner()
    code = asked(visitor, user)
    other = PromptClient()
    assert other.get(CODE)["Location"] == reverse("accounts:login")
    other.post(PASSWORD, {"username": "nobody"})
    assert "not the newest code" in error(other.post(CODE, {"code": code}))


def test_the_code_is_kept_nowhere_once_it_is_sent(visitor):
    code = asked(visitor, owner())
    assert code not in str(list(PhoneRecovery.objects.values_list()))
    assert code not in str(list(OutgoingMessage.objects.values_list()))


def test_five_codes_a_day_for_an_account_and_for_a_number_are_enough(visitor):
    first, second = owner(), owner()
    for number in range(7):
        page = visitor.post(PASSWORD, {"username": first.username}, REMOTE_ADDR=f"192.0.2.{number}")
        assert page["Location"] == CODE
    assert len(visitor.texts) == 5
    visitor.post(PASSWORD, {"username": second.username})
    visitor.post(USERNAME, {"phone": NUMBER})
    assert len(visitor.texts) == 5


def test_one_network_address_may_ask_and_guess_only_so_often(visitor):
    for number in range(10):
        assert visitor.post(PASSWORD, {"username": f"nobody{number}"}).status_code == 302
    page = visitor.post(USERNAME, {"phone": NUMBER})
    assert (page.status_code, page.context["form"]["phone"].value()) == (429, NUMBER)
    for _ in range(30):
        visitor.post(CODE, {"code": "000000"})
    assert visitor.post(CODE, {"code": "000000"}).status_code == 429


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        (PASSWORD, {"username": ""}, "Enter your username"),
        (USERNAME, {"phone": ""}, "Enter your phone number"),
        (USERNAME, {"phone": "617-555-O199"}, "letter O"),
        (USERNAME, {"phone": "٦١٧"}, "area code"),
        (CODE, {"code": "12345O"}, "letter O"),
        (CODE, {"code": "١٢٣٤٥٦"}, "digits 0 to 9"),
        (CODE, {"code": "1234"}, "6 digits"),
    ],
)
def test_a_typing_mistake_is_said_and_stays(visitor, page, typed, words):
    visitor.post(PASSWORD, {"username": "nobody"})
    form = visitor.post(page, typed).context["form"]
    ((name, value),) = typed.items()
    assert words in form.errors[name][0]
    assert form[name].value() == value
    assert PhoneRecovery.objects.get().tries == 0


def test_an_easy_new_password_is_refused_and_the_page_stays(visitor):
    user = owner()
    page = visitor.post(CODE, {"code": asked(visitor, user)})["Location"]
    assert "easy to guess" in visitor.post(page, {"password": "passwordpassword"}).content.decode()
    assert visitor.post(page, {"password": NEW}).status_code == 302


def test_it_is_offered_where_texts_can_be_sent_alone(visitor, settings):
    for name, by_text in (("password_forgot", PASSWORD), ("username_forgot", USERNAME)):
        assert f'href="{by_text}"' in visitor.get(reverse(f"accounts:{name}")).content.decode()
    settings.TEXT_SENDER = ""
    for name, by_text in (("password_forgot", PASSWORD), ("username_forgot", USERNAME)):
        assert f'href="{by_text}"' not in visitor.get(reverse(f"accounts:{name}")).content.decode()
        assert visitor.get(by_text).status_code == 404
