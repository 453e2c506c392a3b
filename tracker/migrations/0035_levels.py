"""Impacts have the code of their claim, and levels that somebody assessed have an sd."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0034_claim_in_columns")]
    operations = [
        migrations.AddField("impactversion", "code", models.TextField(default="", db_default="")),
        migrations.AddField("impactversion", "sd", models.FloatField(null=True)),
    ]
