"""An alarm whose object has ended meanwhile does not stop the clock."""


def test_the_clock_goes_on_when_what_an_alarm_was_set_for_has_ended(sandbox, client, payer):
    paid = payer.pay("pm_card_refundFail")
    refund = client.v1.refunds.create({"charge": paid.latest_charge.id})
    sandbox.do("refund/fail", refund=refund.id)
    debit = payer.pay("pm_usBankAccount_success")
    sandbox.do("clock", business_days=5)
    assert client.v1.payment_intents.retrieve(debit.id).status == "succeeded"
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
