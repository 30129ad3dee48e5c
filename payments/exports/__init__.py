"""Payments as files: a household's own, and the agency's remittance of a day."""

from payments.exports.account import account_csv
from payments.exports.cells import safe_cell
from payments.exports.findings import finding_facts, findings_csv, findings_json
from payments.exports.history import csv_of
from payments.exports.remittance import NotOver, Remittance, remittance_of

__all__ = [
    "NotOver",
    "Remittance",
    "account_csv",
    "csv_of",
    "finding_facts",
    "findings_csv",
    "findings_json",
    "remittance_of",
    "safe_cell",
]
