"""A record whose scores are through."""

from collections.abc import Callable

import pytest

from tests.kit.builders import AT
from tracker.projections import disclosure, impacts, scores


@pytest.fixture
def scored() -> Callable[[], None]:
    """Do what the workers do."""

    def run() -> None:
        disclosure.follow_all()
        disclosure.follow_all()
        impacts.follow_all()
        scores.recompute_all(at=AT)

    return run
