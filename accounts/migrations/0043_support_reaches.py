"""Lets support see whom nothing reaches, what was chosen, agreed to and sent; makes a group that writes notices."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SUPPORT = ["view_unreachable", "view_preferences", "view_textconsent", "view_policynotice", "view_outgoingmessage"]
WRITERS = ["view_policynotice", "add_policynotice", "send_policynotice"]


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    for room in ("accounts", "shared"):
        create_permissions(installed.get_app_config(room), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in (("support", SUPPORT), ("notices", WRITERS)):
        group, _ = Group.objects.get_or_create(name=name)
        rooms = ["accounts", "shared"]
        group.permissions.add(*Permission.objects.filter(content_type__app_label__in=rooms, codename__in=rights))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0042_policy"), ("shared", "0061_quiet_hours")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
