"""Lenses at the desk, with permissions of their own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_verdicts")]
    operations = [
        migrations.CreateModel(
            name="Lens",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": ("add", "change", "view"),
                "verbose_name_plural": "lenses",
                "indexes": [],
                "constraints": [],
            },
            bases=("tracker.standingrecord",),
        ),
    ]
