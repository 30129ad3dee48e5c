"""The table of moves means what it says, for every pair of statuses."""

import pytest

from payments.states import FINAL, LIVE, MOVES, Status, Verdict, verdict

S = Status


@pytest.mark.parametrize("status", Status)
def test_the_same_status_again_is_the_same(status):
    assert verdict(status, status) is Verdict.SAME


@pytest.mark.parametrize(("today", "reported"), [(a, b) for a in Status for b in sorted(MOVES[a])])
def test_every_edge_of_the_table_is_a_move(today, reported):
    assert verdict(today, reported) is Verdict.MOVE


@pytest.mark.parametrize(
    ("today", "reported"),
    [
        (S.PAID, S.PROCESSING),
        (S.PAID, S.SUBMITTING),
        (S.RETURNED, S.PAID),
        (S.RETURNED, S.PROCESSING),
        (S.FAILED, S.PROCESSING),
        (S.CANCELED, S.AWAITING_MEMBER),
        (S.PROCESSING, S.AWAITING_MEMBER),
    ],
)
def test_news_that_came_late_is_stale(today, reported):
    assert verdict(today, reported) is Verdict.STALE


@pytest.mark.parametrize(
    ("today", "reported"),
    [
        (S.FAILED, S.PAID),
        (S.CANCELED, S.PAID),
        (S.PAID, S.FAILED),
        (S.PAID, S.CANCELED),
        (S.RETURNED, S.FAILED),
        (S.STARTED, S.PAID),
        (S.FAILED, S.RETURNED),
    ],
)
def test_what_cannot_be_goes_to_a_person(today, reported):
    assert verdict(today, reported) is Verdict.IMPOSSIBLE


def test_nothing_leaves_a_final_status():
    assert all(not MOVES[status] for status in FINAL)


def test_a_live_payment_is_one_that_may_still_be_charged():
    assert {S.SUBMITTING, S.AWAITING_MEMBER, S.PROCESSING} == LIVE
