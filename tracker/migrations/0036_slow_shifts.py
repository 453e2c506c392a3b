"""A shift is fast or slow. All shifts on record are fast; the next search adds the slow ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0035_levels")]
    operations = [
        migrations.AddField("StoredShift", "kind", models.TextField(db_default="fast")),
    ]
