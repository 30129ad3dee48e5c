"""One member, one bill, one gateway: what a test of a fault does, and the four places where it looks afterwards."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from billing.models import Bill, Credit
from payments.models import AttentionItem, Payment
from tests.parts import Sandbox

CREATE = r"^/v1/payment_intents$"
CONFIRM = r"/v1/payment_intents/[^/]+/confirm$"
CANCEL = r"/v1/payment_intents/[^/]+/cancel$"
RETRIEVE = r"/v1/payment_intents/[^/]+$"
MAIL = "testa@example.test"
TAKEN = ("settled", "disputed")


def text_of(page: HttpResponse) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@dataclass
class World:
    """A member who is logged in, with a bill of $24.00, in front of a portal that the sandbox can call."""

    client: Client
    user: User
    bill: Bill
    sandbox: Sandbox
    url: str

    # --- what the member does ---------------------------------------------------------------------------------
    def begin(self, method: str = "card", behaviour: str = "") -> Payment:
        """Choose the amount and the method, and enter the details; the review is next."""
        self.client.post(reverse("payments:new"), {"choice": "all", "method": method, "amount": ""})
        payment = Payment.objects.latest("pk")
        self.enter(payment, self.sandbox.control("token", behaviour=behaviour or method)["id"])
        return payment

    def enter(self, payment: Payment, token: str) -> HttpResponse:
        """Hand in what the gateway's frame gave for the details."""
        return self.client.post(reverse("payments:details", args=[payment.reference]), {"token": token}, follow=True)

    def shown(self, payment: Payment) -> str:
        """Open the review and return its seal: what the member saw."""
        page = self.client.get(reverse("payments:review", args=[payment.reference])).content.decode()
        return re.search(r'name="shown" value="([^"]+)"', page)[1]

    def confirm(self, payment: Payment, shown: str = "") -> str:
        """Press the button that moves money; return what the next page says."""
        facts = {"shown": shown or self.shown(payment)}
        return text_of(self.client.post(reverse("payments:review", args=[payment.reference]), facts, follow=True))

    def pay(self, method: str = "card", behaviour: str = "") -> tuple[Payment, str]:
        """Do all of it; return the payment as it then stands and what the last page says."""
        payment = self.begin(method, behaviour)
        said = self.confirm(payment)
        payment.refresh_from_db()
        return payment, said

    # --- what goes wrong, and what time does --------------------------------------------------------------------
    def fault(self, **facts: Any) -> None:
        """Let the gateway go wrong; see sandbox/faults.py."""
        self.sandbox.control("faults", **facts)

    def heal(self) -> None:
        """Let the gateway be well again."""
        self.sandbox.control("faults/clear")

    def deliver(self) -> list[dict[str, Any]]:
        """Let the gateway send its events now, and return how we answered."""
        return self.sandbox.control("flush")["results"]

    def age(self, payment: Payment, **ago: float) -> None:
        """Let the payment have been sent, and looked at, this long ago."""
        then = timezone.now() - timedelta(**ago)
        Payment.objects.filter(pk=payment.pk).update(checked_at=then, submitted_at=then)

    # --- where to look ------------------------------------------------------------------------------------------
    def state(self, kind: str = "payment_intents") -> list[dict[str, Any]]:
        """Return what the gateway has of this kind, oldest first."""
        return list(reversed(self.sandbox.look("state")[kind]))

    def at_gateway(self) -> list[tuple[str, int]]:
        """Return status and cents of every charge at the gateway."""
        return [(intent["status"], intent["amount"]) for intent in self.state()]

    def asked(self, path: str, method: str = "POST") -> list[dict[str, Any]]:
        """Return the calls that reached the gateway under this path, in order."""
        calls = self.sandbox.look("requests")["requests"]
        return [call for call in calls if call["method"] == method and re.search(path, call["path"])]

    def keys(self, path: str) -> list[str]:
        """Return the different keys under which this was asked, in order, without the payment's own part."""
        found = [call["idempotency_key"].partition(":")[2] for call in self.asked(path)]
        return list(dict.fromkeys(found))

    def books(self) -> dict[str, int]:
        """Return the cents of this household's credits by status; what is over and done with is left out."""
        found = Credit.objects.filter(household=self.user.member.household).values_list("status")
        sums = found.annotate(cents=Sum("amount_cents")).order_by("status")
        return {status: cents for status, cents in sums if status in ("held", *TAKEN)}

    def page(self, payment: Payment) -> str:
        """Return what the payment's own page says."""
        address = reverse("payments:status", args=[payment.reference])
        return text_of(self.client.get(address, follow=True))

    def bills(self) -> str:
        """Return what the page of bills says."""
        return text_of(self.client.get(reverse("billing:overview")))

    def subjects(self) -> list[str]:
        """Return the subjects of the emails that the member got, oldest first."""
        return [mail["subject"] for mail in self.mails()]

    def mails(self) -> list[dict[str, Any]]:
        """Return the emails that the member got, oldest first."""
        return list(reversed(self.sandbox.look(f"inbox?to={MAIL}")["messages"]))

    def attention(self) -> list[str]:
        """Return what waits for staff, oldest first."""
        return list(AttentionItem.objects.filter(resolved_at=None).order_by("pk").values_list("kind", flat=True))

    # --- the one truth ------------------------------------------------------------------------------------------
    def check_agreement(self) -> None:
        """Fail unless every payment's money at the gateway is what our books say of it."""
        state = self.sandbox.look("state")
        for payment in Payment.objects.all():
            mine = [i for i in state["payment_intents"] if i["metadata"].get("payment") == str(payment.uuid)]
            taken = sum(intent["amount_received"] for intent in mine) - _taken_back(state, mine)
            live = payment.status in ("submitting", "awaiting_member", "processing")
            if payment.status != "submitting":
                paid, is_flagged = _credited(payment, "settled"), "double credit" in self.attention()
                assert paid == taken or (is_flagged and taken < paid), f"{payment.status}: {payment} against {mine}"
            assert _credited(payment, "held") == (payment.amount_cents if live else 0), payment.status
            on_way = [i for i in mine if i["status"] in ("processing", "requires_action", "succeeded")]
            assert len(on_way) <= 1, "more than one charge for one payment"


def _credited(payment: Payment, *statuses: str) -> int:
    found = Credit.objects.filter(source=payment.source, status__in=statuses)
    return found.aggregate(cents=Sum("amount_cents"))["cents"] or 0


def _taken_back(state: dict[str, Any], intents: list[dict[str, Any]]) -> int:
    """Return the cents of these charges that the gateway gave or lost again: refunds, and disputes that took money."""
    ids = {intent["id"] for intent in intents}
    refunds = [r for r in state["refunds"] if r["payment_intent"] in ids and r["status"] in ("pending", "succeeded")]
    disputes = [d for d in state["disputes"] if d["payment_intent"] in ids]
    lost = [d for d in disputes if d["status"] != "won" and not d["status"].startswith("warning_")]
    return sum(thing["amount"] for thing in (*refunds, *lost))
