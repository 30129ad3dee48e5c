"""The Twilio adapter over real HTTP against the sandbox: what it sends and reads, and what goes wrong on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.shared.texting.port import NotNow, NumberRefused
from portal.shared.texting.twilio import TwilioSender
from tests.texting import signature

TO = "+16175550100"


@pytest.fixture
def sender(settings, sandbox):
    settings.TWILIO_API_BASE = sandbox.url
    sandbox.control("reset")
    sandbox.control("webhooks/pause")
    yield TwilioSender()
    sandbox.control("faults/clear")


def texts(sandbox) -> list[tuple[list[str], str]]:
    return [(one["to"], one["text"]) for one in sandbox.look("inbox")["messages"] if one["channel"] == "text"]


def test_a_text_arrives_and_is_listed(sender, sandbox):
    sid = sender.send(to=TO, body="MA Bill Pay: hello", number=7)
    assert sid.startswith("SM")
    assert texts(sandbox) == [([TO], "MA Bill Pay: hello")]
    since = timezone.now() - timedelta(minutes=1)
    assert sender.sent(to=TO, body="MA Bill Pay: hello", since=since) == [sid]
    assert sender.sent(to=TO, body="another", since=since) == []
    assert sender.sent(to="+16175550101", body="MA Bill Pay: hello", since=since) == []
    assert sender.sent(to=TO, body="MA Bill Pay: hello", since=timezone.now() + timedelta(hours=1)) == []


@pytest.mark.parametrize(
    ("to", "reason"), [("+15005550001", "twilio 21211"), ("+15005550009", "twilio 21614"), ("617", "twilio 21211")]
)
def test_a_number_that_gets_no_texts_is_refused_for_good(sender, to, reason):
    with pytest.raises(NumberRefused, match=reason):
        sender.send(to=to, body="hello", number=1)


def test_whoever_sent_stop_gets_no_texts_until_start(sender, sandbox):
    sandbox.control("text/incoming", **{"from": TO, "body": "stop "})
    with pytest.raises(NumberRefused, match="twilio 21610"):
        sender.send(to=TO, body="hello", number=1)
    sandbox.control("text/incoming", **{"from": TO, "body": "START"})
    assert sender.send(to=TO, body="hello", number=1)


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_what_the_service_cannot_do_now_is_left_for_later(sender, sandbox, status):
    sandbox.control("faults", path="/Messages.json$", kind="status", status=status)
    with pytest.raises(NotNow, match=f"twilio {status}"):
        sender.send(to=TO, body="hello", number=1)
    assert texts(sandbox) == []


@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_an_answer_that_is_lost_leaves_it_open_and_the_list_tells(sender, sandbox, kind):
    sandbox.control("faults", method="POST", path="/Messages.json$", kind=kind, when="after")
    with pytest.raises(NotNow):
        sender.send(to=TO, body="hello", number=1)
    (sid,) = sender.sent(to=TO, body="hello", since=timezone.now() - timedelta(minutes=1))
    assert sid.startswith("SM")
    assert len(texts(sandbox)) == 1


def test_a_service_that_does_not_answer_is_not_waited_for_and_the_list_tells(sender, sandbox, settings):
    settings.TEXT_TIMEOUT = (1, 0.3)
    sandbox.control("faults", method="POST", path="/Messages.json$", kind="delay", seconds=2, when="after")
    with pytest.raises(NotNow, match="ReadTimeout"):
        sender.send(to=TO, body="hello", number=1)
    settings.TEXT_TIMEOUT = (1, 10)
    sandbox.control("faults/clear")
    assert len(sender.sent(to=TO, body="hello", since=timezone.now() - timedelta(minutes=1))) == 1


def test_a_wrong_token_is_our_fault_and_not_the_numbers(sender, settings):
    settings.TWILIO_AUTH_TOKEN = "sandbox_token_wrong"
    with pytest.raises(NotNow, match="twilio 401"):
        sender.send(to=TO, body="hello", number=1)


def test_a_messaging_service_stands_in_for_the_number(sender, settings, sandbox):
    settings.TWILIO_FROM, settings.TWILIO_MESSAGING_SERVICE_SID = "", "MG" + 32 * "5"
    assert sender.send(to=TO, body="hello", number=1)


def test_these_tests_sign_as_twilios_own_example_says():
    form = {"CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234"}
    form |= {"From": "+12349013030", "To": "+18005551212"}
    signed = signature("https://mycompany.com/myapp.php?foo=1&bar=2", form, "12345")
    assert signed == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
