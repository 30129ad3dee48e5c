"""A CSV that a spreadsheet opens without running anything."""

import csv
import io

import pytest

from payments.exports import csv_of, safe_cell
from payments.models import Payment


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"]
)
def test_what_a_spreadsheet_would_run_is_made_text(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "24.00", "Visa ending in 4242", "a=b"])
def test_what_it_would_not_run_stays(text):
    assert safe_cell(text) == text


def test_the_file_names_each_payment_once_with_its_amount_in_dollars(paying):
    payment = paying.pay(cents=1005)
    rows = list(csv.DictReader(io.StringIO(csv_of(Payment.objects.all()))))
    assert [(row["Amount in dollars"], row["Status"], row["Paid with"]) for row in rows] == [
        ("10.05", "Paid", "Visa ending in 4242")
    ]
    assert rows[0]["Confirmation number"].replace("-", "") == payment.reference
