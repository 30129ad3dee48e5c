"""Lets the group `support` look at cases, answer and close them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ["view_case", "view_casemessage", "view_caseattachment", "answer_case"]


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("billing"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="billing", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0100_cases"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
