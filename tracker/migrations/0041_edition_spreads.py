"""Editions keep how far the levels depend on the settings of the model."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0040_judged_claims")]
    operations = [
        migrations.AddField("edition", "spreads", models.TextField(db_default="", default="")),
        migrations.CreateModel(
            name="EditionSpread",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lens",
                        "lens_version",
                        "day",
                        "pair",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lens", models.UUIDField()),
                ("lens_version", models.IntegerField()),
                ("day", models.DateField()),
                ("pair", models.TextField()),
                ("low", models.FloatField()),
                ("high", models.FloatField()),
                ("same_sign", models.FloatField(null=True)),
            ],
            options={"db_table": "edition_spread"},
        ),
    ]
