"""Claims that a second person has coded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0037_movements")]

    operations = [
        migrations.CreateModel(
            name="SecondCoding",
            fields=[
                ("claim", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("collection", models.UUIDField()),
                ("coder", models.TextField()),
                ("coded_at", models.DateTimeField()),
                ("first", models.JSONField()),
                ("second", models.JSONField()),
            ],
            options={
                "db_table": "second_coding",
                "indexes": [
                    models.Index(fields=["collection", "claim"], name="second_coding_collection")
                ],
            },
        ),
    ]
