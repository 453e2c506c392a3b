"""An index of the claims that an account entered, for the desk's list."""

from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be entered while the index is built.
    atomic = False

    dependencies = [("tracker", "0041_edition_spreads")]

    operations = [
        AddIndexConcurrently(
            model_name="loggedevent",
            index=models.Index(
                fields=["recorded_by"],
                condition=models.Q(("kind", "ClaimAsserted")),
                name="event_entered_by",
            ),
        ),
    ]
