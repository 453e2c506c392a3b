"""Prepares a database for a site of its own, and says what a program has to know of it."""

import json
import sys
from datetime import timedelta

from tests.api.client import a_body
from tests.builders import AT, a_desk, an_account
from tracker.operations import accounts


def main() -> None:
    an_account()
    long = timedelta(days=36_500)
    token = accounts.issue(
        "ann",
        by=accounts.COMMAND_LINE,
        name="a test's",
        scopes=accounts.SCOPES,
        lasting=long,
        at=AT,
    )
    sys.stdout.write(json.dumps({"token": token, "body": a_body(a_desk())}))
