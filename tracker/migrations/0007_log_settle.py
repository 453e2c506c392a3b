"""What was known at a moment, as one call that makes it final."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0006_cursor_begun")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION log_settle")]
