"""A client that speaks to the API as a program of somebody else's does, and bodies to send."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.kit.builders import CODE, Desk, an_id

V1 = "/api/v1/"


class Client(APIClient):
    """A client that reads a streamed answer to its end before it asks for the next.

    Otherwise a table of which a test reads only the head keeps its place until the garbage
    collector runs, and a later test is told that the site is busy.
    """

    _streamed: Any = None

    def request(self, **given: Any) -> Any:
        self.close()
        answer = super().request(**given)
        if answer.streaming:
            self._streamed = answer
        return answer

    def close(self) -> None:
        if self._streamed:
            self._streamed.getvalue()
            self._streamed = None


@dataclass(frozen=True, slots=True)
class Api:
    """Paths are under `/api/v1/`."""

    http: APIClient

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        """Read, and give the answer's JSON."""
        return _json(self.http.get(_address(path), query), expect)

    def pages(self, path: str, **query: Any) -> list[Any]:
        """Read a list page by page, and give all its rows."""
        page = self.get(path, **query)
        rows = list(page["results"])
        while page["next"]:
            page = self.get(page["next"])
            rows += page["results"]
        return rows

    def refused(self, path: str, **query: Any) -> list[str]:
        """Read what is refused with a 400, and give the pointers of its errors."""
        return pointers(self.get(path, expect=400, **query))

    def post(self, path: str, body: Any, expect: int = 201, **headers: str) -> Any:
        """Write, and give the answer's JSON; `if_match="3"` and the like are headers."""
        return _json(self.send(path, body, **headers), expect)

    def send(self, path: str, body: Any, **headers: str) -> Any:
        """Write, and give the answer itself."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(_address(path), body, format="json", headers=named)

    def sends_raw(
        self,
        raw: str | bytes,
        path: str = "claims/",
        kind: str = "application/json",
        **headers: str,
    ) -> Any:
        """Write a body as it is, and give the answer itself."""
        data = raw if isinstance(raw, bytes) else raw.encode()
        return self.http.generic("POST", _address(path), data, kind, headers=headers or None)

    def claims(self, desk: Desk, **given: Any) -> Any:
        """Put a claim on record, and give its receipt."""
        return self.post("claims/", a_body(desk, **given))


def api_with(token: str = "") -> Api:
    """A client with a token; without one that of a stranger."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Api(Client(headers=headers))


def pointers(problem: Any) -> list[str]:
    """Where the errors of a problem are."""
    return [error["pointer"] for error in problem["errors"]]


def statements(read: Callable[[], object]) -> int:
    """The number of SQL statements of a read."""
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def a_body(desk: Desk, initiator: str = "RUS", recipient: str = "KAZ", **given: Any) -> Any:
    """One country sanctions another on 11 May 2022."""
    return {
        "collection": str(desk.collection),
        "kind": "act",
        "summary": "Something was done.",
        "parties": [
            {"actor": str(desk.countries[initiator]), "role": "initiator"},
            {"actor": str(desk.countries[recipient]), "role": "recipient"},
        ],
        "citations": [{"document": str(desk.document)}],
        "code": CODE,
        "occurred": {"edtf": "2022-05-11"},
        **given,
    }


def a_draft_body(desk: Desk, number: int = 1, **given: Any) -> Any:
    """A draft of that claim, with an id from a number. `given` are fields of the claim."""
    return {"id": str(an_id(number)), "sentence": 1, "claim": a_body(desk, **given)}


def same(read: Any, sent: Any) -> Any:
    """What was read, cut down to what was sent."""
    if isinstance(sent, dict):
        return {name: same(read[name], value) for name, value in sent.items()}
    if isinstance(sent, list):
        return [same(*pair) for pair in zip(read, sent, strict=True)]
    return read


def _address(path: str) -> str:
    return path if path.startswith(("/", "http")) else V1 + path


def _json(answer: Any, expect: int) -> Any:
    assert answer.status_code == expect, answer.content.decode()
    return answer.json()
