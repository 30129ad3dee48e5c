"""The database itself refuses a commit after which a payment's status, history, money, receipt and message disagree."""

from django.db import migrations

# Deferred to the commit, because one move writes all five. Nothing is locked here: whoever moves a payment has locked
# its household. Credits that no payment brought are check_books' to find: billing does not know who its sources are.
FORWARD = """
CREATE FUNCTION payments_check(checked bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p record;
    money record;
    is_taken boolean;
    proofs bigint;
    wrong text;
BEGIN
    SELECT reference, status, amount_cents, paid_at INTO p FROM payments_payment WHERE id = checked;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    is_taken := p.status IN ('paid', 'returned');
    SELECT count(*) FILTER (WHERE status = 'held') AS parts,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'held'), 0) AS held,
        coalesce(sum(amount_cents) FILTER (WHERE status IN ('settled', 'disputed')), 0) AS settled,
        coalesce(sum(amount_cents) FILTER (WHERE status = 'reversed'), 0) AS reversed
        INTO money FROM billing_credit WHERE source = p.reference;
    SELECT count(*) INTO proofs FROM payments_receipt r WHERE r.payment_id = checked
        AND (NOT is_taken OR r.amount_cents = p.amount_cents AND r.amount_cents =
            (SELECT sum((part ->> 1)::bigint) FROM jsonb_array_elements(r.split) AS part));
    wrong := CASE
        WHEN p.status IS DISTINCT FROM (SELECT status FROM payments_paymentchain WHERE payment_id = checked)
            THEN 'payment_ends_its_history'
        WHEN (money.held, money.settled + money.reversed) IS DISTINCT FROM (
            CASE WHEN p.status IN ('submitting', 'awaiting_member', 'processing') THEN p.amount_cents ELSE 0 END,
            CASE WHEN is_taken THEN p.amount_cents ELSE 0 END
        ) OR p.status = 'returned' AND money.settled > 0 THEN 'payment_has_its_money'
        WHEN proofs <> is_taken::int THEN 'payment_has_its_receipt'
        WHEN is_taken <> EXISTS (
            SELECT FROM shared_outgoingmessage WHERE key = 'payment:' || p.reference || ':paid'
        ) THEN 'payment_has_its_confirmation'
    END;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'payment % (%) breaks the rule %', p.reference, p.status, wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = wrong;
    END IF;
END $$;

CREATE FUNCTION payments_check_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION payments_check_its_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check(NEW.payment_id);
    RETURN NULL;
END $$;

CREATE FUNCTION payments_check_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_check(id) FROM payments_payment WHERE reference = NEW.source;
    RETURN NULL;
END $$;

CREATE FUNCTION payments_check_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM payments_payment
        WHERE reference = split_part(NEW.key, ':', 2) AND status IN ('paid', 'returned')
    ) THEN
        RAISE EXCEPTION 'a message says paid of what is not' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'paid_is_said_of_what_is_paid';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER payment_agrees_when_new AFTER INSERT ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_itself();
CREATE CONSTRAINT TRIGGER payment_agrees AFTER UPDATE ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION payments_check_itself();
CREATE CONSTRAINT TRIGGER event_agrees AFTER INSERT ON payments_paymentevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_its_payment();
CREATE CONSTRAINT TRIGGER receipt_agrees AFTER INSERT ON payments_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_its_payment();
CREATE CONSTRAINT TRIGGER credit_agrees_when_new AFTER INSERT ON billing_credit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_check_source();
CREATE CONSTRAINT TRIGGER credit_agrees AFTER UPDATE ON billing_credit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION payments_check_source();
CREATE CONSTRAINT TRIGGER message_agrees AFTER INSERT ON shared_outgoingmessage
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'payment_paid')
    EXECUTE FUNCTION payments_check_told();
"""
BACKWARD = """
DROP TRIGGER message_agrees ON shared_outgoingmessage;
DROP TRIGGER credit_agrees ON billing_credit;
DROP TRIGGER credit_agrees_when_new ON billing_credit;
DROP TRIGGER receipt_agrees ON payments_receipt;
DROP TRIGGER event_agrees ON payments_paymentevent;
DROP TRIGGER payment_agrees ON payments_payment;
DROP TRIGGER payment_agrees_when_new ON payments_payment;
DROP FUNCTION payments_check_told();
DROP FUNCTION payments_check_source();
DROP FUNCTION payments_check_its_payment();
DROP FUNCTION payments_check_itself();
DROP FUNCTION payments_check(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0032_money_facts_stay"), ("billing", "0020_credit_facts_stay")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
