"""The steps of paying, as tests take them through the services."""

import re
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from billing.models import Bill
from payments import services
from payments.gateway.fake import FakeGateway
from payments.models import Payment
from portal.shared.models import OutgoingMessage


@dataclass
class Paying:
    """One member in front of one bill."""

    user: User
    bill: Bill
    fake: FakeGateway

    @property
    def household(self):
        return self.user.member.household

    def start(self, cents: int = 2400, method: str = "card", behaviour: str | None = None) -> Payment:
        payment = services.start(user=self.user, household=self.household, amount_cents=cents, method=method)
        services.attach_token(payment=payment, token_id=self.fake.new_token(behaviour or method))
        return payment

    def submit(self, payment: Payment) -> Payment:
        return services.submit(payment=payment, agreement=self.agreement(payment))

    def pay(self, cents: int = 2400, method: str = "card", behaviour: str | None = None) -> Payment:
        return self.submit(self.start(cents, method, behaviour))

    def agreement(self, payment: Payment) -> services.Agreement:
        text = "I allow this debit." if payment.method == "bank" else ""
        return services.Agreement(
            token=payment.token,
            split=services.split_now(payment),
            authorization_text=text,
            authorization_version="test" if text else "",
            address="192.0.2.7",
            user_agent="a test",
        )


def kinds_sent(payment: Payment) -> list[str]:
    """Return the kinds of message queued about this payment, in order."""
    found = OutgoingMessage.objects.filter(key__startswith=f"payment:{payment.reference}:").order_by("pk")
    return [message.kind.removeprefix("payment_") for message in found]


def steps_of(payment: Payment) -> list[str]:
    """Return the statuses that the payment has been through."""
    return list(payment.events.values_list("to_status", flat=True))


# --- the same through the pages; `client` is the fixture at_pay -------------------------------------------------------
def begin(client, choice="all", method="card", amount=""):
    page = client.post(reverse("payments:new"), {"choice": choice, "method": method, "amount": amount})
    return Payment.objects.latest("pk") if page.status_code == 302 else page


def enter(client, payment, behaviour=None):
    token = client.fake.new_token(behaviour or payment.method)
    return client.post(reverse("payments:details", args=[payment.reference]), {"token": token})


def press(client, payment):
    address = reverse("payments:review", args=[payment.reference])
    shown = re.search(r'name="shown" value="([^"]+)"', client.get(address).content.decode())[1]
    return client.post(address, {"shown": shown}, follow=True)


def pay(client, method="card", behaviour=None, cents=""):
    payment = begin(client, choice="other" if cents else "all", method=method, amount=cents)
    enter(client, payment, behaviour)
    return payment, press(client, payment)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
