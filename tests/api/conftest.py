"""A record, a client that may do everything, and workers that have caught up."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest

from tests.kit.accusations import a_firm
from tests.kit.api_client import Api, Client
from tests.kit.background_work import work_off
from tests.kit.builders import Desk, a_token
from tracker.domain.claims import Occurred


@pytest.fixture
def token(db: Any) -> Callable[..., str]:
    """Issue a token of ann's with some scopes, all if none are named."""
    return a_token


@pytest.fixture
def api(token: Callable[..., str]) -> Iterator[Api]:
    """A client that may do everything."""
    with closing(Client(headers={"Authorization": f"Bearer {token()}"})) as http:
        yield Api(http)


@pytest.fixture
def open_site(settings: Any) -> None:
    """Anybody may read, as often as they like."""
    settings.ANONYMOUS_READERS = True
    settings.RATE_LIMIT = 0


@pytest.fixture
def firm(desk: Desk) -> UUID:
    """A firm that claims may blame."""
    return a_firm(desk)


@pytest.fixture
def catch_up() -> Callable[[], None]:
    """Do what the workers do."""
    return work_off


@pytest.fixture
def scored(desk: Desk, catch_up: Callable[[], None]) -> None:
    """Three pairs with one, two and three claims, all sanctions, on three days."""
    for number, ends in enumerate([("RUS", "KAZ"), ("CHN", "KAZ"), ("CHN", "RUS")], start=1):
        for _ in range(number):
            desk.asserts(*ends, occurred=Occurred(edtf=f"2022-05-{10 + number}"))
    catch_up()
