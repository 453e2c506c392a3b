"""Shifts in a list: whose, when, and by which claims."""

from datetime import date

import pytest

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_desk
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import claims
from tracker.queries import moment
from tracker.queries.scores import shifts
from tracker.queries.scores.shifts import OnlyOfOnePair, ShiftFilter
from workers.sweeper import finish, sweep

pytestmark = pytest.mark.django_db
ASSAULT = "plover-2.0/ASSAULT"
EVER = {"start": date(2000, 1, 1), "end": AT.date()}


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


@pytest.fixture
def moved(desk):
    """Two pairs that shift in June and July, KAZ–RUS by three claims, each of its own root; gives
    those of June."""
    for ends in (("RUS", "KAZ"), ("CHN", "RUS")):
        desk.asserts(*ends, occurred=Occurred(edtf="2022-01-01"))
    june = [desk.asserts(code=ASSAULT, occurred=Occurred(edtf="2022-06-01")).stream]
    for _ in range(2):
        cited = (a_citation(desk.hears(ends="2022-07-01")),)
        occurred = Occurred(edtf="2022-06-02")
        june.append(desk.asserts(code=ASSAULT, occurred=occurred, citations=cited).stream)
    desk.asserts("CHN", "RUS", code=ASSAULT, occurred=Occurred(edtf="2022-07-01"))
    sweep(at=AT)
    finish(at=AT)
    return june


def listed(lens="standing", as_of=None, after=None, limit=10, **wanted):
    return shifts.page(
        ShiftFilter(**EVER | wanted),
        lens=lens,
        as_of=moment.at(as_of),
        after=after,
        limit=limit,
        reader=Reader.DESK,
    )


def names(found):
    return [(one.pair, one.shift.seen.month) for one in found.shifts]


class TestTheList:
    def test_has_the_newest_first(self, moved):
        assert names(listed()) == [("CHN-RUS", 7), ("KAZ-RUS", 6)]

    @pytest.mark.parametrize(
        ("wanted", "pairs"),
        [
            ({"pair": "KAZ-RUS"}, ["KAZ-RUS"]),
            ({"country": "CHN"}, ["CHN-RUS"]),
            ({"country": "RUS"}, ["CHN-RUS", "KAZ-RUS"]),
            ({"start": date(2022, 6, 2)}, ["CHN-RUS"]),
            ({"end": date(2022, 6, 30)}, ["KAZ-RUS"]),
            ({"start": date(2022, 6, 1), "end": date(2022, 6, 1)}, ["KAZ-RUS"]),
        ],
    )
    def test_is_narrowed(self, moved, wanted, pairs):
        assert [one.pair for one in listed(**wanted).shifts] == pairs

    def test_goes_on_after_a_place(self, moved):
        [first] = listed(limit=1).shifts

        place = (first.shift.seen, first.pair, first.shift.start)
        assert names(listed(after=place)) == [("KAZ-RUS", 6)]

    def test_says_how_many_pairs_were_scored_since(self, desk, moved):
        assert listed().waiting == 0
        desk.asserts()
        work_off()

        assert listed().waiting == 1


class TestAShift:
    def test_names_the_claims_that_gave_most_to_it(self, moved, monkeypatch):
        monkeypatch.setattr(shifts, "MOST_CLAIMS", 2)

        [found] = listed(pair="KAZ-RUS").shifts

        assert (found.shift.start, found.shift.peak) == (date(2022, 5, 31), date(2022, 6, 2))
        assert found.claims[0].claim == moved[0]
        assert {one.claim for one in found.claims} < {*moved}
        assert {one.because for one in found.claims} == {"began"}
        assert (len(found.claims), found.others) == (2, 1)
        # What happened in January is not a cause: the others wore it down.
        assert found.older == 1
        assert found.older_amount > 0
        named = sum(one.amount for one in found.claims)
        parts = named + found.others_amount + found.older_amount + found.rest
        assert parts == pytest.approx(found.shift.amount, abs=1e-9)

    def test_counts_a_level_by_structure_of_a_later_day(self, desk, moved):
        """It stands before the first act, so the attacks wore it down as well."""
        desk.gives_level(rung="structural-1/defence-pact", day="2023-12-31")
        sweep(at=AT)
        finish(at=AT)

        [found] = listed(pair="KAZ-RUS").shifts

        assert found.older == 2
        assert found.rest == pytest.approx(0, abs=1e-9)

    def test_of_a_past_moment_stays_what_it_was(self, desk, moved):
        then = log.head().position
        before = listed(pair="KAZ-RUS", as_of=then)
        claims.retract_claim(moved[0], reason="no", at=AT, by=BY)
        sweep(at=AT)
        finish(at=AT)

        assert listed(pair="KAZ-RUS", as_of=then) == before
        [was] = before.shifts
        assert was.claims[0].claim == moved[0]
        assert listed(pair="KAZ-RUS").shifts[0].shift.amount > was.shift.amount

    def test_is_the_same_worked_out_as_on_record(self, moved):
        on_record = listed(pair="KAZ-RUS")
        worked_out = listed(pair="KAZ-RUS", as_of=log.head().position)

        assert [one.shift for one in worked_out.shifts] == [one.shift for one in on_record.shifts]
        after = (date(2022, 6, 1), "KAZ-RUS", date(2022, 5, 31))
        past = {"pair": "KAZ-RUS", "as_of": log.head().position}
        assert listed(after=after, **past).shifts == []
        assert listed(end=date(2022, 5, 31), **past).shifts == []

    def test_of_a_past_moment_is_worked_out_for_one_pair(self, moved):
        with pytest.raises(OnlyOfOnePair):
            listed(as_of=log.head().position)

    def test_is_none_where_nothing_is_on_record(self, desk, moved):
        assert listed(pair="CHN-KAZ", as_of=log.head().position).shifts == []
