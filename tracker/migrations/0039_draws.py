"""Claims that are drawn for a judgement without sight of p."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0038_second_coding")]

    operations = [
        migrations.CreateModel(
            name="DrawnClaim",
            fields=[
                ("claim", models.UUIDField(primary_key=True, serialize=False)),
                ("week", models.DateField()),
                ("position", models.BigIntegerField()),
                ("stratum", models.TextField()),
                ("probability", models.FloatField()),
                ("verdict", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "drawn_claim",
                "indexes": [models.Index(fields=["week", "claim"], name="drawn_claim_week")],
            },
        ),
    ]
