"""The stand-in for Stripe.js in a real browser, on a page with the portal's strict policy."""

import http.server
import threading

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><title>Pay</title><div id="place"></div>
<script src="{gateway}/stripe.js"></script><script src="/page.js"></script></html>"""
SCRIPT = """
const stripe = Stripe("pk_test_sandbox_page"), asked = new URLSearchParams(location.search);
window.old = "";
try { stripe.elements({mode: "payment", amount: 100, currency: "usd", paymentMethodTypes: ["card"]}); }
catch (error) { window.old = error.message; }
const elements = stripe.elements({mode: "payment", amount: 12300, currency: "usd",
  allowedPaymentMethodTypes: [asked.get("type") || "card"]});
const billingDetails = {name: "Jane", address: {postal_code: "02108"}};
const element = elements.create("payment", {defaultValues: {billingDetails}});
element.on("ready", function () { document.body.dataset.ready = "yes"; });
element.mount("#place");
window.heard = [];
window.addEventListener("message", function (event) { window.heard.push(JSON.stringify(event.data)); });
"""


@pytest.fixture
def page_url(sandbox):
    """A page on another origin, which the sandbox is told of."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            script = self.path.startswith("/page.js")
            body = (SCRIPT if script else PAGE.format(gateway=sandbox.url)).encode()
            policy = f"default-src 'self'; script-src 'self' {sandbox.url}; frame-src {sandbox.url}; style-src 'self'"
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    sandbox.do("portal", urls=[url])
    yield url
    sandbox.do("portal", urls=["http://127.0.0.1:8000"])
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser_page(browser, page_url):
    """A browser page that must not complain of anything but a refused call."""
    complaints = []
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert [text for text in complaints if not text.startswith("Failed to load resource")] == []


def opened(page, page_url, kind):
    """Open the page and return the frame when it is ready."""
    page.goto(f"{page_url}/?type={kind}")
    expect(page.locator("body[data-ready=yes]")).to_be_attached()
    return page.frame_locator("iframe")


TOKEN = "stripe.createConfirmationToken({elements, params: {return_url: location.href}})"


@pytest.mark.browser
def test_a_card_is_typed_into_the_frame_and_only_a_token_comes_out(browser_page, page_url, client, payer):
    frame = opened(browser_page, page_url, "card")
    assert "allowedPaymentMethodTypes" in browser_page.evaluate("window.old")
    assert browser_page.evaluate("elements.submit()")["error"]["type"] == "validation_error"
    expect(frame.locator("#card-number-error")).to_have_text("Enter the card number.")
    expect(frame.locator("#card-zip")).to_have_value("02108")
    for field, text in (("card-number", "4242 4242 4242 4242"), ("card-expiry", "12 / 34"), ("card-cvc", "987")):
        frame.locator(f"#{field}").fill(text)
    assert "error" not in browser_page.evaluate("elements.submit()")
    made = browser_page.evaluate(TOKEN)["confirmationToken"]
    heard = "".join(browser_page.evaluate("window.heard"))
    assert made["id"] in heard
    assert "42424242" not in heard.replace(" ", "")
    assert payer.confirm(payer.intent(), client.v1.confirmation_tokens.retrieve(made["id"])).status == "succeeded"
    inside = browser_page.frames[1].evaluate("document.documentElement.scrollHeight")
    assert abs(browser_page.locator("iframe").bounding_box()["height"] - inside) <= 2


@pytest.mark.browser
def test_a_number_off_the_list_is_refused_in_the_frame_and_to_the_page(browser_page, page_url):
    frame = opened(browser_page, page_url, "us_bank_account")
    frame.locator("#bank-routing").fill("011000015")
    frame.locator("#bank-account").fill("000123456789")
    refused = browser_page.evaluate(TOKEN)
    assert "routing number" in refused["error"]["message"]
    expect(frame.locator("#form-error")).to_contain_text("routing number")


@pytest.mark.browser
def test_the_next_action_leads_to_the_banks_page_and_back(browser_page, page_url, payer, client):
    opened(browser_page, page_url, "card")
    waiting = payer.pay("pm_card_threeDSecure2Required")
    seen = browser_page.evaluate("secret => stripe.retrievePaymentIntent(secret)", waiting.client_secret)
    assert seen["paymentIntent"]["status"] == "requires_action"
    browser_page.evaluate("secret => { stripe.handleNextAction({clientSecret: secret}); }", waiting.client_secret)
    browser_page.wait_for_url("**/3ds/**")
    expect(browser_page.get_by_role("heading", name="Your bank asks you to confirm")).to_be_visible()
    assert client.v1.payment_intents.retrieve(waiting.id).status == "requires_action"
