"""The first article without something is as a fresh record that never had it, under every lens."""

from itertools import product
from uuid import UUID

import pytest

from tests.kit.fresh_record import replay
from tests.kit.histories import undone
from tests.kit.seeded import put_seed_on_record
from tracker import log
from tracker.domain.absence import NOTHING, Absence
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import directions
from tracker.domain.scoring.moments import Knot
from tracker.log import Recorded
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.scores import lenses, pairs

pytestmark = pytest.mark.django_db
NOUNS = {"claims": "ClaimAsserted", "sources": "SourceDescribed", "roots": "SourceDescribed"}
type Name = tuple[str, str, str]


@pytest.fixture(scope="module")
def article(django_db_setup, django_db_blocker):
    """The events of the seed, as the log has them."""
    with django_db_blocker.unblock(), undone():
        put_seed_on_record()
        return log.read(after=0, limit=10_000)


def named(recorded: list[Recorded], noun: str) -> list[UUID]:
    return [one.stream for one in recorded if one.kind == NOUNS[noun]]


def of(noun: str, one: UUID) -> Absence:
    return Absence(**{noun: frozenset([one])})


def every_series() -> list[Name]:
    """All that any lens makes of the article: lens, pair, direction."""
    labels = [one.lens.name for one in lenses.latest()]
    moved = sorted({row.pair for label in labels for row in pairs.table(lens=label)})
    return [
        (label, pair, direction)
        for label, pair in product(labels, moved)
        for direction in directions(pair)
    ]


def read(series: list[Name], absence: Absence = NOTHING) -> list[list[Knot]]:
    return [
        list(
            what_if.series(
                pair,
                direction=way,
                lens=lens,
                as_of=moment.now(),
                absence=absence,
                reader=Reader.DESK,
            ).knots
        )
        for lens, pair, way in series
    ]


def are_as_fresh_records(recorded: list[Recorded], absences: list[Absence]) -> None:
    with undone():
        replay(recorded, NOTHING)
        series = every_series()
        assert len({lens for lens, _, _ in series}) == 5
        whole, thinned = read(series), [read(series, one) for one in absences]
    assert whole not in thinned[:3]
    for absence, answers in zip(absences, thinned, strict=True):
        with undone():
            replay(recorded, absence)
            assert answers == read(series)


@pytest.mark.long
class TestTheArticle:
    @pytest.mark.long
    @pytest.mark.timeout(1800)
    def test_without_any_one_thing_is_as_a_fresh_record_that_never_had_it(self, article):
        every = [of(noun, one) for noun in NOUNS for one in named(article, noun)]
        # those that some series shows come first
        telling = [1, len(named(article, "claims")) + 5, -len(named(article, "roots"))]
        first = [every[place] for place in telling]

        are_as_fresh_records(article, [*first, *(one for one in every if one not in first)])
