"""Erasure of the bodies of claims: guards that allow it, and a function that does it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0061_edition_root")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
