"""Many pairs are scored in one transaction, and their knots are stored in blocks."""

from datetime import date, timedelta

import pytest
from django.db import DataError, connection

from tests.kit.background_work import digests, knots, rebuilt, rows, work_off
from tests.kit.builders import (
    AT,
    BY,
    Desk,
    a_citation,
    a_desk,
    a_document,
    a_source,
    on_record,
    rate,
)
from tracker.domain.claims import Occurred
from tracker.operations import claims
from tracker.projections import impacts, scores, transaction_settings
from tracker.projections.audit import audit
from tracker.queries import moment
from tracker.queries.scores import lenses
from tracker.queries.scores.knots import levels
from tracker.queries.scores.table import rows_on_day

pytestmark = pytest.mark.django_db
COUNTRIES = ("CHN", "KAZ", "RUS")
ENDS = (("RUS", "KAZ"), ("CHN", "KAZ"), ("KAZ", "CHN"), ("RUS", "CHN"))
LONG_AGO = date(2020, 1, 1)
WAR = "plover-2.0/ASSAULT/heavy-weapons"


@pytest.fixture
def desk() -> Desk:
    return a_desk(*COUNTRIES)


def lasts(desk: Desk, days: int, first: date = LONG_AGO) -> None:
    """A war, which has a knot on each day under every lens."""
    last = first + timedelta(days=days - 1)
    desk.asserts(kind="situation", code=WAR, occurred=Occurred(edtf=f"{first}/{last}"))


def happens(desk: Desk, number: int, *, days: int = 1, first: date = LONG_AGO) -> None:
    for n in range(number):
        day = first + timedelta(days=days * (7 * n % number))
        desk.asserts(*ENDS[n % 4], occurred=Occurred(edtf=day.isoformat()))


def blocks(desk: Desk, lens: str) -> list[object]:
    """The sizes of the blocks of KAZ-RUS under a lens."""
    found = rows("knot_block", "lens, direction, day, n")
    return [n for one, name, _, n in found if (one, name) == (desk.lenses[lens], "KAZ-RUS")]


class TestABatch:
    def test_takes_first_attempts_together_and_others_alone(self, desk):
        happens(desk, 4)
        impacts.follow_all()

        together = scores.take_pairs(at=AT, most=2)
        later = AT + scores.LEASE
        rest = [scores.take_pairs(at=later, most=9) for _ in range(4)]

        assert [len(together), *map(len, rest)] == [2, 1, 1, 1, 0]
        assert len({one.lease for one in together}) == 1

    def test_is_divided_by_the_impacts_on_its_pairs(self, desk, monkeypatch):
        happens(desk, 5)
        impacts.follow_all()
        monkeypatch.setattr(scores, "MOST_IMPACTS", 3)

        # KAZ-RUS has two impacts, CHN-KAZ two, CHN-RUS one.
        groups = [*scores.groups(scores.take_pairs(at=AT, most=9))]

        assert [[one.pair for one in group] for group in groups] == [
            ["CHN-KAZ", "CHN-RUS"],
            ["KAZ-RUS"],
        ]

    @pytest.mark.parametrize(("number", "pause"), [(5, "15s"), (6, "18s")])
    def test_of_one_pair_may_compute_longer_for_very_many_impacts(
        self, desk, monkeypatch, number, pause
    ):
        monkeypatch.setattr(scores, "MOST_IMPACTS", 5)
        monkeypatch.setattr(scores, "IMPACTS_A_SECOND", 2)
        for day in range(number):
            desk.asserts("CHN", "KAZ", occurred=Occurred(edtf=f"2020-01-{1 + day:02}"))
        # As outside tests, which may pause longer.
        with transaction_settings.long_pauses(0):
            work_off()

        with connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == (pause,)

    def test_does_not_lose_the_others_for_one_that_the_database_refuses(self, desk, monkeypatch):
        happens(desk, 4)
        impacts.follow_all()
        write = scores.score_rows.write

        def refused(lines, *args, **given):
            if any(line.pair == "KAZ-RUS" for line in lines):
                raise DataError("no such number")
            return write(lines, *args, **given)

        monkeypatch.setattr(scores.score_rows, "write", refused)
        scores.recompute_all(at=AT)

        assert {pair for (pair,) in rows("scored", "pair")} == {"CHN-KAZ", "CHN-RUS"}
        [(pair, error)] = rows("dirty_pair", "pair, last_error")
        assert (pair, error) == ("KAZ-RUS", "DataError('no such number')")


