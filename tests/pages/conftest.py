"""A record whose scores are through."""

from collections.abc import Callable

import pytest

from tests.kit.background_work import work_off


@pytest.fixture
def scored() -> Callable[[], None]:
    """Do what the workers do."""
    return work_off
