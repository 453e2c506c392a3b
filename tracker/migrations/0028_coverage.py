"""Numbers of claims by month, language and root. They are counted when somebody looks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0027_one_claim")]
    operations = [
        migrations.CreateModel(
            name="CoverageCounts",
            fields=[
                ("collection", models.UUIDField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("counts", models.JSONField()),
            ],
            options={"db_table": "coverage"},
        ),
    ]
