"""Lets the group `support` ask for refunds and cancel, and makes the group `finance`, which may approve them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

SEE = ["view_payment", "view_paymentevent", "view_receipt", "view_attentionitem", "view_refund", "view_dispute"]
RIGHTS = {
    "support": ["view_refund", "view_dispute", "refund_payment", "cancel_payment"],
    "finance": [*SEE, "refund_payment", "approve_refund", "resolve_attention"],
}


def grant(apps, schema_editor):
    """Permissions are made after migrations; so they are made here first, should this be a new database."""
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("payments"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rights in RIGHTS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="payments", codename__in=rights))


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_refunds_within_payment")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
