from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("billing", "0110_case_form_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="casemessage",
            name="form_key",
            field=models.UUIDField(editable=False, help_text="as a case's: sent twice is said once", null=True),
        ),
        migrations.AddConstraint(
            model_name="casemessage",
            constraint=models.UniqueConstraint(fields=("author", "form_key"), name="one_message_a_form"),
        ),
    ]
