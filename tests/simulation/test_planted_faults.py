"""Faults planted in a copy of the project, of kinds that have cost others money: the simulation finds every one."""

import os
import subprocess
import sys

import pytest

from tests.parts import changed_copy

SEEDS = 2000
MOVING, SWEEPING = "payments/services/moving.py", "payments/services/sweeping.py"
REFUNDING, DISPUTES = "payments/services/refunding.py", "payments/services/disputes.py"
FROM = {  # where to begin, so that the test is quick; from seed 1 each is found within the first hundred
    "the sweep gives up without telling the gateway": 90,
    "a refund that failed is not undone": 55,
    "a refund has a new key each time": 74,
    "a lost answer is taken for a failure": 10,
}
PLANTED = {
    "money stays held after a failure": [(MOVING, "        billing.release(source=payment.source)", "        pass")],
    "a receipt for every report of paid": [
        (
            MOVING,
            "    if judged is Verdict.MOVE:\n        _effects(",
            "    if judged is not Verdict.STALE:\n        _effects(",
        )
    ],
    "a lost answer is taken for a failure": [
        (
            "payments/services/sending.py",
            "        return _resolved(payment, intent_id, error)",
            "        return move(payment.pk, Status.FAILED, via='submit', intent_id=intent_id)",
        )
    ],
    "the sweep gives up without telling the gateway": [
        (
            SWEEPING,
            "intent = gateway().cancel(payment.intent_id)",
            "return move(payment.pk, Status.CANCELED, via='sweep')",
        )
    ],
    "a late return is ignored": [
        (
            DISPUTES,
            "    if dispute.kind == _K.RETURN or dispute.status == _S.LOST:",
            "    if payment.paid_at and (timezone.now() - payment.paid_at).days > 30:\n        return payment\n"
            "    if dispute.kind == _K.RETURN or dispute.status == _S.LOST:",
        )
    ],
    "a refund that failed is not undone": [
        (REFUNDING, "        billing.restore(source=payment.source, amount_cents=refund.amount_cents)", "        pass")
    ],
    "a refund has a new key each time": [
        (REFUNDING, 'key=f"refund:{refund.uuid}"', 'key=f"refund:{uuids.uuid4()}"'),
        (REFUNDING, 'if facts.metadata.get("refund") == str(refund.uuid):', "if False:"),
    ],
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", PLANTED)
def test_the_simulation_finds_a_planted_fault(name, tmp_path, spare_database):
    changed_copy(tmp_path, PLANTED[name])
    result = simulate(tmp_path, spare_database, FROM.get(name, 1))
    assert result.returncode == 1, result.stdout[-2000:] + result.stderr[-2000:]
    assert "broke" in result.stdout


def simulate(folder, database, begin):
    """Run seeds in the copy until one breaks a rule."""
    command = [sys.executable, "-m", "tests.simulation", "--first", "--seeds", str(SEEDS), "--from", str(begin)]
    command += ["--database", database, "--shrink", "0"]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
