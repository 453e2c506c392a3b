"""Prepares a database as `make run` leaves it, and issues a token that may do everything."""

import json
import sys
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from tracker.operations import accounts, seed


def main() -> None:
    now = timezone.now()
    seed.load_seed(at=now)
    call_command("sweep", "--once", stdout=sys.stderr)
    for name in ("admin", "ann"):
        get_user_model().objects.create_superuser(name)
    token = accounts.issue(
        "admin",
        by=accounts.COMMAND_LINE,
        name="the documentation's",
        scopes=accounts.SCOPES,
        lasting=timedelta(days=1),
        at=now,
    )
    sys.stdout.write(json.dumps({"token": token, "body": {}}))
