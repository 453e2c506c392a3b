"""A record, a client that may do everything, and workers that have caught up."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.kit.accusations import a_firm
from tests.kit.api_client import Api, Client
from tests.kit.builders import AT, Desk, an_account
from tracker.operations import accounts
from tracker.projections import disclosure, impacts, scores

LONG = timedelta(days=36_500)


@pytest.fixture
def token(db: Any) -> Callable[..., str]:
    """Issue a token of ann's with some scopes, all if none are named."""
    an_account()

    def issue(*scopes: str) -> str:
        return accounts.issue(
            "ann",
            by=accounts.COMMAND_LINE,
            name="a test's",
            scopes=scopes or accounts.SCOPES,
            lasting=LONG,
            at=AT,
        )

    return issue


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

    def run() -> None:
        disclosure.follow_all()
        disclosure.follow_all()
        impacts.follow_all()
        scores.recompute_all(at=AT)

    return run
