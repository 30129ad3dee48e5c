"""A real sandbox process for these tests, the real Stripe library to talk to it, and a listener for its webhooks."""

import http.server
import json
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
import requests
import stripe

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_sandbox_checks"
BESIDE = ROOT.parent / "shared" / "stripe" / "openapi-subset.json"  # the contract, where it lies beside the checkout


class Sandbox:
    """A running sandbox and the ways to talk to it."""

    def __init__(self, folder):
        self.folder = folder
        words = ["--port", "0", "--smtp-port", "0", "--data", str(folder), "--webhook-url", "", "--allow-development"]
        words += ["--webhook-secret", SECRET]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SANDBOX_", "DJANGO_"))}
        if BESIDE.is_file():
            environment.setdefault("STRIPE_CONTRACT", str(BESIDE))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *words],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline().split()
        assert line[:2] == ["sandbox", "ready"], line
        self.url, self.smtp_port = line[2], int(line[4].rsplit(":", 1)[1])
        self.session = requests.Session()
        self.session.trust_env = False

    def client(self, retries=0, timeout=10):
        """Return the real library, pointed here."""
        http_client = stripe.RequestsClient(timeout=timeout, session=requests.Session())
        return stripe.StripeClient(
            "sk_test_sandbox_checks",
            base_addresses={"api": self.url},
            http_client=http_client,
            max_network_retries=retries,
        )

    def do(self, name, **params):
        """Press a control."""
        answer = self.session.post(f"{self.url}/_control/{name}", json=params, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def look(self, name, **query):
        """Read a control."""
        return self.session.get(f"{self.url}/_control/{name}", params=query, timeout=10).json()

    def raw(self, method, path, **more):
        """Call the API without the library."""
        headers = {"Authorization": "Bearer sk_test_sandbox_checks", **more.pop("headers", {})}
        return self.session.request(method, self.url + path, headers=headers, timeout=20, **more)

    def from_frame(self, **body):
        """Send what the payment form sends."""
        headers = {"Authorization": "Bearer pk_test_sandbox_checks"}
        return self.session.post(f"{self.url}/v1/confirmation_tokens", json=body, headers=headers, timeout=10)

    def stop(self):
        """End the process; returns its exit code."""
        self.process.terminate()
        return self.process.wait(5)


class Listener:
    """A webhook receiver whose answers a test chooses."""

    def __init__(self):
        self.calls = []
        self.answers = []  # statuses to give, in turn; then 200
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    outer.calls.append((body, self.headers["Stripe-Signature"]))
                    status = outer.answers.pop(0) if outer.answers else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self):
        """Return what came, as dicts, in the order it came."""
        return [json.loads(body) for body, _ in self.calls]


@pytest.fixture(scope="session")
def process(tmp_path_factory):
    running = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    assert running.stop() == 0


@pytest.fixture
def sandbox(process):
    """A sandbox that has forgotten everything. No answer it gives may break the contract."""
    process.do("reset")
    process.do("endpoints", endpoints=[])
    yield process
    assert process.raw("GET", "/v1/events?limit=100").status_code == 200  # each event's object is checked as well
    assert process.look("violations") == {"violations": []}


@pytest.fixture
def client(sandbox):
    return sandbox.client()


@pytest.fixture
def listener(sandbox):
    """A receiver of the sandbox's webhooks; deliveries wait until a test flushes them."""
    made = Listener()
    sandbox.do("webhooks/pause")
    sandbox.do("endpoints", endpoints=[{"url": made.url, "secret": SECRET}])
    yield made
    sandbox.do("endpoints", endpoints=[])
    made.server.shutdown()
    made.server.server_close()


class Payer:
    """Pays the way the portal does: token, intent, confirmation."""

    def __init__(self, client):
        self.client = client

    def token(self, name="pm_card_visa"):
        return self.client.v1.test_helpers.confirmation_tokens.create({"payment_method": name})

    def intent(self, kind="card", amount=12_300, key=None):
        params = {
            "amount": amount,
            "currency": "usd",
            "allowed_payment_method_types": [kind],
            "description": "Premium payment",
            "metadata": {"attempt_id": "a1", "deployment": "checks"},
        }
        params |= {"statement_descriptor_suffix": "PREMIUM"} if kind == "card" else {"statement_descriptor": "MA PREM"}
        return self.client.v1.payment_intents.create(params, {"idempotency_key": key or str(uuid.uuid4())})

    def confirm(self, intent, token, key=None):
        params = {
            "confirmation_token": token.id,
            "return_url": "http://127.0.0.1:8000/back/?attempt=1",
            "use_stripe_sdk": False,
            "expand": ["latest_charge", "payment_method"],
            "mandate_data": {
                "customer_acceptance": {
                    "type": "online",
                    "accepted_at": 1_795_000_000,
                    "online": {"ip_address": "127.0.0.1", "user_agent": "checks"},
                }
            },
        }
        return self.client.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": key or str(uuid.uuid4())})

    def pay(self, name="pm_card_visa", amount=12_300):
        kind = "us_bank_account" if "usBank" in name else "card"
        return self.confirm(self.intent(kind, amount), self.token(name))


@pytest.fixture
def payer(client):
    return Payer(client)
