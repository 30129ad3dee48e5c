"""Lets the group `support` see what reconciliation found."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ["view_reconciliationrun", "view_reconciliationfinding", "view_payoutentry", "view_posting"]


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("payments"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="payments", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [("payments", "0041_postings_stand"), ("accounts", "0003_support_group")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
