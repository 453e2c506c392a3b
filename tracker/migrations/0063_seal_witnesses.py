"""What witnesses say of the log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0062_erasures")]
    operations = [
        migrations.CreateModel(
            name="SealWitness",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "name",
                        "origin",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.TextField()),
                ("origin", models.TextField()),
                ("size", models.BigIntegerField(default=0)),
                ("signed_at", models.DateTimeField(null=True)),
                ("error", models.TextField(default="")),
                ("failing_since", models.DateTimeField(null=True)),
                ("refused", models.TextField(default="")),
                ("refused_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "seal_witness"},
        ),
    ]
