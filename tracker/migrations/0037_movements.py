"""The table of pairs has the movement of each pair. The next search for shifts computes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0036_slow_shifts")]
    operations = [
        migrations.AddField("watched", "moved_since", models.DateField(null=True)),
        *(
            migrations.AddField("watched", name, models.FloatField(null=True))
            for name in ("moved", "moved_low", "moved_high", "fell", "rose")
        ),
    ]
