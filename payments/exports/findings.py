"""What reconciliation found, as files. Nothing personal is in it."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import datetime

from payments.exports.cells import safe_cell
from payments.models import ReconciliationFinding

HEADER = (
    "part",
    "kind",
    "confirmation_number",
    "gateway_id",
    "expected",
    "found",
    "dated_at",
    "found_at",
    "closed_at",
    "outcome",
)


def findings_csv(findings: Iterable[ReconciliationFinding]) -> str:
    """Return CSV with a header, one line a finding."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for finding in findings:
        writer.writerow(map(safe_cell, finding_facts(finding).values()))
    return out.getvalue()


def findings_json(findings: Iterable[ReconciliationFinding]) -> str:
    """Return one line of JSON: a list of findings."""
    return json.dumps([finding_facts(finding) for finding in findings])


def finding_facts(finding: ReconciliationFinding) -> dict[str, str]:
    """Return what is told of a finding, in the order of HEADER."""
    return {
        "part": finding.part,
        "kind": finding.kind,
        "confirmation_number": finding.payment.reference if finding.payment else "",
        "gateway_id": finding.gateway_id,
        "expected": finding.expected,
        "found": finding.found,
        "dated_at": _text(finding.dated_at),
        "found_at": _text(finding.created_at),
        "closed_at": _text(finding.closed_at),
        "outcome": finding.outcome or "open",
    }


def _text(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
