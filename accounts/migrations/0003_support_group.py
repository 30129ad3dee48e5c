"""Makes the group `support` with the rights over people that it needs, and no more."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ["view_household", "view_member", "view_user", "unlock_user"]


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("accounts"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="accounts", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_locks_and_inquiries"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
