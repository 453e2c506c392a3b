"""Imports: their runs, the positions that each wrote, and documents found by their address."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0009_said_anew")]
    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("format", models.TextField()),
                ("file_sha256", models.TextField()),
                ("collection", models.UUIDField(null=True)),
                ("recorded_by", models.TextField()),
                ("state", models.TextField()),
                ("rows", models.BigIntegerField(null=True)),
                ("done", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("error", models.TextField(default="")),
                ("started_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
            ],
            options={
                "db_table": "import_run",
                "indexes": [
                    models.Index(fields=["file_sha256"], name="import_run_file"),
                    models.Index(fields=["started_at", "id"], name="import_run_started"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportSpan",
            fields=[
                ("first", models.BigIntegerField(primary_key=True, serialize=False)),
                ("last", models.BigIntegerField()),
                ("run", models.UUIDField()),
            ],
            options={
                "db_table": "import_span",
                "indexes": [models.Index(fields=["run", "first"], name="import_span_run")],
            },
        ),
        migrations.AddIndex(
            model_name="standingrecord",
            index=django.contrib.postgres.indexes.HashIndex(
                django.db.models.fields.json.KeyTextTransform(
                    "url",
                    django.db.models.fields.json.KeyTransform("document", "state"),
                ),
                condition=models.Q(("noun", "document")),
                name="standing_record_address",
            ),
        ),
    ]
