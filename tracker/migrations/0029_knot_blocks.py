"""Knots in blocks of up to 256, in place of a row for each."""

from django.db import migrations, models

_COLUMNS = ("days", "moments", "claims", "roots", "state_roots", "newest")
# A part of a knot that is needed without the others is read by substr, so nothing is compressed.
_STORAGE = "ALTER TABLE knot_block " + ", ".join(
    f"ALTER COLUMN {column} SET STORAGE EXTERNAL" for column in _COLUMNS
)
# The lock keeps out a worker whose knots would be lost.
_FILL = """
    LOCK TABLE knot IN ACCESS EXCLUSIVE MODE;
    INSERT INTO knot_block (lens, lens_version, pair, direction, day, n, last,
        days, moments, claims, roots, state_roots, newest)
    SELECT lens, lens_version, pair, direction, min(day), count(*), max(day),
        string_agg(int4send(day - DATE '0001-01-01' + 1), '' ORDER BY day),
        string_agg((SELECT string_agg(float8send(number), '' ORDER BY place)
            FROM unnest(moments) WITH ORDINALITY AS m (number, place)), '' ORDER BY day),
        string_agg(int4send(claims), '' ORDER BY day),
        string_agg(int4send(roots), '' ORDER BY day),
        string_agg(int4send(state_roots), '' ORDER BY day),
        string_agg(int4send(coalesce(last_claim_day - DATE '0001-01-01' + 1, 0)), '' ORDER BY day)
    FROM (SELECT *, (row_number() OVER (PARTITION BY lens, lens_version, pair, direction
        ORDER BY day) - 1) / 256 AS block FROM knot) AS numbered
    GROUP BY lens, lens_version, pair, direction, block"""

# The rights on the old table, among them those of readers.
_RIGHTS = """
    DO $$ DECLARE granted text; BEGIN
        FOR granted IN SELECT format('GRANT %s ON knot_block TO %s', a.privilege_type,
                CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END)
            FROM pg_class c, aclexplode(c.relacl) AS a WHERE c.oid = 'knot'::regclass
        LOOP EXECUTE granted; END LOOP;
    END $$"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0028_coverage")]
    operations = [
        migrations.CreateModel(
            name="KnotBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lens",
                        "lens_version",
                        "pair",
                        "direction",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lens", models.UUIDField()),
                ("lens_version", models.IntegerField()),
                ("pair", models.TextField()),
                ("direction", models.TextField()),
                ("day", models.DateField()),
                ("n", models.IntegerField()),
                ("last", models.DateField()),
                ("days", models.BinaryField()),
                ("moments", models.BinaryField()),
                ("claims", models.BinaryField()),
                ("roots", models.BinaryField()),
                ("state_roots", models.BinaryField()),
                ("newest", models.BinaryField()),
            ],
            options={"db_table": "knot_block"},
        ),
        migrations.RunSQL(_STORAGE, migrations.RunSQL.noop),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_RIGHTS, migrations.RunSQL.noop),
        migrations.DeleteModel(name="StoredKnot"),
    ]
