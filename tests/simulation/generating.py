"""Makes a history out of a seed. All chance is drawn here, from one source; taking the steps draws none."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.simulation.process import FAULTS
from tests.simulation.steps import Step

CARDS = ("card", "card", "card", "card_declined", "card_no_funds", "card_3ds", "card_fails_later", "card_asks_always")
SAVED = ("card", "card", "bank", "bank", "card_fails_later", "card_asks_always")
BANKS = ("bank", "bank", "bank", "bank_by_hand")
LONGEST_PAUSE = 3  # minutes: CELERY_TASK_TIME_LIMIT; a worker that stands still for longer is killed
WAITS = (1, 3, 6, 20, 70, 6 * 60, 25 * 60, 3 * 24 * 60, 8 * 24 * 60)  # minutes
DEPOSITS = ((32, 45), (32, 45), (1, 2), (10, 11), (40, 41))  # right, wrong, once too often, too late
PREMIUMS = (0, 1200, 2400, 2400, 3550, 8000)


class Chance:
    """One source of chance, and how rough this history is."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.roughness = self.random.choice((0.0, 0.1, 0.3, 0.6))
        self.crowd = self.random.choice((0.0, 0.1, 0.4))
        self.deaths = self.random.choice((0.0, 0.1, 0.3))

    def happens(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, things: Any) -> Any:
        return self.random.choice(things)

    def upto(self, most: int) -> int:
        return self.random.randint(0, most)

    def small(self) -> int:
        """A small number, mostly 0: the newest of something."""
        return self.one_of((0, 0, 0, 1, 1, 2, 3))


def history(seed: int) -> list[Step]:
    """Return the steps of this seed, always the same."""
    chance = Chance(seed)
    months = 1 + chance.upto(2)
    rows = [(household, month, chance.one_of(PREMIUMS[1:])) for household in (0, 1) for month in range(months)]
    steps = [Step("clock", minutes=chance.upto(50) * 24 * 60 + chance.upto(1439), beat=False), Step("bill", rows=rows)]
    if chance.happens(0.25):  # a household on autopay
        steps += [Step("pay", **_saving(chance, who)) for who in (0, 1)]
        steps += [Step("clock", minutes=6 * 24 * 60, beat=True), Step("enroll", **ACTS["enroll"][1](chance))]
    return steps + [_step(chance) for _ in range(6 + chance.upto(24))]


def _step(chance: Chance, *, deep: bool = False) -> Step:
    act = chance.random.choices(list(ACTS), [weight for weight, _ in ACTS.values()])[0]
    step = Step(act, **ACTS[act][1](chance))
    if deep and act == "clock":  # whoever is in the middle of something stands still for as long
        step = step.but(minutes=min(step.facts["minutes"], LONGEST_PAUSE))
    return step if deep else _with_mishaps(chance, step)


def _with_mishaps(chance: Chance, step: Step) -> Step:
    mishaps: dict[str, Any] = {}
    if chance.happens(chance.roughness):
        calls = sorted({1 + chance.upto(3) for _ in range(1 + chance.upto(2))})
        mishaps["faults"] = [(call, chance.one_of(list(FAULTS))) for call in calls]
    if chance.happens(chance.deaths):
        mishaps["kill"] = 1 + chance.upto(chance.one_of((5, 20, 60)))
    if chance.happens(chance.crowd):
        others = [_step(chance, deep=True) for _ in range(1 + chance.upto(2))]
        mishaps["meanwhile"] = (1 + chance.upto(chance.one_of((2, 6, 25))), others)
    return step.but(**mishaps)


def _paying(chance: Chance) -> dict[str, Any]:
    method = chance.one_of(("card", "bank"))
    facts = {
        "who": chance.upto(2),
        "how": chance.one_of(("due", "due", "due", "part", "part", "least", "ahead", "too much")),
        "method": method,
        "token": chance.one_of(CARDS if method == "card" else BANKS),
        "fate": _fate(chance, method),
    }
    return facts | ({"saves": True} if chance.happens(0.3) else {})


