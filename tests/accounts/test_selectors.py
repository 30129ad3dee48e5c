"""Who is who, as other rooms ask."""

from datetime import date

import pytest

from accounts.selectors import household_for, members_for, users_with_email
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_responsible_member_has_a_household_and_staff_have_none():
    user = factories.user()
    assert household_for(user) == user.member.household
    assert household_for(factories.user(is_staff=True)) is None
    assert household_for(factories.user(member=factories.member(responsible=False))) is None


def test_a_household_has_its_people_oldest_first_and_no_others():
    home = factories.household()
    young = factories.member(household=home, date_of_birth=date(2015, 1, 1))
    old = factories.member(household=home, date_of_birth=date(1975, 1, 1))
    factories.member()
    assert list(members_for(home)) == [old, young]


def test_an_email_address_is_compared_without_case_and_closed_accounts_do_not_count():
    user = factories.user(email="Someone@Example.test")
    factories.user(email="someone@example.test", is_active=False)
    assert list(users_with_email(" SOMEONE@example.TEST ")) == [user]
