"""`reconcile_payments`: what it prints, how it ends, and that two of them never work on the same part."""

import json
import threading

import pytest
from django.db import connection

from payments import services, tasks
from payments.gateway import port
from payments.models import AttentionItem, ReconciliationFinding, ReconciliationRun
from payments.services.reconciling.running import _only_one
from payments.states import Status
from tests.payments.reconciling.looking import age, reconcile, run


def disturbed(paying):
    payment = paying.pay()
    paying.fake._set(payment.intent_id, amount_cents=2500)
    age(paying, hours=3)
    return payment


def test_books_that_agree_end_with_0(paying):
    paying.pay()
    age(paying, hours=3)
    text, status = reconcile()
    assert status == 0
    assert [line.split(":")[0] for line in text.splitlines()] == ["events", "sweep", "intents", "payouts"]
    assert "intents: 1 looked at, 0 mended, 0 differences stand." in text


def test_a_difference_that_stands_ends_with_1_and_is_printed(paying):
    payment = disturbed(paying)
    text, status = reconcile("--part", "intents")
    assert status == 1
    assert f"other amount: {payment.reference}: expected $24.00, found $25.00" in text


def test_a_gateway_that_cannot_be_asked_ends_with_2_and_staff_are_told_once_a_day(paying):
    for _ in range(2):
        paying.fake.fail_next("intents_created", port.NotAllowed("401"))
        text, status = reconcile("--part", "intents")
        assert status == 2
        assert "Stopped: NotAllowed 401. The next run goes on where it was." in text
    assert [item.kind for item in AttentionItem.objects.all()] == ["reconciliation stopped"]
    assert reconcile("--part", "intents")[1] == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--since", "yesterday"], "A real day as YYYY-MM-DD is needed."),
        (["--since", "2026-02-30"], "A real day as YYYY-MM-DD is needed."),
        (["--since", "2026-11-01Tx"], "A day as YYYY-MM-DD or a moment"),
        (["--since", "2026-11-02", "--until", "2026-11-02"], "The beginning must lie before the end"),
        (["--since", "2999-01-01"], "The beginning must lie before the end, and in the past."),
    ],
)
def test_times_that_make_no_sense_end_with_2_and_say_why(paying, arguments, reason):
    text, status = reconcile(*arguments)
    assert (status, reason in text) == (2, True)
    assert "error" in reconcile("--json", *arguments)[0]
    assert ReconciliationRun.objects.count() == 0


def test_json_is_one_line_with_counts_and_findings(paying):
    payment = disturbed(paying)
    text, status = reconcile("--part", "intents", "--since", "2026-01-01", "--json")
    told = json.loads(text)
    assert (status, text.count("\n"), told["dry_run"]) == (1, 1, False)
    (part,) = told["parts"]
    assert (part["part"], part["since"], part["looked"], part["standing"]) == (
        "intents",
        "2026-01-01T00:00:00-05:00",
        1,
        1,
    )
    (finding,) = part["findings"]
    assert (finding["kind"], finding["confirmation_number"]) == ("other amount", payment.reference)
    assert (finding["gateway_id"], finding["expected"], finding["found"]) == (payment.intent_id, "$24.00", "$25.00")
    assert finding["outcome"] == "open"


def test_a_dry_run_finds_the_same_and_leaves_no_trace(paying):
    disturbed(paying)
    text, status = reconcile("--part", "intents", "--dry-run")
    assert status == 1
    assert "other amount" in text
    assert "Tried, nothing written and nothing changed." in text
    assert not ReconciliationRun.objects.exists()
    assert not ReconciliationFinding.objects.exists()
    assert not AttentionItem.objects.exists()


def test_the_sweep_is_the_one_that_runs_every_minute_and_names_what_it_finished(paying):
    payment = paying.start()
    paying.fake.fail_next("confirm", port.OutcomeUnknown("no answer"), after_effect=True)
    paying.fake.fail_next("intent", port.OutcomeUnknown("no answer"))
    paying.submit(payment)
    age(paying, minutes=3)
    assert run("sweep", dry_run=True).names == []
    found = run("sweep")
    payment.refresh_from_db()
    assert payment.status == Status.PAID
    assert found.rows == [("behind the gateway", payment.reference, payment.intent_id, "paid", "submitting")]
    assert found.outcomes == ["mended"]


def test_the_worker_runs_a_part_by_its_name(paying):
    disturbed(paying)
    tasks.reconcile("intents")
    assert ReconciliationFinding.objects.get().kind == "other amount"


def test_every_part_is_run_by_beat(settings):
    plans = settings.CELERY_BEAT_SCHEDULE.values()
    told = {plan["args"][0] for plan in plans if plan["task"] == tasks.reconcile.name}
    swept = {plan["task"] for plan in plans}
    assert told == set(services.PARTS) - {"sweep"}
    assert {tasks.sweep_stalled.name, tasks.sweep_processing.name, tasks.sweep_refunds.name} <= swept


@pytest.mark.django_db(transaction=True)
def test_a_second_run_at_once_says_so_and_ends_with_0(fake):
    answers = []

    def second():
        try:
            answers.append(reconcile("--part", "intents"))
            answers.append(reconcile("--part", "intents", "--json"))
            answers.append(reconcile("--part", "payouts"))
        finally:
            connection.close()

    with _only_one("intents") as is_mine:
        assert is_mine
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
    assert answers[0] == ("intents: another run is at work on this; nothing done.\n", 0)
    assert json.loads(answers[1][0])["parts"] == [{"part": "intents", "skipped": "another run is at work"}]
    assert answers[2][0].startswith("payouts: 0 looked at")
    assert [run.part for run in ReconciliationRun.objects.all()] == ["payouts"]
    assert services.reconcile(["intents"])[0].run is not None
