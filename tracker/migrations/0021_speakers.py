import django.db.models.fields.json
from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be entered while the index is built.
    atomic = False

    dependencies = [
        ("tracker", "0020_token_issuer"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="standingrecord",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform(
                    "actor", django.db.models.fields.json.KeyTransform("source", "state")
                ),
                condition=models.Q(("noun", "source")),
                name="standing_record_speaker",
            ),
        ),
    ]
