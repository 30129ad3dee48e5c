"""Whose page this is: a bill that is not the household's does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from billing import selectors
from billing.models import Bill
from billing.selectors import OwedBill

P = ParamSpec("P")


def bill_of(household_id: int, number: str) -> OwedBill:
    """Return this household's bill. Raises Http404 for any other."""
    try:
        return selectors.bill_for(household_id, number)
    except Bill.DoesNotExist as error:
        raise Http404 from error


def for_household(
    view: Callable[Concatenate[HttpRequest, int, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the household of the log-in; tell a log-in without one, such as staff, why nothing is here."""

    @require_safe
    @wraps(view)
    def found(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        household_id = getattr(request.user, "household_id", None)
        if household_id is None:
            return render(request, "billing/no_household.html")
        return view(request, household_id, *args, **kwargs)

    return found


def for_member(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give the view the log-in of a member; tell any other, such as staff, why nothing is here."""

    @wraps(view)
    def with_member(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User) or request.user.member is None:
            return render(request, "billing/no_household.html")
        return view(request, request.user, *args, **kwargs)

    return with_member
