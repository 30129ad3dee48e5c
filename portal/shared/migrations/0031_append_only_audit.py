"""Makes the audit trail append-only in the database itself, and chains its entries so that tampering shows."""

from django.db import migrations

# Why no chain in one line at the moment of writing: entries are written inside transactions that hold rows of every
# kind, in any order. One line would need one lock that all of them take, and whoever takes it and then a row can meet
# whoever holds the row and waits for the line. So an entry follows the newest one that it can see, takes no lock and
# waits for nobody; a task puts all that is committed in one line soon after, and that task is the only one in it.
FORWARD = """
CREATE FUNCTION shared_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what is written stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE FUNCTION shared_refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% of % is refused: the database keeps it', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION shared_audit_hash(before text, e shared_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        before, e.id, extract(epoch FROM e.at), e.action, e.actor_id, e.subject_type, e.subject_id, e.reason,
        host(e.address), e.data
    )::text, 'UTF8')), 'base64')
$$;

CREATE FUNCTION shared_chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest record;
BEGIN
    SELECT id, hash INTO newest FROM shared_auditentry ORDER BY id DESC LIMIT 1;
    NEW.previous := newest.id;
    NEW.hash := shared_audit_hash(coalesce(newest.hash, ''), NEW);
    RETURN NEW;
END $$;

CREATE FUNCTION shared_seal_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head record;
    sealed text;
BEGIN
    INSERT INTO shared_audithead (id, entries, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING;
    SELECT entries, hash INTO head FROM shared_audithead WHERE id = 1 FOR UPDATE;
    SELECT hash INTO sealed FROM shared_auditentry WHERE id = NEW.entry_id;
    NEW.position := head.entries + 1;
    NEW.hash := encode(sha256(convert_to(jsonb_build_array(head.hash, NEW.position, sealed)::text, 'UTF8')), 'base64');
    UPDATE shared_audithead SET entries = NEW.position, hash = NEW.hash WHERE id = 1;
    RETURN NEW;
END $$;

DO $$
DECLARE
    e shared_auditentry;
    last_id bigint;
    last_hash text := '';
BEGIN
    FOR e IN SELECT * FROM shared_auditentry ORDER BY id LOOP
        UPDATE shared_auditentry SET previous = last_id, hash = shared_audit_hash(last_hash, e)
            WHERE id = e.id RETURNING id, hash INTO last_id, last_hash;
    END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;

CREATE TRIGGER audit_is_chained BEFORE INSERT ON shared_auditentry
    FOR EACH ROW EXECUTE FUNCTION shared_chain_audit();
CREATE TRIGGER audit_is_sealed BEFORE INSERT ON shared_auditseal
    FOR EACH ROW EXECUTE FUNCTION shared_seal_audit();
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON shared_auditentry
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER seal_stays BEFORE UPDATE OR DELETE ON shared_auditseal
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER head_is_the_databases BEFORE INSERT OR UPDATE OR DELETE ON shared_audithead
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_by_hand();
ALTER TABLE shared_auditentry ENABLE ALWAYS TRIGGER audit_is_chained, ENABLE ALWAYS TRIGGER audit_stays;
ALTER TABLE shared_auditseal ENABLE ALWAYS TRIGGER audit_is_sealed, ENABLE ALWAYS TRIGGER seal_stays;
ALTER TABLE shared_audithead ENABLE ALWAYS TRIGGER head_is_the_databases;
"""
BACKWARD = """
DROP TRIGGER head_is_the_databases ON shared_audithead;
DROP TRIGGER seal_stays ON shared_auditseal;
DROP TRIGGER audit_stays ON shared_auditentry;
DROP TRIGGER audit_is_sealed ON shared_auditseal;
DROP TRIGGER audit_is_chained ON shared_auditentry;
DROP FUNCTION shared_seal_audit();
DROP FUNCTION shared_chain_audit();
DROP FUNCTION shared_audit_hash(text, shared_auditentry);
DROP FUNCTION shared_refuse_by_hand();
DROP FUNCTION shared_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("shared", "0030_audit_chain")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
