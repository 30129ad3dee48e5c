"""A part that a machine lacks is a skip that says so; where it is required, a failure."""

import pytest

from tests.conftest import missing


def test_a_missing_part_skips_the_test_and_says_which(monkeypatch):
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Chromium is missing on this machine"):
        missing("Chromium", "REQUIRE_BROWSER")


def test_a_missing_part_fails_the_test_where_it_is_required(monkeypatch):
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="Chromium is required here"):
        missing("Chromium", "REQUIRE_BROWSER")


def test_every_skip_is_listed_at_the_end_of_a_run(pytestconfig):
    assert "a" in pytestconfig.getoption("reportchars")
