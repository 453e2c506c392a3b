"""The first article, from its claims to the figures that an independent calculation gave.

The figures were worked from the formulas of `docs/method.md` by hand and by another program,
before this one existed.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from tests.kit.seeded import put_seed_on_record
from tracker.queries import moment
from tracker.queries.evidence import what_if
from tracker.queries.records import states
from tracker.queries.scores import pairs, triads

FEBRUARY, MARCH, APRIL, MAY = (
    date(2022, 2, 28),
    date(2022, 3, 31),
    date(2022, 4, 30),
    date(2022, 5, 24),
)
NOW = datetime(2022, 5, 25, tzinfo=UTC)

# pair, day, mean, sd
LEVELS = [
    ("KAZ-RUS", FEBRUARY, 0.00, 4.00),
    ("KAZ-RUS", MARCH, -0.49, 3.79),
    ("KAZ-RUS", APRIL, -0.49, 3.80),
    ("KAZ-RUS", MAY, -0.37, 3.75),
    ("CHN-RUS", FEBRUARY, -0.25, 3.98),
    ("CHN-RUS", MARCH, -0.35, 3.94),
    ("CHN-RUS", APRIL, -0.45, 3.91),
    ("CHN-RUS", MAY, -0.15, 3.61),
    ("CHN-KAZ", FEBRUARY, 0.00, None),
    ("CHN-KAZ", MARCH, 0.00, None),
    ("CHN-KAZ", APRIL, 0.00, None),
    ("CHN-KAZ", MAY, 0.00, 4.00),
    ("KAZ-TUR", APRIL, 0.00, None),
    ("KAZ-TUR", MAY, 0.35, 3.85),
    ("KAZ-UKR", FEBRUARY, 0.03, 3.99),
    ("KAZ-UKR", MARCH, 0.22, 3.91),
    ("KAZ-UKR", APRIL, 0.37, 3.86),
    ("KAZ-UKR", MAY, 0.48, 3.82),
    ("RUS-UKR", FEBRUARY, -5.39, 1.69),
    ("RUS-UKR", MARCH, -6.97, 1.08),
    ("RUS-UKR", APRIL, -7.83, 0.98),
    ("RUS-UKR", MAY, -8.25, 1.06),
    ("CHN-FIN", MAY, 0.13, None),
    ("CHN-USA", MAY, -0.14, None),
    ("CHN-UKR", MAY, -0.14, None),
    ("RUS-USA", MAY, -0.20, None),
    ("FIN-TUR", MAY, -0.10, None),
    ("FIN-HUN", MAY, -0.08, None),
]


@pytest.fixture(scope="module")
def _article(django_db_setup, django_db_blocker):
    """The seed, entered and scored once for all tests of this file, then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record(scored=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def article(_article, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def level(pair, day):
    """By version 1, which the independent calculation has."""
    return pairs.series(pair, direction=pair, lens="standing@1", as_of=moment.now()).on(day)


@pytest.mark.usefixtures("article")
class TestTheArticle:
    @pytest.mark.parametrize(("pair", "day", "mean", "sd"), LEVELS)
    def test_gives_the_figures_of_the_independent_calculation(self, pair, day, mean, sd):
        score = level(pair, day).score

        assert f"{score.value:.2f}".replace("-0.00", "0.00") == f"{mean:.2f}"
        assert sd is None or f"{score.sd:.2f}" == f"{sd:.2f}"

    def test_puts_only_russia_and_ukraine_into_a_band(self):
        named = {
            row.pair: level(row.pair, NOW.date()).score.band for row in pairs.table(lens="standing")
        }

        assert {pair for pair, band in named.items() if band} == {"RUS-UKR"}
        assert level("RUS-UKR", MAY).words == "confrontation"

    def test_says_of_the_others_how_far_they_moved(self):
        assert level("KAZ-RUS", MAY).words == "level never assessed; moved −0.4 since March 2022"

    def test_knows_what_is_mixed_between_china_and_russia(self):
        series = pairs.series("CHN-RUS", direction="CHN-RUS", lens="standing", as_of=moment.now())
        amounts = {
            states.claim(part.claim).claim.key: part.amount
            for part in series.scorer.contributions(what_if.pulls_of(series), MAY).parts
        }

        assert {key for key, one in amounts.items() if one < 0} == {"5", "28", "34", "35"}
        assert {key for key, one in amounts.items() if one > 0} == {"21", "30", "38", "45"}

    def test_finds_the_triangle_as_likely_balanced_as_not_and_names_its_nearest_flip(self):
        triangle = triads.detailed(
            ("CHN", "KAZ", "RUS"), MAY, lens="standing", as_of=moment.now()
        ).triad

        assert triangle.balance == "undetermined"
        assert triangle.nearest_flip.pair == "CHN-KAZ"
