"""Lets nobody change the history of contact details, and lets the group `support` read it."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ["view_contactchange", "view_pendingcontact"]
FORWARD = """
CREATE TRIGGER contact_change_stays BEFORE UPDATE OR DELETE ON accounts_contactchange
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
CREATE TRIGGER hand_over_stays BEFORE UPDATE OR DELETE ON accounts_contacthandover
    FOR EACH ROW EXECUTE FUNCTION shared_refuse_change();
ALTER TABLE accounts_contactchange ENABLE ALWAYS TRIGGER contact_change_stays;
ALTER TABLE accounts_contacthandover ENABLE ALWAYS TRIGGER hand_over_stays;
"""
BACKWARD = """
DROP TRIGGER hand_over_stays ON accounts_contacthandover;
DROP TRIGGER contact_change_stays ON accounts_contactchange;
"""


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("accounts"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="accounts", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0050_contact_details"), ("shared", "0040_support_reads_the_trail")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
