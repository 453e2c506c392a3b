"""Prepares a database for a site with the first article on it."""

import json
import sys
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from tests.builders import AT, an_account
from tracker.operations import accounts, seed


def main() -> None:
    seed.load_seed(at=timezone.now())
    call_command("sweep", "--once", stdout=sys.stderr)
    an_account()
    long = timedelta(days=36_500)
    token = accounts.issue(
        "ann", by=accounts.COMMAND_LINE, name="a notebook's", scopes=["read"], lasting=long, at=AT
    )
    sys.stdout.write(json.dumps({"token": token, "body": {}}))
