"""What a payer gets in writing comes in the language that they read now, not in the one of when it began."""

from payments import services
from payments.models import AutopayEnrollment, Payment
from portal.shared.models import OutgoingMessage
from tests.catalogues import offer


def newest() -> OutgoingMessage:
    return OutgoingMessage.objects.latest("pk")


def test_messages_of_a_payment_follow_the_language_of_the_account(paying, settings, tmp_path):
    offer(settings, tmp_path, es={"Your payment is received": "Recibimos su pago"})
    payment = paying.pay(method="bank")
    assert (newest().kind, newest().language) == ("payment_processing", "en")
    paying.user.language = "es"
    paying.user.save()
    paying.fake.settle(payment.intent_id)
    services.resolve(Payment.objects.get())
    assert (newest().subject, newest().language) == ("Recibimos su pago", "es")


def test_messages_of_autopay_follow_the_language_of_the_account(autopaying, settings, tmp_path):
    offer(settings, tmp_path, es={"Autopay is off": "El pago automático está apagado"})
    autopaying.enrolls()
    autopaying.user.language = "es"
    autopaying.user.save()
    services.stop_autopay(AutopayEnrollment.objects.get(), "member")
    assert (newest().kind, newest().language) == ("autopay_off", "es")
