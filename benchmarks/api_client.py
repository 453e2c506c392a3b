"""A client of the API that reads and writes claims."""

import json
import os
from datetime import datetime, timedelta
from http.client import HTTPConnection
from typing import Any

from benchmarks.web import HOST
from tracker.operations import accounts

ACCOUNT = "benchmark"
TIMEOUT_SECONDS = 30.0


def create_token(*, at: datetime) -> str:
    """A token for writes."""
    accounts.ensure_admin(ACCOUNT, password=os.urandom(12).hex())
    return accounts.issue(
        ACCOUNT,
        by=accounts.COMMAND_LINE,
        name="benchmark",
        scopes=("read", "write:claims"),
        lasting=timedelta(hours=1),
        at=at,
    )


class Client:
    """A connection to the API, kept open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """The status and the body of the answer."""
        self._connection.request("POST", path, json.dumps(body), self._headers | headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def get(self, path: str) -> Any:
        self._connection.request("GET", path, headers=self._headers)
        return json.loads(self._connection.getresponse().read())
