"""What makes a payment this payment never changes, nothing of it is deleted, and a receipt stays as it was issued."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER payment_facts_stay BEFORE UPDATE ON payments_payment
    FOR EACH ROW WHEN (
        (OLD.id, OLD.uuid, OLD.reference, OLD.household_id, OLD.payer_id, OLD.amount_cents, OLD.method)
        IS DISTINCT FROM
        (NEW.id, NEW.uuid, NEW.reference, NEW.household_id, NEW.payer_id, NEW.amount_cents, NEW.method)
    ) EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER payment_stays BEFORE DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER receipt_stays BEFORE UPDATE OR DELETE ON payments_receipt
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
ALTER TABLE payments_receipt ENABLE ALWAYS TRIGGER receipt_stays;
"""
BACKWARD = """
DROP TRIGGER receipt_stays ON payments_receipt;
DROP TRIGGER payment_stays ON payments_payment;
DROP TRIGGER payment_facts_stay ON payments_payment;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0031_append_only_history")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
