"""A code for each receipt, those that are there already too, with which a stranger sees that a payment is real."""

import django.db.models.deletion
import django.utils.timezone
import portal.shared.references
from django.db import migrations, models


def give_codes(apps, schema_editor):
    ProofCode, Receipt = apps.get_model("payments", "ProofCode"), apps.get_model("payments", "Receipt")
    payments = Receipt.objects.values_list("payment_id", flat=True).iterator(chunk_size=1000)
    ProofCode.objects.bulk_create((ProofCode(payment_id=pk) for pk in payments), batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0061_kept_while_in_force'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProofCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=portal.shared.references.new_proof_code, max_length=20, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proof_codes', to='payments.payment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('payment',), name='one_proof_code_a_payment')],
            },
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
    ]
