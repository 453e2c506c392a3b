"""A record whose scores are through."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from tests.kit.background_work import work_off


@pytest.fixture
def scored() -> Callable[[], None]:
    """Do what the workers do."""
    return work_off


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A page in another language leaves this process in it."""
    yield
    translation.deactivate()
