"""Lets the group `support` see payments and send a receipt again."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = [
    "view_payment",
    "view_paymentevent",
    "view_receipt",
    "view_authorization",
    "view_attentionitem",
    "view_gatewayevent",
    "send_receipt_again",
    "resolve_attention",
]


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("payments"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    group, _ = Group.objects.get_or_create(name="support")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="payments", codename__in=RIGHTS))


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_support_permissions"),
        ("accounts", "0003_support_group"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
