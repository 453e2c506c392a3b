from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from benchmarks.country_groups import Groups

from benchmarks import copies, country_groups
from tracker import log
from tracker.models.derived import Cursor, Dependency, Disclosed, ImpactVersion
from tracker.projections import disclosure, impacts, scores
from tracker.projections.audit import audit

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FOLLOWED = (ImpactVersion, Dependency, Disclosed, Cursor)


@pytest.fixture
def made(db: None) -> Groups:
    """Seven claims that were entered, and twenty-nine copies of them."""
    made = country_groups.record_all()
    entered = country_groups.enter(made, made.measured, times=3) + country_groups.enter(
        made, made.few, times=4
    )
    copies.prepare(entered, made.view)
    before = log.head().position

    copies.fill(made.big, made.view, times=20)
    copies.fill(made.few, made.view, times=9)

    assert log.head().position == before + 29
    return made


class TestFill:
    def test_writes_what_the_auditor_expects(self, made: Groups):
        copies.mark_all(made.view)
        scores.recompute_all(at=NOW)

        assert ImpactVersion.objects.filter(pair=country_groups.pair(made.big)).count() == 20
        assert audit(at=NOW, sample=None) == []

    def test_writes_what_the_followers_would_have_written(self, made: Groups):
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
