"""A credit's amount, source and household never change, none is deleted, and a split one is worth its children."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_check_family(parent_credit bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p record;
    children record;
BEGIN
    SELECT household_id, source, amount_cents, status INTO p FROM billing_credit WHERE id = parent_credit;
    SELECT coalesce(sum(amount_cents), 0) AS cents,
        count(*) FILTER (WHERE (household_id, source) <> (p.household_id, p.source)) AS strangers
        INTO children FROM billing_credit WHERE parent_id = parent_credit;
    IF p.status <> 'superseded' OR children.cents <> p.amount_cents OR children.strangers > 0 THEN
        RAISE EXCEPTION 'credit % is % with % cents and was split into % cents', parent_credit, p.status,
            p.amount_cents, children.cents
            USING ERRCODE = 'check_violation', CONSTRAINT = 'children_add_up';
    END IF;
END $$;

CREATE FUNCTION billing_credit_split() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'superseded' THEN
        PERFORM billing_check_family(NEW.id);
    END IF;
    IF TG_OP = 'INSERT' AND NEW.parent_id IS NOT NULL THEN
        PERFORM billing_check_family(NEW.parent_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION billing_check_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM billing_credit WHERE source = NEW.source AND household_id <> NEW.household_id) THEN
        RAISE EXCEPTION 'credits of % are of two households', NEW.source
            USING ERRCODE = 'check_violation', CONSTRAINT = 'source_has_one_household';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER credit_facts_stay BEFORE UPDATE ON billing_credit
    FOR EACH ROW WHEN (
        (OLD.id, OLD.household_id, OLD.source, OLD.amount_cents, OLD.parent_id)
        IS DISTINCT FROM (NEW.id, NEW.household_id, NEW.source, NEW.amount_cents, NEW.parent_id)
        OR OLD.status IN ('released', 'superseded') AND NEW.status <> OLD.status
    ) EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER credit_stays BEFORE DELETE ON billing_credit
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE CONSTRAINT TRIGGER children_add_up AFTER INSERT OR UPDATE ON billing_credit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'superseded' OR NEW.parent_id IS NOT NULL)
    EXECUTE FUNCTION billing_credit_split();
CREATE CONSTRAINT TRIGGER source_has_one_household AFTER INSERT ON billing_credit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_check_source();
"""
BACKWARD = """
DROP TRIGGER source_has_one_household ON billing_credit;
DROP TRIGGER children_add_up ON billing_credit;
DROP TRIGGER credit_stays ON billing_credit;
DROP TRIGGER credit_facts_stay ON billing_credit;
DROP FUNCTION billing_check_source();
DROP FUNCTION billing_credit_split();
DROP FUNCTION billing_check_family(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_support_adjustments"), ("shared", "0031_append_only_audit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
