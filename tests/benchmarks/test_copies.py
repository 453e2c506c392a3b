from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from benchmarks import copies, logs, records
from benchmarks.logs import Log
from tracker import log
from tracker.models.derived import Cursor, Dependency, Disclosed, ImpactVersion
from tracker.projections import disclosure, impacts

FOLLOWED = (ImpactVersion, Dependency, Disclosed, Cursor)


@pytest.fixture
def made(db: None) -> Log:
    """Seven claims that were entered, and twenty-nine copies of them."""
    made = logs.begin(["XAA", "XAB", "XAC"])
    big = records.record_states(["ZAA", "ZAB"])
    entered = logs.enter(made, made.measured, times=3) + logs.enter(made, made.few, times=4)
    copies.prepare(entered, made.view)
    before = log.head().position

    copies.fill(big, made.view, times=20)
    copies.fill(made.few, made.view, times=9)

    assert log.head().position == before + 29
    return replace(made, big=big)


@pytest.mark.long
class TestFill:
    def test_writes_what_the_followers_would_have_written(self, made: Log):
        copied = list(_followed())
        for table in FOLLOWED:
            table.objects.all().delete()

        disclosure.follow_all()
        impacts.follow_all()

        assert list(_followed()) == copied


def _followed() -> Iterator[list[dict[str, Any]]]:
    """Every row that a follower writes; `begun` is where its view's first lens was defined."""
    for table in FOLLOWED:
        yield sorted(table.objects.values(), key=repr)
