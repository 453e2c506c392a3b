"""An index of the claims with a verdict, of which there are few."""

from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be entered while the index is built.
    atomic = False

    dependencies = [("tracker", "0039_draws")]

    operations = [
        AddIndexConcurrently(
            model_name="standingclaim",
            index=models.Index(
                fields=["id"],
                condition=models.Q(("state__has_key", "verdicts")),
                name="standing_claim_judged",
            ),
        ),
    ]
