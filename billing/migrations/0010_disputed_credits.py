"""Adds the status `disputed`: money that a card's bank looks into. It counts on its bill, so the trigger sees it too."""

from django.db import migrations, models

CHECK = """
CREATE OR REPLACE FUNCTION billing_check_bill(checked_bill bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
    owner bigint;
    live bigint;
    strangers bigint;
BEGIN
    SELECT total_cents, household_id INTO total, owner
        FROM billing_bill WHERE id = checked_bill FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount_cents), 0), count(*) FILTER (WHERE household_id <> owner) INTO live, strangers
        FROM billing_credit WHERE bill_id = checked_bill AND status IN ({live});
    IF live > total THEN
        RAISE EXCEPTION 'credits of bill % are % cents, above its total of %', checked_bill, live, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_within_bill';
    END IF;
    IF strangers > 0 THEN
        RAISE EXCEPTION 'bill % has credits of another household', checked_bill
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credits_of_the_household';
    END IF;
END $$;

DROP TRIGGER credits_within_bill ON billing_credit;
CREATE CONSTRAINT TRIGGER credits_within_bill
    AFTER INSERT OR UPDATE ON billing_credit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.bill_id IS NOT NULL AND NEW.status IN ({live}))
    EXECUTE FUNCTION billing_credit_changed();
"""
STATUSES = ["held", "settled", "disputed", "released", "reversed", "superseded"]


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_one_way_names")]
    operations = [
        migrations.AlterField(
            model_name="credit",
            name="status",
            field=models.CharField(choices=[(name, name.title()) for name in STATUSES], max_length=10),
        ),
        migrations.RunSQL(
            CHECK.replace("{live}", "'held', 'settled', 'disputed'"), CHECK.replace("{live}", "'held', 'settled'")
        ),
    ]
