"""Each acceptance is a record of its own, which the database keeps as it was written until two years after the end."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION payments_authorization_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER authorization_kept BEFORE UPDATE OR DELETE ON payments_authorization
    FOR EACH ROW EXECUTE FUNCTION payments_authorization_kept();
"""
BACKWARD = """
DROP TRIGGER authorization_kept ON payments_authorization;
DROP FUNCTION payments_authorization_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_small_deposits")]
    operations = [
        migrations.AlterModelOptions("authorization", {"ordering": ["pk"]}),
        migrations.AlterField(
            "authorization",
            "payment",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="authorizations", to="payments.payment"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
