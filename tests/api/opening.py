"""Prepares a database for a site of its own, and says what a program has to know of it."""

import json
import sys
from datetime import timedelta

from django.contrib.auth import get_user_model

from tests.api.client import a_body
from tests.builders import AT, a_desk
from tracker.operations import tokens


def main() -> None:
    get_user_model().objects.create(username="ann")
    long = timedelta(days=36_500)
    token = tokens.issue("ann", name="a test's", scopes=tokens.SCOPES, lasting=long, at=AT)
    sys.stdout.write(json.dumps({"token": token, "body": a_body(a_desk())}))
