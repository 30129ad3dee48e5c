"""docs/fault-matrix.md is true of the tests: 46 rows, each with all its tests, all passed."""

import re

from tests.faults.matrix import DOCUMENT, cell, rows, tests_by_row

ROWS = rows(DOCUMENT.read_text())
TESTS = tests_by_row()


def test_the_table_has_the_46_rows_in_order():
    assert [number for number, *_ in ROWS] == list(range(1, 47))


def test_every_test_of_a_row_is_named_in_the_table_and_no_other():
    named = {number: tests for number, _, _, tests, _ in ROWS}
    assert named == {number: cell(TESTS.get(number, [])) for number in range(1, 47)}


def test_every_row_has_a_test():
    assert [number for number in range(1, 47) if not TESTS.get(number)] == []


def test_the_result_of_every_row_is_that_all_passed():
    for number, _, _, _, result in ROWS:
        passed = re.fullmatch(r"(\d+) passed", result)
        assert passed, f"row {number}: {result}"
        assert int(passed[1]) >= len(TESTS[number])
