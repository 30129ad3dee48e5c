"""The database itself refuses refunds above their payment's amount, or of a payment that was never paid."""

from django.db import migrations

# Deferred to the commit, as the trigger on credits is. The payment's row is locked first: of two transactions that
# refund at once, the second sees the first's.
# What only notes that the gateway was asked does not come here: it holds no lock on the payment yet.
FORWARD = """
CREATE FUNCTION payments_check_refunds(checked_payment bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
    standing text;
    asked bigint;
BEGIN
    SELECT amount_cents, status INTO paid, standing
        FROM payments_payment WHERE id = checked_payment FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount_cents), 0) INTO asked FROM payments_refund
        WHERE payment_id = checked_payment AND status IN ('requested', 'sending', 'pending', 'succeeded');
    IF asked > paid THEN
        RAISE EXCEPTION 'refunds of payment % are % cents, above its amount of %', checked_payment, asked, paid
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
    END IF;
    IF asked > 0 AND standing NOT IN ('paid', 'returned') THEN
        RAISE EXCEPTION 'payment % has refunds and was not paid', checked_payment
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_of_paid_only';
    END IF;
END $$;

CREATE FUNCTION payments_refund_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_refunds(NEW.payment_id);
    RETURN NULL;
END $$;

CREATE FUNCTION payments_payment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check_refunds(NEW.id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER refunds_within_payment
    AFTER INSERT OR UPDATE OF status, amount_cents, payment_id ON payments_refund DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status IN ('requested', 'sending', 'pending', 'succeeded'))
    EXECUTE FUNCTION payments_refund_changed();

CREATE CONSTRAINT TRIGGER payment_covers_refunds
    AFTER UPDATE ON payments_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.amount_cents < OLD.amount_cents
        OR (OLD.status IN ('paid', 'returned') AND NEW.status NOT IN ('paid', 'returned')))
    EXECUTE FUNCTION payments_payment_changed();
"""
BACKWARD = """
DROP TRIGGER payment_covers_refunds ON payments_payment;
DROP TRIGGER refunds_within_payment ON payments_refund;
DROP FUNCTION payments_payment_changed();
DROP FUNCTION payments_refund_changed();
DROP FUNCTION payments_check_refunds(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_money_back")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
