"""The acts of a month are found without reading those of all months."""

from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be entered while the index is built.
    atomic = False

    dependencies = [("tracker", "0053_mail_language")]
    operations = [
        AddIndexConcurrently(
            model_name="impactversion",
            index=models.Index(
                fields=("view", "first"),
                name="impact_acts",
                condition=models.Q(("sd__isnull", True)),
            ),
        ),
    ]
