"""One step of a history: who does what, what goes wrong on the way, and who acts meanwhile. Prints as Python."""

from typing import Any

MISHAPS = ("faults", "kill", "meanwhile")


class Step:
    """An act and its facts, plain values alone, so that a history can be printed, pasted and run again.

    `faults`     [(n, kind), ...]: what the n-th gateway call of this step suffers
    `kill`       n: the process dies at the n-th moment (statement of SQL, or before or after a gateway call)
    `meanwhile`  (n, [steps]): what others do at the n-th moment at which no transaction is open
    """

    def __init__(self, act: str, **facts: Any) -> None:
        self.act, self.facts = act, facts

    def __repr__(self) -> str:
        told = [f'"{self.act}"', *(f"{name}={value!r}" for name, value in self.facts.items())]
        return f"Step({', '.join(told)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    @property
    def plain_facts(self) -> dict[str, Any]:
        """What the act itself needs."""
        return {name: value for name, value in self.facts.items() if name not in MISHAPS}

    @property
    def meanwhile(self) -> tuple[int, list["Step"]]:
        """When others act, and what they do."""
        return self.facts.get("meanwhile", (0, []))

    def but(self, **changes: Any) -> "Step":
        """Return the step with other facts; None leaves one out."""
        merged = self.facts | changes
        return Step(self.act, **{name: value for name, value in merged.items() if value is not None})


def printed(steps: list[Step]) -> str:
    """Return the steps as a Python list, to be pasted into tests/simulation/kept.py."""
    return "[\n" + "".join(f"    {step!r},\n" for step in steps) + "]"
