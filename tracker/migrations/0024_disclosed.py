"""The claims that the public may see.

Claims that are about nothing grave, and were not changed since, are shown at once; all others stay
withheld until the follower has assessed them.
"""

from typing import Any

from django.db import migrations, models

from tracker.domain import disclosure

_FILL = """
    INSERT INTO disclosed (claim, known_from)
    SELECT id, 0 FROM standing_claim WHERE version = 1 AND (code IS NULL OR code <> ALL(%s))
    AND NOT coalesce(state #> '{claim,contexts}' ?| %s, false)"""


def fill(_apps: Any, schema_editor: Any) -> None:
    codes = disclosure.codes(disclosure.EVENTS)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_FILL, [codes, sorted(disclosure.CONTEXTS)])


class Migration(migrations.Migration):
    dependencies = [("tracker", "0023_words_and_times")]
    operations = [
        migrations.CreateModel(
            name="Disclosed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "claim",
                        "known_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("claim", models.UUIDField()),
                ("known_from", models.BigIntegerField()),
                ("known_until", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "disclosed"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
