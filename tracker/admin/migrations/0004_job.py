"""Jobs at the desk, with permissions of their own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_lens"), ("tracker", "0011_job")]
    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[],
            options={
                "proxy": True,
                "default_permissions": ("add", "view"),
                "indexes": [],
                "constraints": [],
            },
            bases=("tracker.job",),
        ),
    ]
