"""What of a log-in's bills and cases staff may have opened."""

from django.db.models import Q

from accounts.models import User
from accounts.selectors.security import rows_of
from billing.models import Bill
from billing.selectors.cases import cases_for


def bills_and_cases_of(user: User) -> Q:
    """Return which audit entries are about the bills and cases that a log-in may see."""
    return rows_of(Bill.objects.filter(household=user.household_id)) | rows_of(cases_for(user))
