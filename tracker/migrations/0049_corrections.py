"""An index of what changed claims afterwards, for the page of corrections."""

from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be corrected while the index is built.
    atomic = False

    dependencies = [("tracker", "0048_mail")]

    operations = [
        AddIndexConcurrently(
            model_name="loggedevent",
            index=models.Index(
                fields=["position"],
                condition=models.Q(
                    (
                        "kind__in",
                        ("ClaimCorrected", "ClaimRetracted", "ClaimReinstated", "VerdictGiven"),
                    )
                ),
                name="event_corrections",
            ),
        ),
    ]
