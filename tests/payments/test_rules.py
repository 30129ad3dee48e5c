"""Bank days, card brands and reasons."""

from datetime import UTC, date, datetime

import pytest

from payments.rules import bank_dates, brand_is_taken, reason_for
from portal.shared.business_days import add_business_days, is_business_day


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 11, 27), True),
        (date(2026, 7, 3), True),  # 4 July 2026 is a Saturday: the Federal Reserve does not move it
        (date(2027, 7, 5), False),  # 4 July 2027 is a Sunday: moved to Monday
        (date(2026, 6, 19), False),
        (date(2026, 10, 12), False),
        (date(2026, 4, 20), True),  # Patriots' Day is no bank holiday
        (date(2026, 11, 28), False),
    ],
)
def test_banks_are_open_by_the_calendar_of_the_federal_reserve(day, is_open):
    assert is_business_day(day) is is_open


def test_business_days_pass_over_weekend_and_holiday():
    assert add_business_days(date(2026, 11, 25), 2) == date(2026, 11, 30)


def test_a_debit_authorized_before_the_cut_off_is_sent_the_same_day():
    dates = bank_dates(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    assert dates.sent_on == date(2026, 11, 24)
    assert dates.expected_on == date(2026, 12, 1)
    assert dates.returnable_until == date(2026, 12, 3)


def test_a_debit_authorized_after_nine_in_the_evening_eastern_is_sent_the_next_business_day():
    assert bank_dates(datetime(2026, 11, 26, 2, 30, tzinfo=UTC)).sent_on == date(2026, 11, 27)


def test_the_gateways_own_estimate_wins():
    dates = bank_dates(datetime(2026, 11, 24, 15, 0, tzinfo=UTC), date(2026, 11, 27))
    assert dates.expected_on == date(2026, 11, 27)


@pytest.mark.parametrize("brand", ["visa", "mastercard", "amex", "discover"])
def test_four_brands_are_taken(brand):
    assert brand_is_taken(brand)


@pytest.mark.parametrize("brand", ["", "jcb", "diners", "unknown"])
def test_no_other_brand_is_taken(brand):
    assert not brand_is_taken(brand)


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "fraudulent", "generic_decline", "", "new_code"])
def test_a_lost_or_suspected_card_is_only_declined(code):
    assert reason_for(code) == "declined"
