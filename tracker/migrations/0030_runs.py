"""Runs: many events of one append are stored as one row of columns."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
# Uncompressed, so that one event is read without the rest of its run.
STORAGE = """
ALTER TABLE event_run ALTER COLUMN leaves SET STORAGE EXTERNAL;
ALTER TABLE event_run_body
    ALTER COLUMN heads SET STORAGE EXTERNAL, ALTER COLUMN bodies SET STORAGE EXTERNAL;
ALTER TABLE event_run_text
    ALTER COLUMN salts SET STORAGE EXTERNAL, ALTER COLUMN ends SET STORAGE EXTERNAL,
    ALTER COLUMN texts SET STORAGE EXTERNAL;
CREATE SEQUENCE event_run_number OWNED BY event_run.run;
"""
# All events, without their content. `first`: the first position of its run, or its own.
VIEW = """
CREATE VIEW logged AS
SELECT position, stream, version, kind, recorded_at, recorded_by, position AS first FROM event
UNION ALL
SELECT r.first + p.row, p.stream, p.version, r.kinds[p.kind + 1],
       r.recorded_at + p.row * interval '1 microsecond', r.recorded_by, r.first
FROM event_place AS p JOIN event_run AS r ON r.run = p.run;
"""
# Defaults give the role of web and workers more rights on new tables than it may have on the log.
RIGHTS = """
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT DISTINCT c.relname, g.grantee::regrole AS role
        FROM pg_class c, aclexplode(c.relacl) AS g
        WHERE c.relnamespace = current_schema()::regnamespace AND g.grantee <> c.relowner
        AND g.grantee <> 0 AND g.privilege_type NOT IN ('SELECT', 'INSERT') AND c.relname IN
            ('event_run', 'event_run_body', 'event_run_text', 'event_place', 'logged')
    LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %s', one.relname, one.role);
        EXECUTE format('GRANT %s ON %I TO %s', CASE one.relname WHEN 'logged' THEN 'SELECT'
                       ELSE 'SELECT, INSERT' END, one.relname, one.role);
    END LOOP;
END $$;
"""
BACKWARDS = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM event_run) THEN
        RAISE EXCEPTION 'events are stored in runs, which this version cannot give up';
    END IF;
END $$;
DROP VIEW logged;
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0029_knot_blocks")]
    operations = [
        migrations.CreateModel(
            name="EventRun",
            fields=[
                ("first", models.BigIntegerField(primary_key=True, serialize=False)),
                ("last", models.BigIntegerField(unique=True)),
                ("run", models.BigIntegerField(unique=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.TextField()),
                ("kinds", ArrayField(base_field=models.TextField(), size=None)),
                ("schemas", ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("leaves", models.BinaryField()),
            ],
            options={
                "db_table": "event_run",
                "indexes": [models.Index(fields=["recorded_at"], name="event_run_recorded_at")],
            },
        ),
        migrations.CreateModel(
            name="RunBody",
            fields=[
                ("run", models.BigIntegerField(primary_key=True, serialize=False)),
                ("heads", models.BinaryField()),
                ("bodies", models.BinaryField()),
            ],
            options={"db_table": "event_run_body"},
        ),
        migrations.CreateModel(
            name="RunText",
            fields=[
                ("run", models.BigIntegerField(primary_key=True, serialize=False)),
                ("salts", models.BinaryField()),
                ("ends", models.BinaryField()),
                ("texts", models.BinaryField()),
            ],
            options={"db_table": "event_run_text"},
        ),
        migrations.CreateModel(
            name="EventPlace",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "stream",
                        "version",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("run", models.BigIntegerField()),
                ("stream", models.UUIDField()),
                ("version", models.IntegerField()),
                ("row", models.SmallIntegerField()),
                ("kind", models.SmallIntegerField()),
            ],
            options={
                "db_table": "event_place",
                "indexes": [models.Index(fields=["run"], name="event_place_run")],
            },
        ),
        migrations.RunSQL(
            STORAGE + VIEW + RIGHTS, BACKWARDS
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
