from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("billing", "0090_new_bill_notices"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="form_key",
            field=models.UUIDField(
                editable=False, help_text="of the form and what was typed: sent twice is one", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("opened_by", "form_key"), name="one_case_a_form"),
        ),
    ]
