"""The database says which code is the oldest that may append."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
BEFORE = Path(__file__).with_name("0056_clock.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0064_alarm_host")]
    operations = [
        migrations.AddField(
            "loghead", "minimum_code", models.IntegerField(default=0, db_default=0)
        ),
        migrations.RunSQL(SQL, BEFORE),
    ]