def _saving(chance: Chance, who: int) -> dict[str, Any]:
    token = chance.one_of(SAVED)
    method = "bank" if token == "bank" else "card"
    fate = {"days": 1, "fails": "", "returns": chance.one_of((0, 0, 0, 30))}
    return {"who": who, "how": "part", "method": method, "token": token, "fate": fate, "saves": True}


def _entering(chance: Chance) -> dict[str, Any]:
    method = chance.one_of(("card", "bank"))
    token = chance.one_of(CARDS if method == "card" else BANKS)
    return {"nth": chance.small(), "token": token, "fate": _fate(chance, method)}


def _fate(chance: Chance, method: str) -> dict[str, Any]:
    if method == "card":
        disputes = {"disputes": chance.one_of((2, 20)), "closes": chance.one_of((5, 40))}
        disputes |= {"inquiry": chance.happens(0.2), "won": chance.happens(0.5)}
        return {"days": 0, "fails": ""} | (disputes if chance.happens(0.3) else {})
    fails = chance.one_of(("", "", "", "insufficient_funds", "no_account", "canceled"))
    returns = 0 if fails else chance.one_of((0, 0, 1, 2, 40))
    return {"days": 1 + chance.upto(5), "fails": fails, "returns": returns}


def _refund(chance: Chance) -> dict[str, Any]:
    fate = {"days": chance.upto(6), "fails": chance.one_of(("", "", "declined"))}
    return {"nth": chance.small(), "share": chance.one_of((100, 100, 50, 30, 0)), "by": chance.upto(1), "fate": fate}


def _bills(chance: Chance) -> dict[str, Any]:
    count = 1 + chance.upto(2)
    wanted = {(chance.upto(1), chance.upto(4)): chance.one_of(PREMIUMS) for _ in range(count)}
    return {"rows": [(*key, cents) for key, cents in wanted.items()]}


Facts = Callable[[Chance], dict[str, Any]]
ACTS: dict[str, tuple[int, Facts]] = {
    "pay": (20, _paying),
    "begin": (6, _paying),
    "enter": (3, _entering),
    "deposits": (4, lambda c: {"nth": c.small(), "amounts": c.one_of(DEPOSITS)}),
    "review": (3, lambda c: {"nth": c.small()}),
    "confirm": (8, lambda c: {"nth": c.small()}),
    "visit": (4, lambda c: {"nth": c.small()}),
    "at_bank": (6, lambda c: {"nth": c.small(), "passes": c.happens(0.6)}),
    "bill": (8, _bills),
    "clock": (12, lambda c: {"minutes": c.one_of(WAITS), "beat": c.happens(0.5)}),
    "sweep": (8, lambda c: {"which": c.upto(15)}),
    "work": (8, lambda c: {"count": 1 + c.upto(4), "last_first": c.happens(0.3)}),
    "deliver": (14, lambda c: {"nth": c.upto(5), "times": c.one_of((1, 1, 2, 3)), "twin": c.happens(0.2)}),
    "pay_saved": (6, lambda c: {"nth": c.small(), "how": c.one_of(("due", "due", "part", "ahead"))}),
    "enroll": (5, lambda c: {"nth": c.small(), "days_before": c.upto(5), "limit": c.one_of((0, 0, 3000))}),
    "unenroll": (1, lambda c: {"nth": c.small()}),
    "skip": (1, lambda c: {"nth": c.small()}),
    "move_draw": (1, lambda c: {"nth": c.small(), "days": c.upto(8)}),
    "lose_method": (2, lambda c: {"nth": c.small(), "how": c.one_of(("detach", "block", "revoke"))}),
    "refund": (8, _refund),
    "decide": (4, lambda c: {"by": c.upto(1), "approves": c.happens(0.8)}),
    "cancel": (4, lambda c: {"nth": c.small()}),
    "lose_events": (2, lambda c: {}),
    "deaf": (1, lambda c: {}),
    "lose_tasks": (2, lambda c: {}),
    "weather": (2, lambda c: {"kind": c.one_of(("", "", *FAULTS))}),
    "late": (3, lambda c: {}),
}
