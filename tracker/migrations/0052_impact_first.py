"""The claims that began to act on a pair on a day are found without reading all of the pair."""

from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be entered while the index is built.
    atomic = False

    dependencies = [("tracker", "0051_shift_causes")]
    operations = [
        AddIndexConcurrently(
            model_name="impactversion",
            index=models.Index(fields=("view", "pair", "first"), name="impact_first"),
        ),
    ]
