"""A wrong record of an erasure no longer stands in the way of the right one."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0064_alarm_host")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
