"""A dispute keeps the fee that the gateway took for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0033_books_at_commit")]
    operations = [
        migrations.AddField(
            "dispute",
            "fee_cents",
            models.BigIntegerField(default=0, db_default=0, help_text="what the gateway took for it; borne by the agency"),
        ),
    ]
