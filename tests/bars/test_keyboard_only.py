"""The whole job with a keyboard alone: from the home page to the receipt, and at every stop one sees where one is."""

import re

import pytest

from payments.models import Payment
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
MOST_STOPS = 80  # on one page, before it is said that something cannot be reached
HERE = "(one) => one === one.ownerDocument.activeElement && one.ownerDocument.hasFocus()"
SEEN = """(one) => {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return inside && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


class Hands:
    """A person who has a keyboard and no mouse."""

    def __init__(self, page, portal):
        self.page, self.portal, self.stops = page, portal, 0

    def looks(self):
        """See where the focus is. Fails when it cannot be seen."""
        there = self.page.evaluate_handle("() => document.activeElement").as_element()
        while there.evaluate("(one) => one.tagName") == "IFRAME":
            there = there.content_frame().evaluate_handle("() => document.activeElement").as_element()
        what = there.evaluate("(one) => one.outerHTML.slice(0, 160)")
        if not what.startswith("<body"):  # the end of the page, where the browser's own bar would come
            assert there.evaluate(SEEN), f"{self.page.url}: the focus is not seen on {what}"
            self.stops += 1

    def presses(self, key):
        self.page.keyboard.press(key)

    def goes_to(self, target, key="Tab"):
        """Press Tab until it is reached, and look at every stop on the way."""
        target.wait_for()
        for _ in range(MOST_STOPS):
            if target.evaluate(HERE):
                return
            self.presses(key)
            self.looks()
        pytest.fail(f"{self.page.url}: not reached by {key}: {target}")

    def types(self, **values):
        for name, value in values.items():
            self.goes_to(self.page.locator(f"[name={name}]"))
            self.page.keyboard.type(value)

    def types_in_frame(self, **values):
        for name, value in values.items():
            self.goes_to(self.page.frame_locator("#payment-element iframe").locator(f"#{name.replace('_', '-')}"))
            self.page.keyboard.type(value)

    def follows(self, role, name, key="Enter"):
        """Go to a link or button in the main part, press it, and wait for the page that comes."""
        self.goes_to(self.page.get_by_role("main").get_by_role(role, name=name, exact=role == "link").first)
        with self.page.expect_navigation():
            self.presses(key)

    def chooses(self, method):
        """Move among the radio buttons with the arrows."""
        radio = self.page.locator(f"[name=method][value={method}]")
        group = self.page.locator("[name=method]")
        for _ in range(MOST_STOPS):
            if any(one.evaluate(HERE) for one in group.all()):
                break
            self.presses("Tab")
            self.looks()
        self.presses("Space")
        while not radio.is_checked():
            self.presses("ArrowDown")
            self.looks()


@pytest.fixture
def hands(page, live_portal):
    page.set_viewport_size({"width": 1280, "height": 800})
    return Hands(page, live_portal)


def reads(hands):
    return " ".join(hands.page.locator("main").inner_text().split())


def registers(hands, member):
    hands.page.goto(hands.portal.url)
    hands.presses("Tab")
    hands.looks()
    hands.presses("Enter")  # skips to the main part
    hands.follows("link", "Register")
    born = f"{member.date_of_birth:%m/%d/%Y}"
    hands.types(first_name="Testa", last_name="Beispiel", date_of_birth=born, masshealth_id=member.masshealth_id)
    hands.follows("button", "Continue")
    hands.types(email="testa@example.test", phone="617 555 0123", address_line1="1 Invented Way", city="Boston")
    hands.types(state="Massach", zip_code="02108")
    hands.follows("button", "Continue", "Space")
    hands.types(username="testa", password=factories.PASSWORD)
    hands.presses("Enter")  # a form is sent from its last field
    hands.page.get_by_role("heading", name="Check your email").wait_for()


def confirms(hands):
    mail = hands.portal.sandbox.look("inbox?to=testa@example.test")["messages"][0]["text"]
    hands.page.goto(re.search(r"https?://\S+/accounts/email/confirm/\S+", mail)[0])
    hands.follows("button", "Confirm", "Space")


def logs_in(hands):
    hands.goes_to(hands.page.get_by_role("banner").get_by_role("link", name="Log in"), "Shift+Tab")
    with hands.page.expect_navigation():
        hands.presses("Enter")
    hands.types(username="testa", password=factories.PASSWORD)
    hands.follows("button", "Log in")


def starts_to_pay(hands, method):
    hands.follows("link", "Pay")
    hands.chooses(method)
    hands.follows("button", "Continue")
    hands.page.locator("#payment-continue:enabled").wait_for()


def goes_on_to_review(hands):
    hands.goes_to(hands.page.locator("#payment-continue"))
    hands.presses("Enter")
    hands.page.wait_for_url("**/review/")


@pytest.fixture
def member(db):
    member = factories.member(first_name="Testa", last_name="Beispiel")
    factories.bill(household=member.household)
    return member


def test_from_the_home_page_to_the_receipt_of_a_card_payment(hands, member):
    registers(hands, member)
    confirms(hands)
    logs_in(hands)
    starts_to_pay(hands, "card")
    hands.types_in_frame(card_number="4242424242424242", card_expiry="1234", card_cvc="123", card_zip="02108")
    goes_on_to_review(hands)
    hands.follows("button", "Pay $24.00")
    assert "Your payment is received" in reads(hands)
    assert Payment.objects.get().status == "paid"
    assert hands.stops > 60


def test_from_log_in_to_the_page_of_a_bank_payment(hands, member):
    factories.user(username="testa", member=member)
    hands.page.goto(hands.portal.url)
    hands.goes_to(hands.page.get_by_role("main").get_by_role("link", name="Register"))
    logs_in(hands)
    starts_to_pay(hands, "bank")
    hands.types_in_frame(bank_holder="Testa Beispiel", bank_routing="110000000", bank_account="000123456789")
    goes_on_to_review(hands)
    hands.follows("button", "Authorize $24.00 from checking ending 6789", "Space")
    assert "It is not paid yet" in reads(hands)
    assert Payment.objects.get().status == "processing"
    assert hands.stops > 40
