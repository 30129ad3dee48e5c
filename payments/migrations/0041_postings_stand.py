"""The database refuses to change or delete a posting; payments made before there were any are posted as they were."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION payments_posting_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a posting is never changed or deleted' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER posting_stands BEFORE UPDATE OR DELETE ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_posting_stands();
"""
ALLOW = """
DROP TRIGGER posting_stands ON payments_posting;
DROP FUNCTION payments_posting_stands();
"""
POST = """
WITH part AS (
    SELECT p.id, p.reference, p.method, p.status, p.ended_at, h.number AS household, r.issued_at,
           coalesce(s.part ->> 0, '') AS bill, (s.part ->> 1)::bigint AS cents, s.position
    FROM payments_receipt r
    JOIN payments_payment p ON p.id = r.payment_id
    JOIN accounts_household h ON h.id = p.household_id
    CROSS JOIN LATERAL jsonb_array_elements(r.split) WITH ORDINALITY AS s (part, position)
), movement AS (
    SELECT id, 'payment' AS kind, 'payment:' || reference AS cause, position, household, bill, method, cents,
           issued_at AS at FROM part
    UNION ALL
    SELECT id, 'return', 'return:' || reference,
           row_number() OVER (PARTITION BY id ORDER BY position DESC), household, bill, method, -cents, ended_at
    FROM part WHERE status = 'returned'
)
INSERT INTO payments_posting (payment_id, kind, cause, position, household_number, bill_number, method,
                              amount_cents, posted_at, day_on)
SELECT id, kind, cause, position, household, bill, method, cents, at, (at AT TIME ZONE 'America/New_York')::date
FROM movement WHERE cents <> 0 ORDER BY at, id, position
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0040_reconciliation")]
    operations = [migrations.RunSQL(POST, migrations.RunSQL.noop), migrations.RunSQL(REFUSE, ALLOW)]
