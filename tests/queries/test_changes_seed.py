"""Why the scores of the first article moved: the parts sum, under every lens that is shipped."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, rate
from tests.kit.change_checks import DAY, sums
from tests.kit.histories import undone
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain import events as e
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import directions
from tracker.operations import claims
from tracker.queries import moment
from tracker.queries.evidence import changes
from tracker.queries.records import names
from tracker.queries.scores import pairs

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def article(django_db_setup, django_db_blocker):
    """The seed, and then new grades for its newsletter and new judgements of its claims; gives
    the positions before and after each of these. The seed ends with its lenses, so that
    nothing moves within it."""
    with django_db_blocker.unblock(), undone():
        put_seed_on_record(AT, scored=True)
        positions = [log.head().position]
        for deed in deeds():
            deed()
            positions.append(log.head().position)
        work_off()
        yield positions


def deeds() -> Iterator[Callable[[], object]]:
    made = [one.stream for one in log.read(after=0, limit=10_000) if one.kind == "ClaimAsserted"]
    newsletter = names.directory("source").find("The China-Russia Report").id
    yield lambda: rate(newsletter, "B")
    # row 3, the oil; 9, the visions; 34, the sanctions kept
    yield lambda: claims.retract_claim(made[2], reason="no", at=AT, by=BY)
    yield lambda: claims.give_verdict(
        made[8], e.VerdictGiven(verdict="false", reason="no"), at=AT, by=BY
    )
    yield lambda: claims.reinstate_claim(made[2], reason="yes", at=AT, by=BY)
    yield lambda: claims.give_verdict(
        made[33], e.VerdictGiven(verdict="disputed", reason="so"), at=AT, by=BY
    )
    yield lambda: rate(newsletter, "D", since=date(2022, 5, 1))


@pytest.mark.usefixtures("article")
class TestTheSeed:
    """Under every lens that is shipped, for every pair and direction that it moves."""

    LENSES = ("standing", "tone", "cooperation", "standing-ru-cn", "standing-others")

    @pytest.mark.parametrize("lens", LENSES)
    def test_sums_between_days(self, lens):
        days = [date(2022, 1, 1) + timedelta(days=58 * n) for n in range(4)]
        moved = 0
        for pair, direction in every_direction(lens):
            for two in pairwise(days):
                found = changes.between_days(
                    pair, days=two, direction=direction, lens=lens, as_of=moment.now()
                )
                moved += len(found.changes)
                sums(found)
        assert moved > (1 if lens == "standing-ru-cn" else 30)

    @pytest.mark.parametrize("lens", LENSES)
    def test_sums_between_positions(self, lens, article):
        moved = 0
        for pair, direction in every_direction(lens):
            for known in pairwise(map(moment.at, article)):
                given = {"day": DAY, "direction": direction, "lens": lens, "reader": Reader.DESK}
                found = changes.between_positions(pair, known=known, **given)
                moved += len(found.changes)
                sums(found)
        # from Russia and China one claim is heard
        assert (moved > 30) == (lens != "standing-ru-cn")


def every_direction(lens: str) -> list[tuple[str, str]]:
    return [(row.pair, way) for row in pairs.table(lens=lens) for way in directions(row.pair)]
