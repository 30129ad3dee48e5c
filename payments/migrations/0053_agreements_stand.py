"""Nobody changes or deletes what a member agreed to with autopay; the group `support` sees autopay."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ["view_autopayenrollment", "view_autopayagreement", "view_autopaydraw"]
REFUSE = """
CREATE FUNCTION payments_agreement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an agreement to autopay stands as it was shown' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payments_agreement_stands BEFORE UPDATE OR DELETE ON payments_autopayagreement
    FOR EACH ROW EXECUTE FUNCTION payments_agreement_stands();
"""
ALLOW = """
DROP TRIGGER payments_agreement_stands ON payments_autopayagreement;
DROP FUNCTION payments_agreement_stands();
"""


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("payments"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="payments", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("payments", "0052_autopay")]
    operations = [migrations.RunSQL(REFUSE, ALLOW), migrations.RunPython(grant, migrations.RunPython.noop)]
