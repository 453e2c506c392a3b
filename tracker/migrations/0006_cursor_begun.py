"""From which position on a view is served."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0005_edition")]
    operations = [
        migrations.AddField(
            model_name="cursor", name="begun", field=models.BigIntegerField(default=0)
        ),
    ]
