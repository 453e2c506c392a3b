"""A log has an incarnation, which changes when it is restored: what was read before may be other
events now."""

from pathlib import Path

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0057_timestamps")]
    operations = [
        migrations.AddField(
            model_name="loghead",
            name="incarnation",
            field=models.UUIDField(db_default=RandomUUID()),
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION log_new_incarnation"),
    ]
