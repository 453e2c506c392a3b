"""The parts of an answer that is read from a standby all come from there."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory

from config.reading_database import from_standby

pytestmark = pytest.mark.django_db


@pytest.fixture
def _standby(settings, monkeypatch) -> Iterator[None]:
    """Another connection to the same database."""
    monkeypatch.setitem(settings.DATABASES, "reads", dict(connections["default"].settings_dict))
    yield
    connections["reads"].close()
    del connections["reads"]


def where() -> bytes:
    return connections["default"].alias.encode()


@pytest.mark.usefixtures("_standby")
class TestAnAnswerInParts:
    @pytest.mark.parametrize(
        ("ask", "alias"), [(RequestFactory().get, b"reads"), (RequestFactory().post, b"default")]
    )
    def test_comes_from_one_database(self, ask, alias: bytes) -> None:
        def view(_request: HttpRequest) -> StreamingHttpResponse:
            return StreamingHttpResponse(parts(where()))

        def parts(first: bytes) -> Iterator[bytes]:
            yield first
            yield where()

        answer = from_standby(view)(ask("/api/v1/claims.csv"))
        found = []
        for part in answer:
            found.append(part)
            # Between two parts the thread has its own connection.
            assert where() == b"default"

        assert found == [alias, alias]
