"""Pairs that a person's claim marked are scored first, and an append that waited for its turn
flushes after its commit."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION log_append_new(json, json, json, json, uuid[], json, timestamptz, text);
DROP FUNCTION log_append_in_turn(json, timestamptz, text);
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0026_stored")]
    operations = [
        migrations.AddField(
            "dirtypair", "urgent", models.BooleanField(default=False, db_default=False)
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
