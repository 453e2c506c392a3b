"""Words are added only as their event was recorded, and no event is dated after the clock."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0022_rights")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
