"""How often the tables of pairs and of shifts were renewed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0011_job")]
    operations = [
        migrations.CreateModel(
            name="Renewal",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "renewal"},
        ),
    ]
