"""Lets the group `support` read the audit trail."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("shared"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    rights = Permission.objects.filter(content_type__app_label="shared", codename="view_auditentry")
    group.permissions.add(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("shared", "0031_append_only_audit"),
        ("accounts", "0003_support_group"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
