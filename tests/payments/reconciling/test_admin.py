"""The report in Django admin: runs, findings, filters, and the same list as a file."""

import csv
import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from payments.models import ReconciliationFinding, ReconciliationRun
from portal.shared.references import spaced
from tests import factories
from tests.payments.reconciling.looking import age, run

RUNS = reverse("admin:payments_reconciliationrun_changelist")
FINDINGS = reverse("admin:payments_reconciliationfinding_changelist")


@pytest.fixture
def support(client, db):
    client.user = factories.user(is_staff=True)
    client.user.groups.add(Group.objects.get(name="support"))
    client.force_login(client.user)
    return client


@pytest.fixture
def disturbed(paying):
    """Two differences: one stands, one was mended."""
    payment = paying.pay()
    paying.fake._set(payment.intent_id, amount_cents=2500)
    factories.bill(household=paying.household)
    lagging = paying.pay(method="bank")
    paying.fake.settle(lagging.intent_id)
    age(paying, hours=3)
    run("intents")
    return payment, lagging


def take(client, form, **query):
    return client.get(reverse("admin:payments_reconciliationfinding_download", args=[form]), query)


def test_support_reads_runs_and_what_they_found(support, disturbed):
    payment, lagging = disturbed
    runs = support.get(RUNS).content.decode()
    assert "intents" in runs
    assert "1 stand" in runs
    page = support.get(FINDINGS).content.decode()
    for text in (spaced(payment.reference), "other amount", "$25.00", spaced(lagging.reference), "mended"):
        assert text in page
    for model in ("run", "finding"):
        row = {"run": ReconciliationRun, "finding": ReconciliationFinding}[model].objects.first()
        address = reverse(f"admin:payments_reconciliation{model}_change", args=[row.pk])
        assert support.get(address).status_code == 200


def test_the_list_narrows_to_what_is_open_to_a_kind_to_a_run_and_to_a_number(support, disturbed):
    payment, lagging = disturbed
    run_id = ReconciliationRun.objects.get().pk
    for query, both in (
        ({"state": "open"}, False),
        ({"kind": "other amount"}, False),
        ({"q": spaced(payment.reference).lower()}, False),
        ({"q": payment.intent_id}, False),
        ({"last_run__id__exact": run_id}, True),
    ):
        page = support.get(FINDINGS, query).content.decode()
        assert spaced(payment.reference) in page, query
        assert (spaced(lagging.reference) in page) is both, query


def test_the_same_list_comes_as_csv_and_as_json(support, disturbed):
    payment, lagging = disturbed
    answer = take(support, "csv")
    assert answer["Content-Disposition"] == 'attachment; filename="findings.csv"'
    rows = list(csv.DictReader(answer.content.decode().splitlines()))
    assert [(row["kind"], row["confirmation_number"], row["outcome"]) for row in rows] == [
        ("other amount", payment.reference, "open"),
        ("behind the gateway", lagging.reference, "mended"),
    ]
    (only,) = json.loads(take(support, "json", outcome="mended").content)
    assert (only["kind"], only["gateway_id"]) == ("behind the gateway", lagging.intent_id)
    assert only["closed_at"]


def test_nothing_personal_is_in_a_finding(support, disturbed):
    text = take(support, "csv").content.decode() + take(support, "json").content.decode()
    user = disturbed[0].payer
    for secret in (user.username, user.email, user.member.last_name, user.member.masshealth_id):
        assert secret not in text


@pytest.mark.parametrize("query", [{"kind__nonsense": "1"}, {"last_run__id__exact": "x"}, {"p": "99999"}, {"o": "77"}])
def test_a_filter_that_makes_no_sense_is_no_error(support, disturbed, query):
    assert take(support, "csv", **query).status_code == 200
    assert support.get(FINDINGS, query, follow=True).status_code == 200


def test_another_form_is_not_found_and_a_member_or_a_stranger_sees_nothing(support, disturbed, client):
    assert take(support, "xml").status_code == 404
    client.force_login(disturbed[0].payer)
    assert take(client, "csv").status_code == 302
    client.logout()
    assert take(client, "csv").status_code == 302


def test_staff_without_the_right_are_refused(client, disturbed):
    client.force_login(factories.user(is_staff=True))
    assert take(client, "csv").status_code == 403
    assert client.get(FINDINGS).status_code == 403


def test_nobody_adds_changes_or_deletes_a_finding(support, disturbed):
    finding = ReconciliationFinding.objects.first()
    assert support.get(reverse("admin:payments_reconciliationfinding_add")).status_code == 403
    address = reverse("admin:payments_reconciliationfinding_change", args=[finding.pk])
    assert support.post(address, {"found": "nothing"}).status_code == 403
    assert support.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
