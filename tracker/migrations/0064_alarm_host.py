"""The alarm of the seal says which host raised it, and whether the log went back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0063_seal_witnesses")]
    operations = [
        migrations.AddField(
            "sealhead", "alarmed_by", models.TextField(default="", db_default="")
        ),
        migrations.AddField(
            "sealhead", "went_back", models.BooleanField(default=False, db_default=False)
        ),
    ]
