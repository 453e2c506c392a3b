"""Movements of series and of rows of the table of pairs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kit.background_work import work_off
from tests.kit.builders import AT
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.projections import score_rows as scores
from tracker.projections import shifts
from tracker.queries import moment
from tracker.queries.moment import At
from tracker.queries.scores import lenses, movements, pair_overview, pairs, past_table, table
from tracker.queries.scores.movements import NoWindow, TooMuchToFold

pytestmark = pytest.mark.django_db

LATER = date(2023, 1, 1)
WAR = "plover-2.0/ASSAULT/heavy-weapons"


@pytest.fixture
def levels(desk):
    desk.assesses("6", "2.5")
    desk.asserts(occurred=Occurred(edtf="2022-05-11"))
    desk.asserts("KAZ", "RUS", code="plover-2.0/SUPPORT", occurred=Occurred(edtf="2022-05-20"))
    desk.assesses("2", "2.5", pair="CHN-RUS")
    work_off()
    return desk


def rows():
    lens = lenses.find("standing", position=moment.now().position)
    return lens, table.page(lens, table.BY_NAME, limit=None)


def a_series(lens="standing", as_of: At | None = None):
    as_of = as_of or moment.now()
    return pairs.series("KAZ-RUS", direction="KAZ-RUS", lens=lens, as_of=as_of)


class TestOfASeries:
    def test_begins_before_the_first_act(self, levels):
        found = movements.of_series(a_series(), LATER)

        assert (found.since, found.until) == (date(2022, 5, 10), LATER)
        before = a_series().score_on(date(2022, 5, 10)).value
        assert found.value == pytest.approx(a_series().score_on(LATER).value - before)

    def test_is_the_same_from_what_the_last_search_found(self, levels):
        days = [date(2022, 5, 15), AT.date(), LATER, date(2030, 1, 1)]
        before = [movements.of_series(a_series(), day) for day in days]

        shifts.find(today=AT.date())

        assert [movements.of_series(a_series(), day) for day in days] == before

    def test_of_a_past_moment_is_not_what_the_last_search_found(self, levels):
        then = moment.now().position
        before = movements.of_series(a_series(), LATER)
        # In another month: of the acts of a month the largest counts.
        levels.asserts(occurred=Occurred(edtf="2022-06-22"))
        work_off()
        shifts.find(today=AT.date())

        assert movements.of_series(a_series(as_of=moment.at(then)), LATER) == before
        assert movements.of_series(a_series(), LATER) != before

    def test_is_none_before_the_first_knot(self, levels):
        assert movements.of_series(a_series(), date(2019, 1, 1)) is None

    def test_needs_a_window_that_ends_after_it_begins(self, levels):
        with pytest.raises(NoWindow, match="2023-01-02 is after 2023-01-01, the day of the score"):
            movements.of_series(a_series("tone"), LATER, since=date(2023, 1, 2))


class TestOfRows:
    def test_were_found_by_the_last_search_for_shifts(self, levels):
        before = movements.with_movements(*rows())
        assert not any(row.moved_known for row in rows()[1])

        shifts.find(today=AT.date())

        lens, stored = rows()
        assert all(row.moved_known for row in stored)
        assert [row.movement for row in stored] == [row.movement for row in before]
        assert movements.with_movements(lens, stored) == stored

    def test_stay_those_of_an_earlier_day_while_nothing_acts(self, levels):
        # A war, which acts on each day.
        occurred = Occurred(edtf="2024-04-20/2024-06-30")
        levels.asserts(kind="situation", code=WAR, occurred=occurred)
        work_off()
        shifts.find(today=AT.date())
        tomorrow = AT.date() + timedelta(days=1)
        scores.age(today=tomorrow)

        lens, found = rows()

        assert {row.day for row in found} == {tomorrow}
        assert [row.pair for row in found if row.moved_known] == ["CHN-RUS"]
        by_pair = {row.pair: row for row in movements.with_movements(lens, found)}
        assert by_pair["KAZ-RUS"].movement == movements.of_series(a_series(), tomorrow)

    def test_are_not_those_of_a_search_before_the_last_scores(self, levels):
        shifts.find(today=AT.date())
        levels.asserts(occurred=Occurred(edtf="2022-05-22"))
        work_off()

        lens, found = rows()
        by_pair = {row.pair: row for row in movements.with_movements(lens, found)}

        assert [row.pair for row in found if row.moved_known] == ["CHN-RUS"]
        day = by_pair["KAZ-RUS"].day
        assert by_pair["KAZ-RUS"].movement == movements.of_series(a_series(), day)

    def test_since_a_day_are_folded_for_each(self, levels):
        shifts.find(today=AT.date())
        since = date(2022, 5, 11)

        by_pair = {row.pair: row for row in movements.with_movements(*rows(), since=since)}

        day = by_pair["KAZ-RUS"].day
        expected = movements.of_series(a_series(), day, since=since)
        assert by_pair["KAZ-RUS"].movement == expected
        # What nobody reports is 0 on average, but for the few worlds near an end of the scale.
        assert by_pair["CHN-RUS"].movement.value == pytest.approx(0, abs=0.05)

    def test_since_a_day_need_no_more_impacts_than_one_request_folds(self, levels, monkeypatch):
        """KAZ–RUS has two acts and a level, which is an impact each way; CHN–RUS has a level."""
        lens, found = rows()
        since = date(2022, 5, 11)
        monkeypatch.setattr(movements, "MOST_FOLDED", 5)

        with pytest.raises(TooMuchToFold, match="more than 5 impacts are on record of these pairs"):
            movements.with_movements(lens, found, since=since)
        [one] = [row for row in found if row.pair == "KAZ-RUS"]
        [moved] = movements.with_movements(lens, [one], since=since)
        assert moved.movement.since == since
        assert len(movements.with_movements(lens, found, since=since, most=6)) == 2

    def test_before_a_search_are_unknown_of_pairs_with_more_impacts(self, levels, monkeypatch):
        """CHN–RUS has two impacts, KAZ–RUS four: those that fit are worked out."""
        lens, found = rows()
        monkeypatch.setattr(movements, "MOST_FOLDED", 3)

        by_pair = {row.pair: row for row in movements.with_movements(lens, found)}

        assert by_pair["CHN-RUS"].moved_known
        assert not by_pair["KAZ-RUS"].moved_known
        assert by_pair["KAZ-RUS"].movement is None
        shifts.find(today=AT.date())
        by_pair = {row.pair: row for row in movements.with_movements(*rows())}
        assert by_pair["KAZ-RUS"].movement is not None

    def test_of_a_past_moment_are_those_of_its_impacts(self, levels):
        then = moment.now()
        levels.asserts(occurred=Occurred(edtf="2022-05-22"))
        work_off()
        past = past_table.as_known(
            "standing", table.BY_NAME, day=LATER, as_of=moment.at(then.position)
        )

        by_pair = {row.pair: row for row in movements.with_movements(past.lens, past.rows)}

        series = a_series(as_of=moment.at(then.position))
        assert by_pair["KAZ-RUS"].movement == movements.of_series(series, LATER)

    def test_of_a_lens_without_movements_are_none(self, levels):
        lens = lenses.find("tone", position=moment.now().position)
        found = table.page(lens, table.BY_NAME, limit=None)

        assert movements.with_movements(lens, found) == found
        with pytest.raises(NoWindow):
            movements.with_movements(lens, found, since=date(2030, 1, 1))


class TestTheNextSearch:
    def test_keeps_the_movement_of_a_pair_on_which_nothing_acted(self, levels):
        shifts.find(today=AT.date())
        tomorrow = AT.date() + timedelta(days=1)
        scores.age(today=tomorrow)

        with CaptureQueriesContext(connection) as queries:
            shifts.find(today=tomorrow)

        assert not [query for query in queries if "FROM impact" in query["sql"]]
        by_pair = {row.pair: row for row in rows()[1]}
        assert by_pair["KAZ-RUS"].moved_known
        assert by_pair["KAZ-RUS"].movement == movements.of_series(a_series(), tomorrow)


class TestAnOverviewOfAnArchive:
    def test_reads_what_it_shows_and_keeps_what_the_search_found(self, desk):
        """The undirected pair's movement was found by the last search for shifts; each direction is
        folded from its claims, and the one with a movement reads them once more."""
        desk.asserts()
        work_off()
        shifts.find(today=AT.date())

        with CaptureQueriesContext(connection) as sent:
            found = pair_overview.overview(
                "KAZ-RUS", day=AT.date(), reader=Reader.PUBLIC, as_of=moment.now()
            )

        [level] = [one for one in found.lenses if one.lens == "standing@1"]
        moved = {one.direction: one.movement and one.movement.since for one in level.directions}
        before = date(2022, 5, 10)
        assert moved == {"KAZ-RUS": before, "RUS>KAZ": before, "KAZ>RUS": None}
        assert sum("ORDER BY claim, initiator" in one["sql"] for one in sent) == 3


DAYS = [date(2022, 5, 1) + timedelta(days=days) for days in (0, 9, 10, 11, 12, 50, 400)]


@pytest.mark.parametrize("lens", ["standing", "tone", "cooperation"])
class TestTheValues:
    def test_are_those_of_the_readings(self, desk, lens):
        for day in ("2022-05-11", "2022-05-13", "2022-06-20"):
            desk.asserts(occurred=Occurred(edtf=day))
        work_off()
        series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens=lens, as_of=moment.now())

        values = series.values(DAYS)

        assert values == [series.on(day).score.value for day in DAYS]
        assert values[:2] == pytest.approx([0, 0], abs=1e-9)
        assert 0 not in values[2:]
