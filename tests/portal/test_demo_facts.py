"""What the demonstration prints is how its people are now, not how they were at the first start."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import User
from portal.demo import facts, people
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = "2026-11-24 12:00:00+00:00"


def log_in(username, **fields):
    return factories.user(username=username, password=people.PASSWORD, **fields)


def test_bills_that_were_paid_are_open_no_more(time_machine):
    time_machine.move_to(TODAY)
    rosa = log_in("rosa")
    household = rosa.member.household
    factories.bill(household=household, due_on=date(2026, 11, 1))
    factories.bill(household=household, due_on=date(2026, 12, 1))
    assert facts.log_ins() == [("rosa", "a member with 2 open bills, 1 overdue")]
    factories.pay(household, "P1", 2400)
    assert facts.log_ins() == [("rosa", "a member with 1 open bill, none overdue")]
    factories.pay(household, "P2", 2400)
    assert facts.log_ins() == [("rosa", "a member with nothing to pay")]


def test_a_lock_is_named_while_it_is_there():
    sam = log_in("sam", locked_at=timezone.now(), failed_logins=5)
    assert facts.log_ins() == [("sam", "a member with nothing to pay; locked until support unlocks it")]
    User.objects.filter(pk=sam.pk).update(locked_at=None)
    assert facts.log_ins() == [("sam", "a member with nothing to pay")]


def test_staff_are_named_by_what_they_may_and_a_new_password_is_not_hidden():
    log_in("support", is_staff=True)
    boss = log_in("admin", is_staff=True, is_superuser=True)
    boss.set_password("another maple canoe orbit")
    boss.save()
    assert facts.log_ins() == [
        ("support", "support, in Django admin"),
        ("admin", "administrator, in Django admin; has a password of its own by now"),
    ]


def test_who_has_registered_is_free_no_more_and_the_free_are_named_with_what_they_owe(time_machine):
    time_machine.move_to(TODAY)
    free, taken = factories.member(), factories.user().member
    factories.member(responsible=False)
    assert facts.free_members() == [(free, "nothing to pay")]
    factories.bill(household=free.household, due_on=date(2026, 12, 1))
    assert facts.free_members() == [(free, "1 open bill, none overdue")]
    assert taken not in [member for member, _ in facts.free_members()]
