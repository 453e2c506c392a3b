"""Triangles: their history, and the most strained of many, held against one at a time."""

from datetime import date
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_collection, a_desk, a_lens, rate
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import View
from tracker.operations import lenses, sources
from tracker.projections import impacts
from tracker.queries import moment
from tracker.queries.scores import pairs, triads
from tracker.queries.scores.triads import BadCountries, NoLevel, TriadSpan, ranking, read_countries

pytestmark = pytest.mark.django_db
ASSESSED = date(2022, 1, 1)
DAY = date(2022, 6, 1)
CODES = ("CHN", "IRN", "KAZ", "RUS", "TUR")
LEVELS = {"CHN-KAZ": "5", "CHN-RUS": "5", "KAZ-RUS": "-2", "CHN-TUR": "-5", "KAZ-TUR": "-0.1"}


@pytest.fixture
def desk():
    """Five countries, and the levels of five of their ten pairs. With p .95 their sd is
    √(.95 · .3² + .05 · 4²) = .94."""
    desk = a_desk(*CODES)
    rate(desk.source, "A")
    for pair, level in LEVELS.items():
        desk.assesses(level, "0.3", ASSESSED.isoformat(), pair=pair)
    work_off()
    return desk


def ranked(day=DAY, countries=CODES, lens="standing", as_of=None):
    return ranking(countries, day, lens=lens, as_of=moment.at(as_of))


def history(start, end, *, every="day", lens="standing", as_of=None):
    span = TriadSpan(start=start, end=end, every=every)
    return triads.history(("CHN", "KAZ", "RUS"), span, lens=lens, as_of=moment.at(as_of))


class TestTheMostStrained:
    def test_are_those_that_are_unbalanced_and_then_those_that_may_be(self, desk):
        found = ranked(ASSESSED)

        # 5 · 5 · −2 is negative; 5 · −5 · −.1 is positive, but may be negative with −.1 ± 1.55.
        assert [(one.name, one.triad.balance) for one in found.strained] == [
            ("CHN-KAZ-RUS", "unbalanced"),
            ("CHN-KAZ-TUR", "balanced"),
        ]
        sure, perhaps = found.strained
        assert sure.strain == sure.triad.strength
        assert perhaps.strain == perhaps.triad.possible_strain
        assert perhaps.undetermined == ["KAZ-TUR"]

    def test_are_counted_apart_from_those_of_which_a_pair_is_unknown(self, desk):
        found = ranked()

        # Of the ten triangles only CHN-KAZ with RUS or TUR have all their pairs on record.
        assert (len(found.strained), found.calm, found.unknown) == (2, 0, 8)
        assert (ranked(date(2021, 12, 31)).unknown, ranked(date(2021, 12, 31)).strained) == (10, [])

    def test_agree_with_each_triangle_by_itself(self, desk):
        for ends in combinations(CODES, 2):
            desk.asserts(*ends, occurred=Occurred(edtf="2022-03-04"))
            desk.asserts(*reversed(ends), code="plover-2.0/COOPERATE")
        work_off()
        then = log.head().position
        desk.asserts("RUS", "KAZ")
        impacts.follow_all()  # and KAZ-RUS waits for its scores

        for as_of in (None, then):
            found = ranked(as_of=as_of)
            assert (found.calm + len(found.strained), found.unknown) == (10, 0)
            assert len(found.strained) > 1
            for one in found.strained:
                ends = tuple(one.name.split("-"))
                assert (
                    one.triad
                    == triads.detailed(ends, DAY, lens="standing", as_of=moment.at(as_of)).triad
                )
            assert found.position == then
            assert found.as_of == then

    def test_are_of_the_version_that_was_asked_for(self, desk):
        empty = sources.describe_collection(a_collection(name="empty"), at=AT, by=BY).stream
        lens = a_lens(view=View(method="1", collections=(empty,)))
        lenses.define_lens(lens, at=AT, by=BY, lens_id=desk.lenses["standing"], expected=1)
        work_off()

        assert ranked(lens="standing@1").strained
        assert ranked(lens="standing").unknown == 10

    def test_take_as_many_questions_for_many_countries_as_for_few(self, desk):
        for ends in combinations(CODES, 2):
            desk.asserts(*ends)
        work_off()

        def asked(countries):
            with CaptureQueriesContext(connection) as captured:
                ranked(countries=countries)
            return len(captured)

        assert asked(CODES) == asked(CODES[:3]) <= 4

    def test_are_of_levels(self, desk):
        with pytest.raises(NoLevel, match="tone@1 measures tone"):
            ranked(lens="tone")


