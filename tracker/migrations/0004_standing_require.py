"""The check of what an event refers to, as one call."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0003_log_append")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION standing_require")]
