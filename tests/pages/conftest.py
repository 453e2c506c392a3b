"""A record whose scores are through."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import AT, Desk, a_desk
from tracker.projections import disclosure, impacts, scores


@pytest.fixture
def desk(db: Any) -> Desk:
    return a_desk()


@pytest.fixture
def scored() -> Callable[[], None]:
    """Do what the workers do."""

    def run() -> None:
        disclosure.follow_all()
        disclosure.follow_all()
        impacts.follow_all()
        scores.recompute_all(at=AT)

    return run
