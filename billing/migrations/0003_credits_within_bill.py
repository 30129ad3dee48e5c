"""The database itself refuses credits above a bill's total, or of another household than the bill's."""

from django.db import migrations

# Deferred to the commit, so that an import may lower a total and move the excess away in one transaction.
# The bill's row is locked first: of two transactions that place money at once, the second sees the first's.
FORWARD = """
CREATE FUNCTION billing_check_bill(checked_bill bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
    owner bigint;
    live bigint;
    strangers bigint;
BEGIN
    SELECT total_cents, household_id INTO total, owner
        FROM billing_bill WHERE id = checked_bill FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount_cents), 0), count(*) FILTER (WHERE household_id <> owner) INTO live, strangers
        FROM billing_credit WHERE bill_id = checked_bill AND status IN ('held', 'settled');
    IF live > total THEN
        RAISE EXCEPTION 'credits of bill % are % cents, above its total of %', checked_bill, live, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_within_bill';
    END IF;
    IF strangers > 0 THEN
        RAISE EXCEPTION 'bill % has credits of another household', checked_bill
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_of_the_household';
    END IF;
END $$;

CREATE FUNCTION billing_credit_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_check_bill(NEW.bill_id);
    RETURN NULL;
END $$;

CREATE FUNCTION billing_bill_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_check_bill(NEW.id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER credits_within_bill
    AFTER INSERT OR UPDATE ON billing_credit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.bill_id IS NOT NULL AND NEW.status IN ('held', 'settled'))
    EXECUTE FUNCTION billing_credit_changed();

CREATE CONSTRAINT TRIGGER bill_covers_credits
    AFTER UPDATE ON billing_bill DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.total_cents < OLD.total_cents OR NEW.household_id <> OLD.household_id)
    EXECUTE FUNCTION billing_bill_changed();
"""
BACKWARD = """
DROP TRIGGER bill_covers_credits ON billing_bill;
DROP TRIGGER credits_within_bill ON billing_credit;
DROP FUNCTION billing_bill_changed();
DROP FUNCTION billing_credit_changed();
DROP FUNCTION billing_check_bill(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_attempts_ahead")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
