"""Shifts, and how far they were looked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0007_log_settle")]
    operations = [
        migrations.CreateModel(
            name="Watched",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lens",
                        "lens_version",
                        "pair",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lens", models.UUIDField()),
                ("lens_version", models.IntegerField()),
                ("pair", models.TextField()),
                ("position", models.BigIntegerField()),
                ("day", models.DateField()),
            ],
            options={"db_table": "watched"},
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lens",
                        "lens_version",
                        "pair",
                        "seen",
                        "start",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lens", models.UUIDField()),
                ("lens_version", models.IntegerField()),
                ("pair", models.TextField()),
                ("seen", models.DateField()),
                ("start", models.DateField()),
                ("peak", models.DateField()),
                ("amount", models.FloatField()),
                ("sd", models.FloatField()),
            ],
            options={
                "db_table": "shift",
                "indexes": [
                    models.Index(
                        fields=["lens", "lens_version", "seen", "pair", "start"],
                        name="shift_seen",
                    )
                ],
            },
        ),
    ]
