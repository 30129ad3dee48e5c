"""What members agreed to is kept until two years after its end, and then let go: nightly, and not a day sooner."""

import pytest
from django.db import IntegrityError, transaction

from payments import tasks
from payments.models import Authorization, AutopayAgreement, AutopayEnrollment, Payment, SavedMethod
from tests.raw import plant, write


# --- for one payment -------------------------------------------------------------------------------------------------
def ended(paying, status, *, ago, accepted_ago="9 years"):
    """A payment that ended so long ago, with a record from before; written with SQL, as time would have."""
    payment = paying.start(cents=100, method="bank")
    plant(
        "UPDATE payments_payment SET status = %s, intent_id = 'pi_' || id, submitted_at = now(),"
        " paid_at = now() - CASE WHEN %s IN ('paid', 'returned') THEN %s::interval END,"
        " ended_at = now() - CASE WHEN %s IN ('failed', 'canceled', 'returned') THEN %s::interval END WHERE id = %s",
        *(status, status, ago, status, ago, payment.pk),
    )
    write(
        "INSERT INTO payments_authorization (payment_id, text, version, language, accepted_at, user_agent)"
        " VALUES (%s, 'I allow this debit.', 'test', 'en', now() - %s::interval, '')",
        *(payment.pk, accepted_ago),
    )
    return payment


@pytest.mark.parametrize("status", ["paid", "failed", "canceled", "returned"])
def test_two_years_after_the_end_the_nightly_task_lets_go_of_it_and_not_before(paying, status):
    young = ended(paying, status, ago="729 days")
    old = ended(paying, status, ago="732 days")
    tasks.purge_authorizations()
    assert [record.payment for record in Authorization.objects.all()] == [young]
    assert Payment.objects.filter(pk=old.pk).exists()
    tasks.purge_authorizations()
    with pytest.raises(IntegrityError):
        write("DELETE FROM payments_authorization")


@pytest.mark.parametrize("status", ["started", "submitting", "awaiting_member", "processing"])
def test_while_a_payment_has_not_ended_its_record_is_kept_however_old(paying, status):
    payment = ended(paying, status, ago="9 years")
    tasks.purge_authorizations()
    assert Authorization.objects.get().payment == payment
    with pytest.raises(IntegrityError):
        write("DELETE FROM payments_authorization")


def test_a_longer_time_is_a_setting_and_a_shorter_one_the_database_refuses(paying, settings):
    ended(paying, "paid", ago="3 years")
    settings.AUTHORIZATION_KEPT_YEARS = 7
    tasks.purge_authorizations()
    assert Authorization.objects.count() == 1
    young = ended(paying, "failed", ago="1 year")
    settings.AUTHORIZATION_KEPT_YEARS = 0
    with pytest.raises(IntegrityError), transaction.atomic():
        tasks.purge_authorizations()
    assert Authorization.objects.filter(payment=young).exists()


# --- for longer ------------------------------------------------------------------------------------------------------
def saved(paying, status, *, ago):
    """A saved account that has stood so for so long, with what was agreed to as it was saved, nine years ago."""
    payment = ended(paying, "paid", ago="9 years")
    account = SavedMethod.objects.create(user=payment.payer, gateway_id="pm_1", method="bank", status=status)
    plant("UPDATE payments_savedmethod SET changed_at = now() - %s::interval", ago)
    plant("UPDATE payments_payment SET saves_method = true, saved_method_id = %s", account.pk)


@pytest.mark.parametrize(
    ("status", "ago", "kept"),
    [
        ("usable", "9 years", 1),
        ("removing", "9 years", 1),
        ("flagged", "729 days", 1),
        ("flagged", "732 days", 0),
        ("removed", "729 days", 1),
        ("removed", "732 days", 0),
    ],
)
def test_what_lets_us_keep_an_account_is_kept_until_two_years_after_the_account_can_be_used_no_more(
    paying, status, ago, kept
):
    saved(paying, status, ago=ago)
    tasks.purge_authorizations()
    assert Authorization.objects.count() == kept
    if kept:
        with pytest.raises(IntegrityError, match="two years after its end"):
            write("DELETE FROM payments_authorization")


def test_a_later_payment_with_a_saved_account_lets_its_own_record_go_in_time(paying):
    saved(paying, "usable", ago="1 day")
    plant("UPDATE payments_payment SET saves_method = false")
    tasks.purge_authorizations()
    assert not Authorization.objects.exists()


@pytest.mark.parametrize(("ago", "kept"), [(None, 1), ("1 day", 1), ("729 days", 1), ("732 days", 0)])
def test_an_agreement_to_autopay_is_kept_until_two_years_after_its_end(autopaying, ago, kept):
    autopaying.enrolls()
    plant("UPDATE payments_autopayenrollment SET ended_at = now() - %s::interval", ago)
    tasks.purge_authorizations()
    assert AutopayAgreement.objects.count() == kept
    assert AutopayEnrollment.objects.count() == 1
    if kept:
        with pytest.raises(IntegrityError, match="two years after its end"):
            write("DELETE FROM payments_autopayagreement")


def test_an_agreement_is_kept_as_long_as_the_setting_says(autopaying, settings):
    autopaying.enrolls()
    plant("UPDATE payments_autopayenrollment SET ended_at = now() - interval '3 years'")
    settings.AUTHORIZATION_KEPT_YEARS = 7
    tasks.purge_authorizations()
    assert AutopayAgreement.objects.count() == 1
