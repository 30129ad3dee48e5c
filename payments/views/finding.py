"""Whose page this is: a payment that is not the household's does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Household, User
from accounts.selectors import household_for
from payments import selectors
from payments.models import Payment, SavedMethod
from payments.states import Status

P = ParamSpec("P")


def user_of(request: HttpRequest) -> User:
    """Return the log-in; every page here needs one."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def household_of(request: HttpRequest) -> Household:
    """Return the household whose bill this log-in may pay. Raises Http404 for staff and who is not responsible."""
    household = household_for(user_of(request))
    if household is None:
        raise Http404
    return household


def for_household(
    view: Callable[Concatenate[HttpRequest, Household, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Give the view the household of the log-in; tell a log-in without one, such as staff, why nothing is here."""

    @wraps(view)
    def found(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        household = household_for(user_of(request))
        if household is None:
            return render(request, "billing/no_household.html")
        return view(request, household, *args, **kwargs)

    return found


def member_of(request: HttpRequest) -> User:
    """Return the log-in of a member, responsible or no more: what someone saved stays theirs to remove."""
    user = user_of(request)
    if user.member_id is None:
        raise Http404
    return user


def saved_method_of(request: HttpRequest, reference: str, *, with_removed: bool = False) -> SavedMethod:
    """Return what this very log-in saved. Raises Http404 for anyone else's, also within the household."""
    try:
        return selectors.saved_method_for(member_of(request), reference, with_removed=with_removed)
    except SavedMethod.DoesNotExist as error:
        raise Http404 from error


def payment_of(request: HttpRequest, reference: str) -> Payment:
    """Return this household's payment. Raises Http404 for any other."""
    try:
        payment = selectors.payment_for(household_of(request), reference)
    except Payment.DoesNotExist as error:
        raise Http404 from error
    if payment.status == Status.STARTED and payment.payer_id != user_of(request).pk:
        raise Http404  # whoever began it authorizes it
    return payment
