"""From the home page to the receipt in a real browser: by card and by bank, on a phone and on a desk."""

import re

import pytest

from payments.models import Payment
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [320, 1280]


class Visitor:
    """A person with a browser in front of the portal; looks at every page with axe."""

    def __init__(self, page, portal, axe, width):
        self.page, self.portal, self.axe = page, portal, axe
        self.sent = []
        page.on("request", self.notes)
        page.set_viewport_size({"width": width, "height": 800})

    def notes(self, request):
        """Keep what the browser sends to the portal."""
        if request.url.startswith(self.portal.url):
            self.sent.append(f"{request.url} {request.post_data or ''}")

    def goes_to(self, path):
        self.page.goto(self.portal.url + path)
        self.looks()

    def presses(self, name):
        self.page.get_by_role("main").get_by_role("button", name=name, exact=False).click()
        self.page.wait_for_load_state()
        self.looks()

    def follows(self, name):
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.looks()

    def types(self, **values):
        for name, value in values.items():
            self.page.locator(f"[name={name}]").fill(value)

    def looks(self):
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url
        self.axe(self.page)

    def reads(self):
        return " ".join(self.page.locator("main").inner_text().split())

    def opens_newest_mail(self, to):
        mails = self.portal.sandbox.look(f"inbox?to={to}")
        return mails["messages"][0]["text"]


@pytest.fixture(params=WIDTHS)
def visitor(request, page, live_portal, axe):
    someone = Visitor(page, live_portal, axe, request.param)
    yield someone
    for number in ("4242424242424242", "4000002760003184", "000123456789", "110000000"):
        assert not [sent for sent in someone.sent if number in sent], "a number reached the portal"
    assert any("/payments/" in sent for sent in someone.sent)


@pytest.fixture
def member(db):
    member = factories.member(first_name="Testa", last_name="Beispiel")
    factories.bill(household=member.household)
    return member


def registers(visitor, member):
    visitor.goes_to("/")
    visitor.follows("Register")
    born = f"{member.date_of_birth:%m/%d/%Y}"
    visitor.types(first_name="testa", last_name="BEISPIEL", date_of_birth=born, masshealth_id=member.masshealth_id)
    visitor.presses("Continue")
    visitor.types(email="testa@example.test", phone="617 555 0123", address_line1="1 Invented Way", city="Boston")
    visitor.page.locator("[name=state]").select_option("MA")
    visitor.types(zip_code="02108")
    visitor.presses("Continue")
    visitor.types(username="testa", password=factories.PASSWORD)
    visitor.presses("Register")


def confirms_email(visitor):
    link = re.search(r"https?://\S+/accounts/email/confirm/\S+", visitor.opens_newest_mail("testa@example.test"))[0]
    visitor.goes_to(link.removeprefix(visitor.portal.url))
    visitor.presses("Confirm")


def logs_in(visitor, username="testa"):
    visitor.goes_to("/accounts/login/")
    visitor.types(username=username, password=factories.PASSWORD)
    visitor.presses("Log in")


def chooses(visitor, method):
    visitor.follows("Pay")
    visitor.page.locator(f"[name=method][value={method}]").check()
    visitor.page.get_by_role("main").get_by_role("button", name="Continue").click()
    visitor.page.locator("#payment-continue:enabled").wait_for()
    visitor.looks()


def enters_card(visitor, number="4242424242424242"):
    frame = visitor.page.frame_locator("#payment-element iframe")
    frame.locator("#card-number").fill(number)
    frame.locator("#card-expiry").fill("12/34")
    frame.locator("#card-cvc").fill("123")
    frame.locator("#card-zip").fill("02108")
    presses_continue(visitor)


def enters_account(visitor):
    frame = visitor.page.frame_locator("#payment-element iframe")
    frame.locator("#bank-holder").fill("Testa Beispiel")
    frame.locator("#bank-routing").fill("110000000")
    frame.locator("#bank-account").fill("000123456789")
    presses_continue(visitor)


def presses_continue(visitor):
    visitor.page.locator("#payment-continue").press("Enter")
    visitor.page.wait_for_url("**/review/")
    visitor.looks()


def test_from_the_home_page_to_the_receipt_by_card(visitor, member):
    registers(visitor, member)
    confirms_email(visitor)
    logs_in(visitor)
    assert "$24.00" in visitor.reads()
    chooses(visitor, "card")
    enters_card(visitor)
    assert "Visa ending in 4242" in visitor.reads()
    visitor.presses("Pay $24.00")
    assert "Your payment is received" in visitor.reads()
    assert "We received your payment" in visitor.opens_newest_mail("testa@example.test")
    assert Payment.objects.get().status == "paid"
    visitor.goes_to("/payments/")
    assert "Paid" in visitor.reads()


def test_from_the_home_page_by_bank_account_it_is_processing_and_then_paid(visitor, member):
    registers(visitor, member)
    confirms_email(visitor)
    logs_in(visitor)
    chooses(visitor, "bank")
    enters_account(visitor)
    visitor.presses("Authorize $24.00 from checking ending 6789")
    assert "It is not paid yet" in visitor.reads()
    payment = Payment.objects.get()
    visitor.portal.sandbox.control("settle", intent=payment.intent_id)
    visitor.portal.sandbox.control("flush")
    visitor.goes_to(f"/payments/{payment.reference}/")
    assert "Your payment is received" in visitor.reads()


def test_a_card_that_wants_the_banks_check_comes_back_to_the_receipt(visitor, member):
    factories.user(username="testa", member=member)
    logs_in(visitor)
    chooses(visitor, "card")
    enters_card(visitor, "4000002760003184")
    visitor.presses("Pay $24.00")
    assert "Nothing is paid yet" in visitor.reads()
    visitor.page.get_by_role("link", name="Continue at your bank").click()
    visitor.page.get_by_role("button", name="Complete").click()
    visitor.page.wait_for_url(f"{visitor.portal.url}/payments/*/")
    assert "Your payment is received" in visitor.reads()
