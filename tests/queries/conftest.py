"""A record with countries, a source and a document."""

from typing import Any

import pytest

from tests.builders import Desk, a_desk


@pytest.fixture
def desk(db: Any) -> Desk:
    return a_desk()
