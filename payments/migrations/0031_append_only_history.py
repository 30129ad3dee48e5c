"""Makes a payment's history append-only in the database itself, a legal path, and a chain in which tampering shows."""

from django.db import migrations, models

# One chain a payment: whoever adds a step has locked the household and the payment already, so the chain waits for
# nobody who would not be waited for anyway. The payment's row is locked first here too, should someone not have.
FORWARD = """
CREATE FUNCTION payments_event_hash(before text, e payments_paymentevent) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        before, e.payment_id, e.position, extract(epoch FROM e.at), e.from_status, e.to_status, e.via, e.code
    )::text, 'UTF8')), 'base64')
$$;

CREATE FUNCTION payments_chain_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chain record;
BEGIN
    PERFORM 1 FROM payments_payment WHERE id = NEW.payment_id FOR UPDATE;
    SELECT events, status, hash INTO chain FROM payments_paymentchain WHERE payment_id = NEW.payment_id;
    IF NEW.from_status <> coalesce(chain.status, '') THEN
        RAISE EXCEPTION 'a step from % cannot follow one to %', NEW.from_status, coalesce(chain.status, 'nothing')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'event_follows_the_last';
    END IF;
    NEW.position := coalesce(chain.events, 0) + 1;
    NEW.hash := payments_event_hash(coalesce(chain.hash, ''), NEW);
    INSERT INTO payments_paymentchain AS c (payment_id, events, status, hash)
        VALUES (NEW.payment_id, NEW.position, NEW.to_status, NEW.hash)
        ON CONFLICT (payment_id) DO UPDATE
        SET events = EXCLUDED.events, status = EXCLUDED.status, hash = EXCLUDED.hash;
    RETURN NEW;
END $$;

DO $$
DECLARE
    e payments_paymentevent;
    last_payment bigint;
    last_position integer;
    last_hash text;
BEGIN
    FOR e IN SELECT * FROM payments_paymentevent ORDER BY payment_id, id LOOP
        IF e.payment_id IS DISTINCT FROM last_payment THEN
            last_position := 0;
            last_hash := '';
        END IF;
        e.position := last_position + 1;
        UPDATE payments_paymentevent SET position = e.position, hash = payments_event_hash(last_hash, e)
            WHERE id = e.id RETURNING payment_id, position, hash INTO last_payment, last_position, last_hash;
    END LOOP;
    INSERT INTO payments_paymentchain (payment_id, events, status, hash)
        SELECT DISTINCT ON (payment_id) payment_id, position, to_status, hash
        FROM payments_paymentevent ORDER BY payment_id, position DESC;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;

CREATE TRIGGER event_is_chained BEFORE INSERT ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION payments_chain_event();
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON payments_paymentevent
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER chain_is_the_databases BEFORE INSERT OR UPDATE OR DELETE ON payments_paymentchain
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_by_hand();
ALTER TABLE payments_paymentevent ENABLE ALWAYS TRIGGER event_is_chained, ENABLE ALWAYS TRIGGER event_stays;
ALTER TABLE payments_paymentchain ENABLE ALWAYS TRIGGER chain_is_the_databases;
"""
BACKWARD = """
DROP TRIGGER chain_is_the_databases ON payments_paymentchain;
DROP TRIGGER event_stays ON payments_paymentevent;
DROP TRIGGER event_is_chained ON payments_paymentevent;
DROP FUNCTION payments_chain_event();
DROP FUNCTION payments_event_hash(text, payments_paymentevent);
DELETE FROM payments_paymentchain;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0030_history_chain"), ("shared", "0031_append_only_audit")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddConstraint(
            model_name="paymentevent",
            constraint=models.UniqueConstraint(fields=("payment", "position"), name="one_event_a_position"),
        ),
    ]
