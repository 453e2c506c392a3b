"""What a site answers to monitoring, readers and writers, and what the documentation says of it."""

import json
import time
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.test import Client

from tests.kit.processes import CHECKOUT

PAGE, SOURCES = "/method/", "/api/v1/sources/"


def table() -> dict[str, list[str]]:
    """The rows of the table, by state."""
    text = (CHECKOUT / "docs/operations.md").read_text()
    rows = text.partition("| state |")[2].partition("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {state: found for state, *found in cells}


def a_source() -> bytes:
    return json.dumps({"kind": "outlet", "name": f"Herald {time.time_ns():0150}"}).encode()


class Answers:
    """Asks a site for each column of the table. `ask` takes a path and a body."""

    def __init__(self, ask: Callable[[str, bytes | None], tuple[int, bytes]]) -> None:
        self._ask = ask

    def row(self) -> list[str]:
        read = [self.one(path) for path in ("/healthz", "/readyz", PAGE, SOURCES)]
        return [*read, self.one(SOURCES, a_source())]

    def one(self, path: str, body: bytes | None = None) -> str:
        status, answer = self._ask(path, body)
        if path == "/readyz":
            return f"{status} {json.loads(answer)['state']}"
        if path.startswith("/api/") and status >= 400:
            return f"{status} {json.loads(answer)['type'].rstrip('/').rpartition('/')[2]}"
        if status >= 500:
            # In words, and without what the program was doing.
            assert b"<h1>" in answer
            assert b"Traceback" not in answer
        return str(status)


def over_http(url: str, token: str) -> Answers:
    """Ask a web server."""

    def ask(path: str, body: bytes | None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        if body:
            headers["Authorization"] = f"Bearer {token}"
        try:
            with urlopen(Request(f"{url}{path}", body, headers), timeout=120) as answer:  # noqa: S310
                return answer.status, answer.read()
        except HTTPError as problem:
            return problem.code, problem.read()

    return Answers(ask)


def in_process(token: str) -> Answers:
    """Ask this process."""
    client = Client(raise_request_exception=False)

    def ask(path: str, body: bytes | None) -> tuple[int, bytes]:
        if body is None:
            answer = client.get(path)
        else:
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.post(path, body, content_type="application/json", headers=headers)
        return answer.status_code, answer.getvalue()

    return Answers(ask)
