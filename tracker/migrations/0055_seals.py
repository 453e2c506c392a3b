"""The seal of the log: its Merkle tree, and signed checkpoints of it."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
# Uncompressed: hashes and nonces have no pattern.
STORAGE = """
ALTER TABLE seal_tile
    ALTER COLUMN hashes SET STORAGE EXTERNAL, ALTER COLUMN nonces SET STORAGE EXTERNAL;
INSERT INTO seal_head (id, size, alarm) VALUES (1, 0, '');
"""
BACKWARDS = (
    "DROP FUNCTION seal_tile_grows, seal_head_grows, seal_checkpoint_grows, seal_refuse CASCADE"
)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0054_impact_acts")]
    operations = [
        migrations.CreateModel(
            name="SealTile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("nonces", models.BinaryField(null=True)),
            ],
            options={"db_table": "seal_tile"},
        ),
        migrations.CreateModel(
            name="SealHead",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("size", models.BigIntegerField(default=0)),
                ("alarm", models.TextField(default="")),
                ("alarmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "seal_head",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(id=1), name="seal_head_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedCheckpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
                ("key", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
            options={"db_table": "seal_checkpoint"},
        ),
        migrations.RunSQL(STORAGE + SQL, BACKWARDS),
    ]
