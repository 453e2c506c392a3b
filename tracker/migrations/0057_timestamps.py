"""Timestamps of checkpoints by an outside authority."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0056_clock")]
    operations = [
        migrations.CreateModel(
            name="SealTimestamp",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("answer", models.BinaryField()),
                ("stamped_at", models.DateTimeField()),
                ("authority", models.TextField()),
            ],
            options={"db_table": "seal_timestamp"},
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION seal_timestamp_added CASCADE"),
    ]
