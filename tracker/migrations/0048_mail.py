"""Readers who follow pairs by mail."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tracker", "0047_dated_documents")]
    operations = [
        migrations.CreateModel(
            name="MailReader",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("address", models.TextField(unique=True)),
                ("site", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("week", models.DateField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
            ],
            options={"db_table": "mail_reader"},
        ),
        migrations.CreateModel(
            name="MailFollow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="tracker.mailreader",
                    ),
                ),
                ("pair", models.TextField()),
                ("threshold", models.FloatField()),
                ("each", models.BooleanField()),
                ("made_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("since", models.DateField(null=True)),
                ("position", models.BigIntegerField(default=0)),
                ("seen", models.BigIntegerField(default=0)),
                ("seen_day", models.DateField(null=True)),
            ],
            options={
                "db_table": "mail_follow",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("confirmed_at", None)),
                        fields=("reader", "pair"),
                        name="mail_follow_asked_once",
                    ),
                    models.UniqueConstraint(
                        condition=Q(("confirmed_at__isnull", False)),
                        fields=("reader", "pair"),
                        name="mail_follow_once",
                    ),
                ],
                "indexes": [models.Index(fields=["made_at"], name="mail_follow_age")],
            },
        ),
        migrations.CreateModel(
            name="MailPause",
            fields=[
                ("digest", models.BinaryField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
            options={
                "db_table": "mail_pause",
                "indexes": [models.Index(fields=["until"], name="mail_pause_until")],
            },
        ),
    ]
