"""Events are dated by the database's clock, or refused if the writer's is ahead of it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0055_seals")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
