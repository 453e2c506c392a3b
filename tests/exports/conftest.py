"""Writes tables as somebody who exports them does."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tracker.domain.disclosure import Reader
from tracker.exports import requests
from tracker.exports.formats import FORMATS
from tracker.exports.requests import TableRequest
from tracker.queries import moment


@pytest.fixture
def written(db: Any) -> Callable[..., bytes]:
    """The bytes of a table in a format."""

    def write(
        table: str, form: str = "ndjson", as_of: moment.AsOf = None, **narrowed: Any
    ) -> bytes:
        out = io.BytesIO()
        found = requests.table(
            TableRequest(table=table, as_of=moment.at(as_of), **narrowed), reader=Reader.DESK
        )
        FORMATS[form].write(found, out)
        return out.getvalue()

    return write


@pytest.fixture
def lines(written: Callable[..., bytes]) -> Callable[..., list[dict[str, Any]]]:
    """The rows of a table as JSON."""

    def read(table: str, **narrowed: Any) -> list[dict[str, Any]]:
        return [json.loads(line) for line in written(table, **narrowed).splitlines()]

    return read
