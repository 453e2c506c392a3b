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
from tracker import log

OK = 200
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.filterwarnings("ignore")]


def reads() -> Iterator[tuple[str, str]]:
    """Each address that can be read, with its operation."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in document["paths"].items():
        if "get" in methods:
            yield path, methods["get"]["operationId"]


def answers(api: Api, estate: Estate, positions: range) -> dict[str, bytes]:
    """What can be read now, and as of some positions."""
    cache.clear()
    found = {}
    for path, operation in reads():
        address = estate.address(path, operation) + QUERIES.get(operation, "?")
        for as_of in ("", *(f"&as_of={position}" for position in positions)):
            answer = api.http.get(address + as_of)
            if answer.status_code == OK:
                found[operation + as_of] = b"".join(answer)
    return found


def test_every_answer_is_the_same(api: Api, desk: Desk, settings, tmp_path) -> None:
    settings.SPOOL_FOLDER = tmp_path / "spool"
    settings.RATE_LIMIT = 0
    estate = an_estate(api, desk)
    head = log.head().position
    positions = range(head // 3, head, head // 4)
    before = answers(api, estate, positions)

    store_as_runs()

    assert ask("SELECT count(*) FROM event") == [(0,)]
    after = answers(api, estate, positions)
    assert {one for one, what in after.items() if what != before.get(one)} == set()
    assert len(before) > 150
