"""The append as one call, and an index that finds the position of a moment."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_guards")]
    operations = [
        migrations.AddIndex(
            model_name="loggedevent",
            index=models.Index(fields=["recorded_at"], name="event_recorded_at"),
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION log_append"),
    ]
