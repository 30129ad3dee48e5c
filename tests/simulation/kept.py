"""What once broke a rule, run for ever: seeds as found, and histories as they were made shorter.

A seed stands for another history once the generator changes; its shorter history, pasted here, does not.
"""

from tests.simulation.steps import Step

SEEDS: list[int] = [1374, 9011, 9046, 70196, 1795635466165]

HISTORIES: dict[str, list[Step]] = {
    "a second worker takes the task that the first was about to take": [
        Step("bill", rows=[(0, 0, 2400)]),
        Step(
            "pay",
            who=0,
            how="due",
            method="bank",
            token="bank",
            fate={"days": 1, "fails": "insufficient_funds", "returns": 0},
        ),
        Step("clock", minutes=1500, beat=True),
        Step("deliver", nth=0, times=3),
        Step("work", count=5, meanwhile=(3, [Step("work", count=5, last_first=True)])),
    ],
    "a card's bank asks, then takes the money, and keeps it": [
        Step("bill", rows=[(0, 0, 8000)]),
        Step(
            "pay",
            who=0,
            how="least",
            method="card",
            token="card_3ds",
            fate={"days": 0, "fails": "", "disputes": 20, "closes": 5, "inquiry": True, "won": False},
        ),
        Step("at_bank", nth=0, passes=True),
    ],
    "a charge whose answer was lost is made anew a day later, and the first is given up": [
        Step("bill", rows=[(1, 1, 2400)]),
        Step(
            "pay",
            who=1,
            how="due",
            method="bank",
            token="bank",
            fate={"days": 6, "fails": "no_account", "returns": 0},
            faults=[(2, "unknown before")],
        ),
        Step("weather", kind="unknown after"),
        Step("confirm", nth=3),
        Step("confirm", nth=1, meanwhile=(5, [Step("clock", minutes=1500, beat=True)])),
        Step(
            "pay",
            who=1,
            how="due",
            method="bank",
            token="bank",
            fate={"days": 3, "fails": "", "returns": 1},
            saves=True,
        ),
    ],
    "a debit is taken back while no news reaches us, and the night finds it": [
        Step("bill", rows=[(0, 2, 1200)]),
        Step(
            "pay",
            who=2,
            how="part",
            method="bank",
            token="bank",
            fate={"days": 3, "fails": "", "returns": 0},
            saves=True,
            meanwhile=(
                10,
                [
                    Step(
                        "pay",
                        who=0,
                        how="ahead",
                        method="bank",
                        token="bank",
                        fate={"days": 2, "fails": "", "returns": 1},
                    )
                ],
            ),
        ),
        Step("deaf"),
        Step("clock", minutes=11520, beat=False),
    ],
}
