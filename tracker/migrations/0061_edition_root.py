"""Editions keep the root of the log's tree."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0060_incarnation")]
    operations = [
        migrations.AddField("edition", "root", models.TextField(db_default="", default="")),
    ]
