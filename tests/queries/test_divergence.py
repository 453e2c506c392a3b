"""What two lenses say of one pair, by hand: Russian roots hear of help, the others of sanctions."""

from datetime import date

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_lens
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import Bloc, View
from tracker.operations import lenses
from tracker.queries import moment
from tracker.queries.scores import divergence

pytestmark = pytest.mark.django_db
PAIR = "KAZ-RUS"
BLOCS = ("standing.ru", "standing.rest")


@pytest.fixture
def blocs(desk):
    """Five roots in Russia and five elsewhere: on each day of May one of either is cited."""
    parameters = still_parameters()
    russian = Bloc(countries=(desk.countries["RUS"],))
    for name, rule in zip(BLOCS, ("only", "except"), strict=True):
        bloc = Bloc(countries=russian.countries, rule=rule)
        view = View(method="1", collections=(desk.collection,), bloc=bloc)
        lenses.define_lens(a_lens(name=name, view=view, parameters=parameters), at=AT, by=BY)
    for number in range(1, 6):
        occurred = Occurred(edtf=f"2022-05-{number:02}")
        for country, code in (("RUS", "AID"), (None, "SANCTION/discontinue")):
            home = desk.countries[country] if country else None
            cited = (a_citation(desk.hears(country=home)),)
            desk.asserts(occurred=occurred, code=f"plover-2.0/{code}", citations=cited)
    work_off()
    return desk


def sides(lenses=BLOCS, as_of=None):
    return divergence.comparison(PAIR, direction=PAIR, lenses=lenses, as_of=moment.at(as_of))


class TestOfTwoBlocs:
    def test_is_the_difference_of_what_each_says(self, blocs):
        found = divergence.compare_on(sides(), date(2022, 5, 5))

        heard = [one.on(date(2022, 5, 5)).score for one in sides()]
        assert found.divergence.amount == heard[0].value - heard[1].value
        # Of the acts of a month the largest counts, and all are alike: aid is +.6 and a sanction
        # −.6. At p .9435 one of five roots is right in (nearly) all worlds.
        assert found.divergence.amount == pytest.approx(0.6 + 0.6, abs=0.02)
        assert (found.divergence.low, found.divergence.high) == pytest.approx((1.2, 1.2))
        assert found.divergence.apart
        assert [found.one.score, found.other.score] == heard
        assert found.not_shown is None

    def test_is_not_shown_before_each_has_five_roots(self, blocs):
        days = divergence.compare_over(sides(), date(2022, 5, 3), date(2022, 5, 6), every="day")

        assert [one.divergence is not None for one in days] == [False, False, True, True]
        assert days[0].not_shown.reason == "too few roots"
        labels = ", ".join(f"{one.lens.label} has 3 of 5 roots" for one in sides())
        assert days[0].not_shown.detail == labels

    def test_of_a_past_moment_stays_what_it_was(self, blocs):
        then = log.head().position
        before = divergence.compare_on(sides(as_of=then), date(2022, 6, 1))
        blocs.asserts(code="plover-2.0/ASSAULT")
        work_off()

        assert divergence.compare_on(sides(as_of=then), date(2022, 6, 1)) == before
        assert divergence.compare_on(sides(), date(2022, 6, 1)) != before
