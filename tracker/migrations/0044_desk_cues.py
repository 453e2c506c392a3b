"""Words for codes that the desk adds to the table of cues."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0043_trays")]
    operations = [
        migrations.CreateModel(
            name="DeskCue",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("cue", models.TextField()),
                ("object", models.TextField(default="")),
                ("code", models.TextField()),
                ("example", models.TextField(default="")),
                ("added_by", models.TextField()),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "db_table": "desk_cue",
                "constraints": [
                    models.UniqueConstraint(fields=("cue", "object"), name="desk_cue_once")
                ],
            },
        ),
    ]
