"""Trays of drafts that people collect from an article, and names that wait for a curator."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tracker", "0042_claims_by_account"),
    ]
    operations = [
        migrations.CreateModel(
            name="ProposedRecord",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("noun", models.TextField()),
                ("name", models.TextField()),
                ("name_key", models.TextField()),
                ("document", models.UUIDField()),
                ("state", models.TextField(default="open")),
                ("record", models.UUIDField(null=True)),
                ("reason", models.TextField(default="")),
                ("proposed_by", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("settled_by", models.TextField(default="")),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "proposed_record",
                "indexes": [
                    models.Index(
                        fields=["proposed_at"], condition=Q(state="open"), name="proposed_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("noun", "name_key"), condition=Q(state="open"), name="proposed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tray",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("person", models.TextField()),
                ("document", models.UUIDField()),
                ("text_sha256", models.TextField(default="")),
                ("sentences", models.IntegerField(default=0)),
                ("place", models.IntegerField(default=0)),
                ("moved_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="trays",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "tray",
                "indexes": [models.Index(fields=["document"], name="tray_document")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "document"), name="tray_of_account")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrayCard",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("state", models.TextField(default="taken")),
                ("sentence", models.IntegerField()),
                ("draft", models.JSONField()),
                ("version", models.IntegerField(default=1)),
                ("problems", models.JSONField(default=list)),
                ("added_at", models.DateTimeField()),
                (
                    "tray",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="tracker.tray",
                    ),
                ),
            ],
            options={
                "db_table": "tray_card",
                "indexes": [
                    models.Index(fields=["tray", "added_at"], name="tray_card_order"),
                    models.Index(
                        fields=["tray"], condition=Q(state="waiting"), name="tray_card_waiting"
                    ),
                ],
            },
        ),
    ]
