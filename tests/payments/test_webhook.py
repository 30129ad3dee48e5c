"""The address at which the gateway calls us: it takes what the gateway signed, and nothing else."""

from dataclasses import replace

import pytest
from django.urls import reverse

from payments.gateway.fake import notice_body, sign
from payments.models import AttentionItem, GatewayEvent
from payments.states import Status

URL = reverse("webhooks:stripe")


def call(client, body, signature=None, **headers):
    signature = sign(body) if signature is None else signature
    return client.post(URL, body, content_type="application/json", headers={"Stripe-Signature": signature, **headers})


def test_a_signed_event_is_filed_and_worked_off(client, paying, django_capture_on_commit_callbacks):
    payment = paying.pay(method="bank")
    paying.fake.settle(payment.intent_id)
    with django_capture_on_commit_callbacks(execute=True):
        assert call(client, notice_body("evt_1", "payment_intent.succeeded", payment.intent_id)).status_code == 200
    payment.refresh_from_db()
    assert payment.status == Status.PAID


def test_the_same_event_again_is_answered_200_and_filed_once(client, paying):
    body = notice_body("evt_1", "payment_intent.succeeded", "pi_unknown")
    assert [call(client, body).status_code for _ in range(3)] == [200, 200, 200]
    assert GatewayEvent.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff\xfe", b"null", b"[" * 5000, b'{"id": 1}'])
def test_what_is_signed_but_cannot_be_read_is_refused_without_a_trace_in_the_database(client, paying, body):
    assert call(client, body).status_code == 400
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "nonsense"])
def test_what_the_gateway_did_not_sign_is_refused(client, paying, signature):
    body = notice_body("evt_1", "payment_intent.succeeded", "pi_1")
    assert call(client, body, signature).status_code == 400
    assert not GatewayEvent.objects.exists()


def test_a_body_over_the_limit_is_refused(client, paying):
    body = notice_body("evt_1", "payment_intent.succeeded", "x" * 2_000_000)
    assert call(client, body).status_code == 400


def test_only_post_is_taken_and_no_log_in_is_asked_for(client, db):
    assert client.get(URL).status_code == 405


def test_an_event_of_a_type_we_do_not_use_is_recorded_and_ignored(client, paying, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call(client, notice_body("evt_1", "customer.created", "cus_1"))
    assert GatewayEvent.objects.get().status == "ignored"


@pytest.mark.parametrize("named", ["", "none", "P-1234", "'; --", "\u0000", "1" * 500])
def test_a_charge_whose_mark_is_no_payment_of_ours_goes_to_staff_at_once(
    client, paying, django_capture_on_commit_callbacks, named
):
    metadata = {"payment": named, "deployment": "tests"}
    charge = paying.fake.create(amount_cents=2400, method="card", key="another program", metadata=metadata)
    with django_capture_on_commit_callbacks(execute=True):
        assert call(client, notice_body("evt_1", "payment_intent.succeeded", charge.id)).status_code == 200
    event = GatewayEvent.objects.get()
    assert (event.status, event.tries, event.error) == ("ignored", 1, "")
    assert AttentionItem.objects.get().kind == "names no payment here"


def test_a_refund_whose_mark_is_no_refund_of_ours_goes_to_staff_at_once(
    client, paying, django_capture_on_commit_callbacks
):
    payment = paying.pay()
    refund_id = paying.fake.give_back(payment.intent_id, 100)
    metadata = {"refund": "none", "deployment": "tests"}
    paying.fake.refunds[refund_id] = replace(paying.fake.refunds[refund_id], metadata=metadata)
    with django_capture_on_commit_callbacks(execute=True):
        call(client, notice_body("evt_1", "refund.created", refund_id))
    assert (GatewayEvent.objects.get().status, GatewayEvent.objects.get().tries) == ("ignored", 1)
    assert AttentionItem.objects.get().kind == "names no refund here"
