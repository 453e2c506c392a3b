"""What writes the log runs with the owner's rights, and looks names up in one schema only."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0021_speakers")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
