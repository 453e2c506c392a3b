"""A reader gets mail in the language of the page on which it was asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0052_impact_first")]
    operations = [
        migrations.AddField(
            model_name="mailreader",
            name="language",
            field=models.TextField(db_default="en-gb", default="en-gb"),
        ),
    ]