class TestBlocks:
    def test_hold_256_knots_each_from_the_first_on(self, desk):
        lasts(desk, 600)
        work_off()

        assert blocks(desk, "tone") == [256, 256, 88]
        # A level is folded for fifty years more, with a knot on the first of each month for three
        # of them, to August 2024, and of each January after that, to 2071.
        assert blocks(desk, "standing") == [256, 256, 171]
        assert len(knots()) == 600 + 36 + 47

    @pytest.mark.parametrize("day", [-1, 255, 256, 512, 700])
    def test_are_those_of_a_rebuild_after_a_change_on_any_day(self, desk, day):
        lasts(desk, 600)
        work_off()
        happens(desk, 1, first=LONG_AGO + timedelta(days=day))
        work_off()
        stored = digests()

        assert rebuilt() == stored
        assert audit(at=AT, sample=None) == []

    @pytest.mark.parametrize(("number", "written"), [(425, {256, 88, 171}), (513, {88, 171})])
    def test_before_the_first_changed_day_are_not_written_again(self, desk, number, written):
        lasts(desk, 600)
        work_off()
        before = {*rows("knot_block", "xmin::text, direction, n")}
        happens(desk, 1, first=LONG_AGO + timedelta(days=number))
        work_off()

        after = {*rows("knot_block", "xmin::text, direction, n")}
        assert {n for _, direction, n in after - before if direction == "KAZ-RUS"} == written

    def test_give_the_last_knot_of_any_day(self, desk):
        lasts(desk, 600)
        work_off()
        tone = lenses.find("tone", position=0)
        stored, scorer = knots(lens="tone"), tone.scorer

        for number in (-1, 0, 255, 256, 400, 599, 900):
            day = LONG_AGO + timedelta(days=number)
            read = levels(["KAZ-RUS"], day, lens="tone", as_of=moment.now()).knots["KAZ-RUS"]
            shown = [row.score for row in rows_on_day(tone, day)]

            assert read == (stored[min(number, 599)] if number >= 0 else None), number
            assert shown == ([scorer.at(read, day)] if read else []), number


STRUCTURE = "structural-1/defence-pact"


def late_level(desk: Desk) -> None:
    desk.asserts(occurred=Occurred(edtf="2019-03-05"))
    lasts(desk, 300)
    work_off()
    desk.gives_level(rung=STRUCTURE)


def late_first_act(desk: Desk) -> None:
    desk.assesses("1", "2", "1980-01-10")
    desk.gives_level(rung=STRUCTURE)
    desk.asserts(occurred=Occurred(edtf="2019-03-05"))
    work_off()
    desk.asserts(occurred=Occurred(edtf="2015-03-05"))


def retracted_first_act(desk: Desk) -> None:
    first = desk.asserts(occurred=Occurred(edtf="2015-03-05")).stream
    desk.asserts(occurred=Occurred(edtf="2019-03-05"))
    desk.gives_level(rung=STRUCTURE)
    work_off()
    claims.retract_claim(first, reason="no", at=AT, by=BY)


def graded_levels(desk: Desk) -> None:
    """The source of the levels of two pairs is graded anew, in two chunks."""
    source = on_record(a_source())
    document = on_record(a_document(source))
    desk.asserts(occurred=Occurred(edtf="2019-03-05"))
    lasts(desk, 300)
    for pair in ("CHN-KAZ", "KAZ-RUS"):
        desk.gives_level(rung=STRUCTURE, pair=pair, citations=(a_citation(document),))
    work_off()
    rate(source, "A")


class TestALevelByStructure:
    """It stands on the day before the first act, which is not its own."""

    @pytest.mark.parametrize(
        "change", [late_level, late_first_act, retracted_first_act, graded_levels]
    )
    def test_leaves_the_knots_of_a_rebuild_when_it_moves(self, desk, monkeypatch, change):
        monkeypatch.setattr(impacts, "CHUNK", 1)
        change(desk)
        work_off()
        stored = digests()

        assert audit(at=AT, sample=None) == []
        assert rebuilt() == stored
