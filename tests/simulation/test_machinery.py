"""The simulation itself: a seed replays exactly, a failing history shrinks, and what it prints can be pasted."""

import pytest

from tests.simulation.generating import history
from tests.simulation.running import run
from tests.simulation.shrinking import shrunk
from tests.simulation.steps import Step, printed

CARD = {"who": 0, "how": "due", "method": "card", "token": "card", "fate": {"days": 0, "fails": ""}}
BANK = {"who": 1, "how": "due", "method": "bank", "token": "bank", "fate": {"days": 3, "fails": "", "returns": 0}}
BILL = Step("bill", rows=[(0, 2, 2400), (1, 2, 3600)])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(100, 104))
def test_a_seed_replays_exactly(seed):
    first, again = run(history(seed)), run(history(seed))
    assert first.trace == again.trace
    assert len(first.trace[1]) >= 0
    assert repr(history(seed)) == repr(history(seed)) != repr(history(seed + 1))


@pytest.mark.django_db(transaction=True)
def test_a_history_makes_the_moves_that_its_steps_say():
    outcome = run([BILL, Step("pay", **CARD), Step("pay", **BANK)])
    assert outcome.rule == ""
    assert outcome.moves == {
        ("started", "submitting"): 2,
        ("submitting", "paid"): 1,
        ("submitting", "processing"): 1,
        ("processing", "paid"): 1,
    }


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_its_payment_to_the_sweep():
    asked = run([BILL, Step("pay", **CARD)]).trace[0]
    killed = run([BILL, Step("pay", **CARD, kill=12)])
    assert asked[:3] == ["token", "create", "confirm"]
    assert killed.trace[0][:3] != asked[:3]
    assert killed.rule == ""


@pytest.mark.django_db(transaction=True)
def test_others_act_in_the_middle_of_a_gateway_call():
    others = [Step("clock", minutes=5, beat=True)]
    outcomes = [run([BILL, Step("pay", **CARD, meanwhile=(moment, others))]) for moment in range(1, 30, 2)]
    swept = [o for o in outcomes if ("submitting", "canceled", "sweep", "") in o.trace[1]]
    assert {outcome.rule for outcome in outcomes} == {""}
    assert 0 < len(swept) < len(outcomes)


def test_what_is_printed_can_be_pasted():
    steps = [step for seed in range(40) for step in history(seed)]
    assert eval(printed(steps), {"Step": Step}) == steps  # noqa: S307 - our own text


def test_a_failing_history_shrinks_to_the_steps_that_matter():
    steps = [
        BILL,
        Step("pay", **CARD, kill=3, faults=[(1, "busy"), (2, "late")]),
        Step("late"),
        Step("sweep", which=1),
        Step("work", count=2),
    ]

    def fails(tried):
        return any(step.act == "sweep" for step in tried) and any(
            (2, "late") in s.facts.get("faults", []) for s in tried
        )

    assert shrunk(steps, fails) == [Step("pay", **CARD, faults=[(2, "late")]), Step("sweep", which=1)]
