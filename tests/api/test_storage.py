"""The API answers the same to the byte whether events are stored as rows or in runs."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from drf_spectacular.generators import SchemaGenerator

from tests.kit.api_client import Api
from tests.kit.api_samples import QUERIES, Estate, an_estate
from tests.kit.builders import Desk
from tests.kit.log_entries import ask
from tests.kit.storage import store_as_runs

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


def reads() -> Iterator[tuple[str, str]]:
    """Each address that can be read, with its operation."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in document["paths"].items():
        if "get" in methods:
            yield path, methods["get"]["operationId"]


def answers(api: Api, estate: Estate) -> dict[str, tuple[int, bytes]]:
    cache.clear()
    found = {}
    for path, operation in reads():
        answer = api.http.get(estate.address(path, operation) + QUERIES.get(operation, ""))
        found[operation] = (answer.status_code, b"".join(answer))
    return found


def test_every_answer_is_the_same(api: Api, desk: Desk, settings, tmp_path) -> None:
    settings.SPOOL_FOLDER = tmp_path / "spool"
    settings.RATE_LIMIT = 0
    estate = an_estate(api, desk)
    before = answers(api, estate)

    store_as_runs()

    assert ask("SELECT count(*) FROM event") == [(0,)]
    assert {one: what for one, what in answers(api, estate).items() if what != before[one]} == {}
    assert sum(status == 200 for status, _ in before.values()) > 50
