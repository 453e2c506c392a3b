"""The first article, from its claims to figures that are worked out from the formulas of
`docs/method.md`.
"""

from datetime import date

import pytest
from django.db import transaction

from tests.kit.pulls import still
from tests.kit.seeded import put_seed_on_record
from tracker.domain.scoring.bands import NEVER
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

# Of one newsletter graded C, of acts that can be checked in public: p .9435, which is 242 of 256
# worlds. The figures are those of levels that begin at 0 and on which nothing happens unreported.
TRUE = 242 / 256
# Where it is true that there is war: p .99, since it is common knowledge.
WAR = 253 / 256


def war(*shares):
    """A blow of −2, and a war that takes a quarter of the way to −9 in a month; `shares` of months.
    In the first month both meet 0. The blow fell in all worlds: the report of the invasion and that
    of the war are one deed, and where one is false the other is true."""
    blow = -2
    level = blow - 9 * 0.25 * shares[0]
    for share in shares[1:]:
        level -= 0.25 * share * (9 + level)
    return WAR * level + (1 - WAR) * blow


# pair, day, mean
LEVELS = [
    ("KAZ-RUS", FEBRUARY, 0),
    # Something stops in part, .6 · .6, and somebody threatens, .3: one source tells both of one
    # day, so that the larger counts. In May state media, .6, are in support, .3: of that the level
    # takes a ninth.
    ("KAZ-RUS", MARCH, -TRUE * 0.36),
    ("KAZ-RUS", APRIL, -TRUE * 0.36),
    ("KAZ-RUS", MAY, -TRUE * (0.36 * (1 - 0.18 / 9) - 0.18)),
    ("CHN-KAZ", MAY, 0),
    ("KAZ-TUR", APRIL, 0),
    # A visit, .3, and two kinds of support on it, of half of that each.
    ("KAZ-TUR", MAY, TRUE * 0.3),
    # Support that lasts counts on its first day, 24 February.
    ("KAZ-UKR", FEBRUARY, TRUE * 0.3),
    ("KAZ-UKR", MAY, TRUE * 0.3),
    ("RUS-UKR", FEBRUARY, war(5 / 28)),
    ("RUS-UKR", MARCH, war(5 / 28, 1)),
    ("RUS-UKR", APRIL, war(5 / 28, 1, 1)),
    ("RUS-UKR", MAY, war(5 / 28, 1, 1, 24 / 31)),
    # Support, .3, and a weak threat, .3 · .3.
    ("CHN-FIN", MAY, TRUE * (0.3 - 0.3 * 0.3)),
    # State media, .6, allege something, .3.
    ("CHN-USA", MAY, -TRUE * 0.6 * 0.3),
    ("CHN-UKR", MAY, -TRUE * 0.6 * 0.3),
    # A threat to restrict something.
    ("RUS-USA", MAY, -TRUE * 0.3),
]


@pytest.fixture(scope="module")
def _article(django_db_setup, django_db_blocker):
    """The seed, entered and scored once for all tests of this file, then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        put_seed_on_record(scored=True)
        yield
        transaction.set_rollback(True)


def level(pair, day):
    return pairs.series(pair, direction=pair, lens="standing", as_of=moment.now()).on(day)


@pytest.mark.django_db
@pytest.mark.usefixtures("_article")
class TestTheArticle:
    @pytest.mark.parametrize(("pair", "day", "mean"), LEVELS)
    def test_gives_the_figures_that_follow_from_the_method(self, pair, day, mean):
        series = pairs.series(pair, direction=pair, lens="standing", as_of=moment.now())

        found = still().on(what_if.pulls_of(series), day).value

        assert found == pytest.approx(mean, abs=2e-3)

    def test_puts_russia_and_ukraine_into_the_lowest_band(self):
        assert level("RUS-UKR", MAY).score.likely.bands == ("confrontation", "tension")

    def test_has_no_level_that_somebody_assessed(self):
        rows = pairs.table(lens="standing")

        assert rows
        assert {level(row.pair, MAY).score.assessed for row in rows} == {NEVER}

    def test_knows_what_is_mixed_between_china_and_russia(self):
        series = pairs.series("CHN-RUS", direction="CHN-RUS", lens="standing", as_of=moment.now())
        amounts = {
            states.claim(part.claim).claim.key: part.amount
            for part in series.scorer.contributions(what_if.pulls_of(series), MAY).parts
        }

        assert {key for key, one in amounts.items() if one < 0} == {"5", "28", "34", "35"}
        # 30 and 38 are words of one source in one month, of which 38 is the larger.
        assert {key for key, one in amounts.items() if one > 0} == {"21", "38", "45"}

    def test_finds_the_triangle_as_likely_balanced_as_not_and_names_its_nearest_flip(self):
        triangle = triads.detailed(
            ("CHN", "KAZ", "RUS"), MAY, lens="standing", as_of=moment.now()
        ).triad

        assert triangle.balance == "undetermined"
        assert triangle.nearest_flip.pair == "CHN-KAZ"
