"""The inbox that takes the portal's mail, and the control panel's buttons."""

import smtplib
from email.message import EmailMessage


def send(sandbox, *, to="jane@example.com", subject="Your bill", html=""):
    """Send a mail the way the portal does."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "MassHealth <no-reply@example.com>", to, subject
    mail.set_content('Pay here: http://127.0.0.1:8000/pay/?a=1&b=2. <script>alert("x")</script>\n')
    if html:
        mail.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as smtp:
        smtp.send_message(mail)


def get(sandbox, path):
    return sandbox.session.get(sandbox.url + path, timeout=5)


def press(sandbox, **data):
    return sandbox.session.post(f"{sandbox.url}/panel/do", data=data, timeout=10)


def test_mail_is_kept_and_found_by_address(sandbox):
    send(sandbox, subject="First")
    send(sandbox, to="bob@example.com", subject="Zweite Größe", html="<p>Hello</p>")
    (mail,) = sandbox.look("inbox", to="BOB@example.com")["messages"]
    assert (mail["to"], mail["subject"]) == (["bob@example.com"], "Zweite Größe")
    assert "http://127.0.0.1:8000/pay/?a=1&b=2" in mail["text"]
    assert mail["html"].strip() == "<p>Hello</p>"
    assert mail["headers"]["From"] == "MassHealth <no-reply@example.com>"
    assert [one["subject"] for one in sandbox.look("inbox")["messages"]] == ["Zweite Größe", "First"]
    sandbox.session.delete(f"{sandbox.url}/_control/inbox", timeout=5)
    assert sandbox.look("inbox") == {"messages": []}


def test_a_mails_page_has_live_links_and_dead_markup(sandbox):
    send(sandbox, html="<p>Hello</p><script>alert(1)</script>")
    number = sandbox.look("inbox")["messages"][0]["id"]
    page = get(sandbox, f"/inbox/{number}").text
    assert '<a href="http://127.0.0.1:8000/pay/?a=1&amp;b=2" rel="noreferrer">' in page
    assert "<script>alert" not in page
    part = get(sandbox, f"/inbox/{number}/html").headers["Content-Security-Policy"]
    assert part.startswith("default-src 'none'; style-src 'unsafe-inline'; sandbox")
    assert "Your bill" in get(sandbox, "/inbox").text


def test_the_panel_settles_returns_disputes_and_refunds(sandbox, client, payer):
    sent, paid = payer.pay("pm_usBankAccount_success"), payer.pay()
    page = get(sandbox, "/panel").text
    assert "Settle now" in page
    assert "visa ending 4242" in page
    press(sandbox, action="settle", intent=sent.id)
    assert client.v1.payment_intents.retrieve(sent.id).status == "succeeded"
    press(sandbox, action="return", intent=sent.id)
    press(sandbox, action="refund", intent=paid.id)
    press(sandbox, action="dispute", intent=paid.id)
    assert len(sandbox.look("state")["disputes"]) == 2
    assert len(sandbox.look("state")["refunds"]) == 1


def test_the_panel_moves_the_clock_sets_faults_and_tells_what_it_cannot_do(sandbox):
    before = sandbox.look("clock")["now"]
    press(sandbox, action="clock", days="1")
    assert 86_400 <= sandbox.look("clock")["now"] - before < 86_460
    press(sandbox, action="faults", path="/confirm$", method="POST", kind="status", status="503", when="before")
    press(sandbox, action="faults", hook="duplicate", types="*", times="0")
    assert [fault["status"] for fault in sandbox.look("faults")["faults"]] == [503, 500]
    assert "Webhook *: duplicate" in get(sandbox, "/panel").text
    assert "No such payment_intent" in press(sandbox, action="settle", intent="pi_none").text
    assert "Not modelled" in get(sandbox, "/panel").text


def test_the_start_page_leads_to_the_others(sandbox):
    page = get(sandbox, "/").text
    for path in ("/panel", "/inbox", "http://127.0.0.1:8000"):
        assert f'href="{path}"' in page


def test_the_panel_shows_calls_that_were_taken_refused_and_never_answered(sandbox, payer, listener):
    listener.answers = [500]
    payer.pay()
    sandbox.do("webhooks/flush")
    assert "answer 200" in get(sandbox, "/panel").text
    assert "answer 500" in get(sandbox, "/panel").text
