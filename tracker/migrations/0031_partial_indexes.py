"""Indexes without the rows that no query finds by them.

Nearly no claim names a source behind its publisher, and nearly no impact has ended.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from tracker.migrations._concurrently import AddIndexConcurrently, RemoveIndexConcurrently


class Migration(migrations.Migration):
    # Claims may be entered while the indexes are built.
    atomic = False

    dependencies = [("tracker", "0030_runs")]

    operations = [
        AddIndexConcurrently(
            model_name="standingclaim",
            index=GinIndex(
                fields=["sources"],
                condition=models.Q(("sources", []), _negated=True),
                name="standing_claim_chains",
            ),
        ),
        RemoveIndexConcurrently(model_name="standingclaim", name="standing_claim_sources"),
        AddIndexConcurrently(
            model_name="impactversion",
            index=models.Index(
                fields=["view", "known_until"],
                condition=models.Q(known_until__isnull=False),
                name="impact_ended",
            ),
        ),
        RemoveIndexConcurrently(model_name="impactversion", name="impact_known_until"),
    ]
