"""Jobs: what somebody asked for that takes longer than an answer may."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0010_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("state", models.TextField(default="waiting")),
                ("recorded_by", models.TextField()),
                ("options", models.JSONField(default=dict)),
                ("same", models.TextField()),
                ("file_name", models.TextField(default="")),
                ("file_size", models.BigIntegerField(null=True)),
                ("file_sha256", models.TextField(default="")),
                ("format", models.TextField(default="")),
                ("run", models.UUIDField(null=True)),
                ("total", models.BigIntegerField(null=True)),
                ("done", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("told", models.JSONField(default=dict)),
                ("error", models.TextField(default="")),
                ("cancel_wanted", models.BooleanField(default=False)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("lease", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("moved_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "job",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["asked_at", "id"],
                        name="job_unfinished",
                    ),
                    models.Index(
                        condition=models.Q(("run__isnull", False)), fields=["run"], name="job_run"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=("same",),
                        name="job_once",
                    )
                ],
            },
        ),
    ]
