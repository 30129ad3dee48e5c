"""What a member agreed to for longer than one payment is kept while it is in force and two years more, then let go."""

from django.db import migrations

# An authorization that also lets us keep the account is in force until the account can be used no more.
FORWARD = """
CREATE FUNCTION payments_authorization_ended_at(a payments_authorization) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN p.status NOT IN ('paid', 'failed', 'canceled', 'returned') THEN NULL
        WHEN NOT p.saves_method OR m.id IS NULL THEN greatest(a.accepted_at, p.paid_at, p.ended_at)
        WHEN m.status IN ('flagged', 'removed') THEN greatest(a.accepted_at, p.paid_at, p.ended_at, m.changed_at)
    END
    FROM payments_payment p LEFT JOIN payments_savedmethod m ON m.id = p.saved_method_id WHERE p.id = a.payment_id
$$;

CREATE OR REPLACE FUNCTION payments_authorization_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND payments_authorization_ended_at(OLD) < now() - interval '2 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'authorization % is kept as it is until two years after its end', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'authorization_kept';
END $$;

CREATE OR REPLACE FUNCTION payments_agreement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM payments_autopayenrollment
        WHERE id = OLD.enrollment_id AND ended_at < now() - interval '2 years'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'an agreement to autopay stands as it was shown, until two years after its end'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'agreement_kept';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION payments_agreement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an agreement to autopay stands as it was shown' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION payments_authorization_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM payments_payment p
        WHERE p.id = OLD.payment_id AND p.status IN ('paid', 'failed', 'canceled', 'returned')
            AND greatest(OLD.accepted_at, p.paid_at, p.ended_at) < now() - interval '2 years'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'authorization % is kept as it is until two years after its payment ended', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'authorization_kept';
END $$;
DROP FUNCTION payments_authorization_ended_at(payments_authorization);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0060_dispute_fees")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
