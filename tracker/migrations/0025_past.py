"""The states of claims, records and links before each later event.

They are worked out from the log for the streams that have several events.
"""

from itertools import batched
from typing import Any

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

from tracker import log
from tracker.log import Pending
from tracker.projections import standing
from tracker.projections.inserts import insert_sql

_MANY = 500
# The program reads runs of events too, which come with 0030_runs.
_NO_RUNS = """
CREATE TEMPORARY TABLE event_place (stream uuid, version int, run bigint, row int, kind int);
CREATE TEMPORARY TABLE event_run (first bigint, last bigint, run bigint, recorded_at timestamptz,
    recorded_by text, kinds text[], schemas smallint[], leaves bytea);
CREATE TEMPORARY TABLE event_run_body (run bigint, heads bytea, bodies bytea);
CREATE TEMPORARY TABLE event_run_text (run bigint, salts bytea, ends bytea, texts bytea);
CREATE FUNCTION run_int(data bytea, at int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'
"""
_RUNS_TO_COME = """
DROP TABLE event_place, event_run, event_run_body, event_run_text;
DROP FUNCTION run_int
"""


def fill(_apps: Any, schema_editor: Any) -> None:
    """Fill the tables. Rows are JSON by column, so that columns added later do no harm."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_NO_RUNS)
        cursor.execute(
            "SELECT id FROM standing_claim WHERE version > 1"
            " UNION ALL SELECT id FROM standing_record WHERE version > 1"
            " UNION ALL SELECT id FROM standing_link WHERE version > 1"
        )
        streams = [row[0] for row in cursor.fetchall()]
        for some in batched(streams, _MANY, strict=False):
            events = [
                Pending(stream=one.stream, version=one.version, event=one.decoded())
                for one in log.history(some)
            ]
            for table, rows in standing.rows(events).items():
                if table in standing.PAST.values():
                    cursor.execute(insert_sql(table), [rows])
        cursor.execute(_RUNS_TO_COME)


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0024_disclosed'),
    ]

    operations = [
        migrations.CreateModel(
            name='PastClaim',
            fields=[
                ('id', models.UUIDField()),
                ('version', models.IntegerField()),
                ('status', models.TextField()),
                ('collection', models.UUIDField()),
                ('kind', models.TextField()),
                ('code', models.TextField(null=True)),
                ('earliest', models.DateField(null=True)),
                ('latest', models.DateField(null=True)),
                ('actors', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('documents', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('sources', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ('state', models.JSONField()),
                ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'past_claim',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['actors'], name='past_claim_actors'), django.contrib.postgres.indexes.GinIndex(fields=['documents'], name='past_claim_documents')],
            },
        ),
        migrations.CreateModel(
            name='PastLink',
            fields=[
                ('id', models.UUIDField()),
                ('version', models.IntegerField()),
                ('type', models.TextField()),
                ('from_claim', models.UUIDField()),
                ('to_claim', models.UUIDField()),
                ('linked', models.BooleanField()),
                ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'past_link',
                'indexes': [models.Index(fields=['from_claim'], name='past_link_from'), models.Index(fields=['to_claim'], name='past_link_to')],
            },
        ),
        migrations.CreateModel(
            name='PastRecord',
            fields=[
                ('id', models.UUIDField()),
                ('version', models.IntegerField()),
                ('noun', models.TextField()),
                ('name', models.TextField()),
                ('state', models.JSONField()),
                ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'past_record',
                'indexes': [models.Index(fields=['noun', 'name', 'id'], name='past_record_name')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
