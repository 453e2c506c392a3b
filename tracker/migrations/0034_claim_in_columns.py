"""A claim is appended with typed columns.

`log_append_new` and the `standing_require` of JSON stay for processes of the version before.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION log_append_claim;
DROP FUNCTION standing_require(uuid[], text[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0031_partial_indexes")]
    operations = [migrations.RunSQL(SQL, UNDO)]

