"""Pairs that a person's claim marked are scored before those that an archive marked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0026_stored")]
    operations = [
        migrations.AddField(
            "dirtypair", "urgent", models.BooleanField(default=False, db_default=False)
        ),
    ]
