"""Cards that were handed in and taken keep what they were, so that they can be given back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0044_desk_cues")]
    operations = [
        migrations.AddField(
            model_name="traycard", name="handed_in", field=models.JSONField(null=True)
        ),
        migrations.AddField(
            model_name="traycard",
            name="from_tray",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tracker.tray",
            ),
        ),
    ]
