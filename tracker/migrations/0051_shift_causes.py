"""The latest shifts keep what moved them. The next search for shifts works it out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0049_corrections")]
    operations = [
        migrations.CreateModel(
            name="ShiftCauses",
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
                ("position", models.BigIntegerField()),
                ("parts", models.JSONField()),
            ],
            options={"db_table": "shift_causes"},
        ),
    ]
