"""What the payment form sends: only test numbers are taken, and no number is kept anywhere."""

import sqlite3

import pytest
import stripe

CARD = {"number": "4242 4242 4242 4242", "exp_month": 4, "exp_year": 2034, "cvc": "987"}
BANK = {"account_number": "000123456789", "routing_number": "110000000", "account_type": "savings"}
HOLDER = {"name": "Jane Holder", "address": {"postal_code": "02108", "country": "US"}}
PORTAL = "http://127.0.0.1:8000"


def card(**changes):
    return {"payment_method_data": {"type": "card", "card": {**CARD, **changes}, "billing_details": HOLDER}}


def bank(verification="instant", **changes):
    data = {"type": "us_bank_account", "us_bank_account": {**BANK, **changes}, "billing_details": HOLDER}
    return {"payment_method_data": data, "bank_verification": verification}


def test_a_card_from_the_form_becomes_a_token_that_pays(sandbox, client, payer):
    made = sandbox.from_frame(**card(), expected={"amount": 12_300, "currency": "usd", "types": ["card"]}).json()
    token = client.v1.confirmation_tokens.retrieve(made["id"])
    shown = token.payment_method_preview.card
    assert (shown.brand, shown.last4, shown.exp_year) == ("visa", "4242", 2034)
    assert token.expires_at - token.created == 12 * 3600
    assert payer.confirm(payer.intent(), token).status == "succeeded"


def test_a_token_made_for_another_amount_is_refused(sandbox, client, payer):
    made = sandbox.from_frame(**card(), expected={"amount": 5, "currency": "usd"}).json()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        payer.confirm(payer.intent(), client.v1.confirmation_tokens.retrieve(made["id"]))
    assert refused.value.param == "confirmation_token"


@pytest.mark.parametrize(
    ("verification", "status"),
    [("instant", "processing"), ("deposits", "requires_action"), ("code", "requires_action")],
)
def test_the_bank_log_in_is_a_choice_of_the_form(sandbox, client, payer, verification, status):
    made = sandbox.from_frame(**bank(verification)).json()
    token = client.v1.confirmation_tokens.retrieve(made["id"])
    assert token.payment_method_preview.us_bank_account.account_type == "savings"
    assert payer.confirm(payer.intent("us_bank_account"), token).status == status


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (card(number="4539578763621486"), "card_declined"),  # a right last digit, and not on the list
        (card(number="4242424242424241"), "incorrect_number"),
        (card(exp_year=2020), "invalid_expiry_year"),
        (bank(account_number="123456780"), "account_number_invalid"),
        (bank(routing_number="011000015"), "bank_account_bad_routing_numbers"),
    ],
)
def test_numbers_off_the_list_are_refused(sandbox, body, code):
    answer = sandbox.from_frame(**body)
    assert answer.status_code in (400, 402)
    assert answer.json()["error"]["code"] == code
    assert sandbox.look("state")["payment_intents"] == []


def test_no_number_is_kept_in_the_file_the_log_or_an_answer(sandbox, client, payer):
    token = sandbox.from_frame(**card()).json()
    payer.confirm(payer.intent(), client.v1.confirmation_tokens.retrieve(token["id"]))
    account = sandbox.from_frame(**bank()).json()
    payer.confirm(payer.intent("us_bank_account"), client.v1.confirmation_tokens.retrieve(account["id"]))
    sandbox.from_frame(**card(number="4539578763621486"))
    file = sqlite3.connect(sandbox.folder / "sandbox.sqlite3")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(path.read_bytes() for path in sandbox.folder.iterdir())
    kept += str(sandbox.look("requests")).encode() + str(sandbox.look("state")).encode()
    assert b"4242" in kept  # the last four are there, so we do look at the right bytes
    for number in (b"4242424242424242", b"4242 4242", b"000123456789", b"4539578763621486", b"987'"):
        assert number not in kept
    assert "[left out]" in str(sandbox.look("requests"))


def test_the_same_number_has_the_same_fingerprint(sandbox):
    prints = [sandbox.from_frame(**card()).json()["payment_method_preview"]["card"]["fingerprint"] for _ in range(2)]
    assert prints[0] == prints[1]


def test_only_the_portal_may_show_the_form(sandbox):
    page = sandbox.session.get(f"{sandbox.url}/frame", params={"parent": PORTAL, "types": "card"}, timeout=5)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors {PORTAL}" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    other = sandbox.session.get(f"{sandbox.url}/frame", params={"parent": "http://evil.example"}, timeout=5)
    assert other.status_code == 403


def test_other_sites_cannot_press_the_panels_buttons_and_other_hosts_get_nothing(sandbox):
    cross = {"Sec-Fetch-Site": "cross-site"}
    data = {"action": "reset"}
    assert sandbox.session.post(f"{sandbox.url}/panel/do", data=data, headers=cross, timeout=5).status_code == 403
    assert sandbox.session.get(f"{sandbox.url}/", headers={"Host": "evil.example"}, timeout=5).status_code == 400
