"""An index of documents by their date, for the desk's list."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Documents may be added while the index is built.
    atomic = False

    dependencies = [("tracker", "0046_cards_handed_in")]

    operations = [
        AddIndexConcurrently(
            model_name="standingrecord",
            index=models.Index(
                KeyTextTransform("date", KeyTransform("document", "state")).desc(nulls_last=True),
                models.F("id").desc(),
                condition=models.Q(("noun", "document")),
                name="standing_record_dated",
            ),
        ),
    ]
