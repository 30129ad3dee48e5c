"""Lets the group `support` take the two-step log-in off for an owner who lost phone and codes."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("accounts"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group = Group.objects.get(name="support")
    group.permissions.add(Permission.objects.get(content_type__app_label="accounts", codename="remove_second_step"))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0071_second_step"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
