"""Lets the group `support` see what members saved for later."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("payments"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    found = Permission.objects.filter(content_type__app_label="payments", codename="view_savedmethod")
    group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("payments", "0050_saved_methods")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