class TestCountries:
    def test_are_read_in_any_order_and_case(self, desk):
        assert read_countries(["rus", " chn", "KAZ"]) == ("CHN", "KAZ", "RUS")

    @pytest.mark.parametrize(
        ("codes", "says"),
        [
            (["CHN", "KAZ"], "contains 2 countries"),
            (["CHN", "KAZ", "chn", "RUS"], "twice"),
            (["CHN", "KAZ", "QQQ", "ATL"], "the code ATL, QQQ"),
            (["CHN", "KAZ", "\0"], "the code"),
            ([f"A{n:02}" for n in range(31)], "contains 31 countries"),
        ],
    )
    def test_are_three_to_thirty_on_record(self, desk, codes, says):
        with pytest.raises(BadCountries, match=says):
            read_countries(codes)


class TestAHistory:
    def test_is_the_triangle_of_each_day(self, desk):
        desk.asserts("RUS", "KAZ", code="plover-2.0/ASSAULT", occurred=Occurred(edtf="2022-03-04"))
        work_off()

        found = history(date(2022, 3, 1), date(2022, 3, 10))

        assert [one.day.day for one in found.points] == [*range(1, 11)]
        for one in found.points:
            ends = ("RUS", "KAZ", "CHN")
            assert (
                one.triad
                == triads.detailed(ends, one.day, lens="standing", as_of=moment.now()).triad
            )
        assert (found.name, found.lens.label) == ("CHN-KAZ-RUS", "standing@1")

    def test_says_when_the_balance_changed(self, desk):
        """The levels are known from the first of January on; doubt about −2 grows past 0: after six
        years its sd is √(.94² + 6 · .57²) = 1.68, and ± 1.645 · 1.68 is 2.8."""
        found = history(date(2021, 12, 30), date(2027, 12, 31))

        assert [(one.day, one.before, one.after) for one in found.flips] == [
            (ASSESSED, "undetermined", "unbalanced")
        ]
        assert found.points[0].triad.balanced == 0.5
        assert found.points[0].undetermined == ["CHN-KAZ", "CHN-RUS", "KAZ-RUS"]
        assert found.points[2].triad.nearest_flip.pair == "KAZ-RUS"
        assert found.points[-1].undetermined == ["KAZ-RUS"]

    def test_of_months_stands_on_their_last_days(self, desk):
        found = history(date(2022, 1, 15), date(2022, 3, 10), every="month")

        assert [one.day for one in found.points] == [
            date(2022, 1, 31),
            date(2022, 2, 28),
            date(2022, 3, 10),
        ]

    def test_of_a_past_moment_stays_what_it_was(self, desk):
        work_off()
        before = history(date(2022, 3, 1), date(2022, 6, 10), as_of=log.head().position)
        desk.asserts("RUS", "KAZ")
        work_off()

        again = history(date(2022, 3, 1), date(2022, 6, 10), as_of=before.as_of)

        assert again == before
        assert history(date(2022, 3, 1), date(2022, 6, 10)).points != before.points

    @pytest.mark.parametrize(
        ("every", "start", "end"),
        [
            ("day", date(2010, 1, 1), date(2021, 1, 1)),
            ("week", date(1900, 1, 1), date(2022, 1, 1)),
            ("day", date(2022, 1, 2), date(2022, 1, 1)),
        ],
    )
    def test_has_an_end(self, desk, every, start, end):
        with pytest.raises(pairs.TooLong):
            history(start, end, every=every)

    def test_is_of_levels(self, desk):
        with pytest.raises(NoLevel):
            history(ASSESSED, DAY, lens="tone")
