"""The editions that were kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0004_standing_require")]
    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lens",
                        "lens_version",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lens", models.UUIDField()),
                ("lens_version", models.IntegerField()),
                ("day", models.DateField()),
                ("position", models.BigIntegerField()),
                ("pairs", models.IntegerField()),
                ("digest", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "edition",
                "indexes": [
                    models.Index(fields=["day", "lens", "lens_version"], name="edition_day")
                ],
            },
        ),
    ]
