"""An index that finds what was said anew since a moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0008_shift")]
    operations = [
        migrations.AddIndex(
            model_name="loggedevent",
            index=models.Index(
                condition=models.Q(("kind__in", ("ActorDescribed", "ClaimCorrected"))),
                fields=["kind", "position"],
                name="event_said_anew",
            ),
        ),
    ]
