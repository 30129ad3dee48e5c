"""What the agency sent stands as it came: no revision, line or adjustment of a bill is changed or deleted."""

from django.db import migrations

TABLES = {
    "billing_billrevision": "revision_stays",
    "billing_billline": "line_stays",
    "billing_adjustment": "adjustment_stays",
}
FORWARD = "".join(
    f"""
CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
"""
    for table, name in TABLES.items()
)
BACKWARD = "".join(f"DROP TRIGGER {name} ON {table};\n" for table, name in TABLES.items())


class Migration(migrations.Migration):
    dependencies = [("billing", "0060_waits_for_member"), ("shared", "0031_append_only_audit")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
