"""Lets the group `support` send an email again that may not have arrived."""

from django.contrib.auth.management import create_permissions
from django.db import migrations


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("shared"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group = Group.objects.get(name="support")
    group.permissions.add(Permission.objects.get(content_type__app_label="shared", codename="resend_message"))


class Migration(migrations.Migration):
    dependencies = [
        ("shared", "0062_handed_over"),
        ("accounts", "0072_support_removes_second_step"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AlterModelOptions(
            name="outgoingmessage",
            options={
                "permissions": [("resend_message", "Can let a message that may not have arrived go out again")],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
