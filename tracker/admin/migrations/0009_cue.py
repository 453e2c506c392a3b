"""The permission to change the words for codes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0008_saved_views"), ("tracker", "0044_desk_cues")]

    operations = [
        migrations.CreateModel(
            name="Cue",
            fields=[],
            options={"proxy": True, "default_permissions": ("add",), "constraints": []},
            bases=("tracker.deskcue",),
        ),
    ]
