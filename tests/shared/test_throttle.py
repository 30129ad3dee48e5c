"""Limits count every try, also those that come at once, and begin anew when their window is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from portal.shared import throttle
from portal.shared.models import TryCount
from portal.shared.tasks import purge_expired

LIMIT = "pay-declines"


def test_tries_are_allowed_up_to_the_limit(db):
    assert [throttle.allow(LIMIT, "a") for _ in range(6)] == [True] * 5 + [False]


def test_one_key_does_not_use_up_another(db):
    for _ in range(6):
        throttle.allow(LIMIT, "a")
    assert throttle.allow(LIMIT, "b")
    assert throttle.is_spent(LIMIT, "a")
    assert not throttle.is_spent(LIMIT, "b")


def test_after_the_window_the_count_begins_anew(db):
    for _ in range(6):
        throttle.allow(LIMIT, "a")
    TryCount.objects.update(window_ends_at=timezone.now() - timedelta(seconds=1))
    assert not throttle.is_spent(LIMIT, "a")
    assert throttle.allow(LIMIT, "a")


def test_the_key_itself_is_not_kept(db):
    throttle.allow(LIMIT, "192.0.2.7")
    assert "192.0.2.7" not in str(list(TryCount.objects.values_list()))


def test_old_counts_are_cleared(db):
    throttle.allow(LIMIT, "a")
    TryCount.objects.update(window_ends_at=timezone.now() - timedelta(seconds=1))
    purge_expired()
    assert not TryCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_tries_at_once_are_counted_one_by_one():
    def act(_):
        try:
            return throttle.allow(LIMIT, "a")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(act, range(20))) == 5
