"""A record whose scores are through, and one with a war."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import Desk, rate
from tests.kit.wars import SINCE, WAR


@pytest.fixture
def scored() -> Callable[[], None]:
    """Do what the workers do."""
    return work_off


@pytest.fixture
def war(desk: Desk) -> UUID:
    """KAZ–RUS are at war since February 2022 by a source that is usually reliable; CHN–RUS had a
    visit."""
    rate(desk.source, "A")
    fought = desk.asserts(**WAR, occurred=SINCE).stream
    desk.asserts("CHN", "RUS", code="plover-2.0/CONSULT/visit")
    return fought
