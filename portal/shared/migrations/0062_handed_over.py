from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shared", "0061_quiet_hours")]

    operations = [
        migrations.AddField(
            model_name="outgoingmessage",
            name="handed_at",
            field=models.DateTimeField(
                blank=True, help_text="when the mail server got it, until it answered", null=True
            ),
        ),
        migrations.AlterField(
            model_name="outgoingmessage",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("canceled", "Canceled"),
                    ("unknown", "Unknown"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
