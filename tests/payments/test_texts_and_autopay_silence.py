"""Texts beside the emails of a payment, by choice; and no reminder of what autopay will draw."""

from datetime import date

from django.utils import timezone

from accounts.models import Preferences, TextConsent, User
from billing.services import send_reminders
from payments import notices, services
from payments.models import AutopayDraw, Payment
from portal.shared.models import OutgoingMessage


def wants(user, **chosen) -> None:
    User.objects.filter(pk=user.pk).update(
        phone="+16175550100", phone_confirmed_at=timezone.now(), phone_is_mobile=True
    )
    user.refresh_from_db()
    Preferences.objects.create(user=user, **chosen)
    TextConsent.objects.create(
        user=user, number="+16175550100", words="I agree.", version="test", language="en", given_by="page"
    )


def messages_of(channel: str) -> list[str]:
    return sorted(OutgoingMessage.objects.filter(channel=channel).values_list("kind", flat=True))


def test_a_payment_is_confirmed_by_text_beside_the_email_and_only_once(paying):
    wants(paying.user, texts=["payment_confirmed"])
    payment = paying.pay()
    assert messages_of("email") == ["payment_paid"]
    assert messages_of("text") == ["payment_confirmed"]
    notices.tell(payment, "paid", again="today")
    assert messages_of("text") == ["payment_confirmed"]


def test_without_the_choice_there_is_no_text_and_the_receipt_comes_all_the_same(paying):
    wants(paying.user, texts=["payment_failed"], emails=[])
    paying.pay()
    assert messages_of("email") == ["payment_paid"]
    assert messages_of("text") == []


def test_a_failed_payment_is_told_the_way_that_was_chosen(paying):
    wants(paying.user, texts=["payment_failed"], emails=[])
    payment = paying.pay(behaviour="card_declined")
    notices.tell(payment, "failed")
    assert "payment_failed" not in messages_of("email")
    assert messages_of("text") == ["payment_failed"]
    Preferences.objects.update(emails=["payment_failed"])
    OutgoingMessage.objects.all().delete()
    notices.tell(payment, "failed")
    assert messages_of("email") == ["payment_failed"]


def test_a_returned_payment_is_always_told_by_email(paying, debit):
    wants(paying.user, texts=["payment_returned"], emails=[])
    notices.tell(Payment.objects.get(pk=debit.pk), "returned")
    assert "payment_returned" in messages_of("email")
    assert messages_of("text") == ["payment_returned"]


def reminded() -> list[int]:
    return [one.bill for one in send_reminders(timezone.localdate(), dry_run=True).reminders]


def test_no_reminder_of_what_autopay_draws_until_its_draw_is_skipped(autopaying):
    Preferences.objects.create(user=autopaying.user, emails=["reminder"], days_before=[14, 7])
    autopaying.enrolls()
    bill = autopaying.billed(due_on=date(2027, 3, 15))
    assert reminded() == []
    autopaying.goes_to(date(2027, 3, 8))
    autopaying.runs()
    assert reminded() == []
    services.skip(AutopayDraw.objects.get(bill=bill))
    assert reminded() == [bill.pk]


def test_autopay_that_was_turned_off_keeps_no_reminder_back(autopaying):
    Preferences.objects.create(user=autopaying.user, emails=["reminder"], days_before=[14])
    enrollment = autopaying.enrolls()
    bill = autopaying.billed(due_on=date(2027, 3, 15))
    assert reminded() == []
    services.stop_autopay(enrollment, "member")
    assert reminded() == [bill.pk]
