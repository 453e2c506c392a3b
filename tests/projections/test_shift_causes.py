"""What moved the latest shifts is kept, and equals a fresh computation."""

from datetime import date

import pytest
from django.db import connection

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import digest, rows, work_off
from tests.kit.builders import AT, BY, Desk, a_desk
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import claims
from tracker.projections import shift_causes as projection
from tracker.projections import shifts
from tracker.projections.rebuild import rebuild
from tracker.queries import moment
from tracker.queries.scores import shift_causes
from tracker.queries.scores import shifts as listed_shifts
from tracker.queries.scores.shifts import ShiftFilter

pytestmark = pytest.mark.django_db
TODAY = AT.date()
ASSAULT = "plover-2.0/ASSAULT"


@pytest.fixture
def desk() -> Desk:
    """A pair that was quiet for five months and was then assaulted twice."""
    desk = a_desk()
    on(desk, "2022-01-01")
    on(desk, "2022-05-20", code=ASSAULT)
    on(desk, "2022-05-21", code=ASSAULT)
    work_off()
    shifts.find(today=TODAY)
    return desk


def on(desk, day, *ends, **given):
    return desk.asserts(*ends, occurred=Occurred(edtf=day), **given)


def listed(reader=Reader.DESK):
    wanted = ShiftFilter(start=date.min, end=TODAY)
    return listed_shifts.page(
        wanted, lens="standing", as_of=moment.now(), after=None, limit=50, reader=reader
    ).shifts


def worked_out(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(shift_causes, "kept", lambda *_: {})
        return listed()


def kept(desk, columns="pair, seen, start"):
    found = rows("shift_causes", f"lens, {columns}")
    return [row[1:] for row in found if row[0] == desk.lenses["standing"]]


class TestWhatIsKept:
    def test_equals_a_fresh_computation(self, desk, monkeypatch):
        assert len(kept(desk)) == 1

        [own] = listed()

        assert [own] == worked_out(monkeypatch)
        # The two assaults; what happened in January only weighs less.
        assert (len(own.claims), own.others, own.older) == (2, 0, 1)
        amounts = [change.amount for change in own.claims]
        total = sum(amounts) + own.others_amount + own.older_amount + own.rest
        assert total == pytest.approx(own.shift.amount, abs=1e-9)

    def test_is_read_without_an_impact(self, desk, monkeypatch):
        monkeypatch.setattr(shift_causes.impacts, "on_pairs_at", None)

        assert len(listed()) == 1

    def test_is_not_read_once_the_scores_have_changed(self, desk, monkeypatch):
        claim = listed()[0].claims[0].claim
        claims.retract_claim(claim, reason="wrong", at=AT, by=BY)
        work_off()

        assert claim not in {one.claim for shift in listed() for one in shift.claims}
        shifts.find(today=TODAY)
        assert listed() == worked_out(monkeypatch)

    def test_is_computed_once(self, desk):
        assert projection.keep() == 0

        on(desk, "2022-05-21", code=ASSAULT)
        work_off()
        shifts.find(today=TODAY)
        assert projection.keep() == 0
        assert listed()[0].others + len(listed()[0].claims) == 3

    def test_goes_on_where_its_time_ended(self, desk):
        """Two pairs; without any time one is computed."""
        on(desk, "2022-01-01", "CHN", "KAZ")
        on(desk, "2022-05-20", "CHN", "KAZ", code=ASSAULT)
        work_off()
        shifts.find(today=TODAY)
        whole = kept(desk)
        pairs = {pair for pair, *_ in rows("shift_causes", "pair")}
        assert len(pairs) == 2
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM shift_causes")

        projection.keep(seconds=0)
        assert len({pair for pair, *_ in rows("shift_causes", "pair")}) == 1
        while projection.keep(seconds=0):
            pass
        assert kept(desk) == whole

    def test_ends_with_the_lens(self, desk):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE shift_causes SET lens = gen_random_uuid()")

        projection.keep()

        assert {lens for lens, *_ in rows("shift_causes", "lens")} <= {*desk.lenses.values()}

    def test_covers_only_the_latest_shifts(self, desk, monkeypatch):
        monkeypatch.setattr(projection, "LATEST", 1)
        on(desk, "2022-01-01", "CHN", "KAZ")
        on(desk, "2022-07-01", "CHN", "KAZ", code=ASSAULT)
        work_off()

        shifts.find(today=date(2022, 7, 10))

        assert [pair for pair, *_ in kept(desk)] == ["CHN-KAZ"]
        assert len(rows("shift")) > 1

    def test_waits_until_all_pairs_are_searched(self, desk):
        on(desk, "2022-05-22", code=ASSAULT)
        work_off()
        before = kept(desk, "position")

        shifts.find(today=TODAY, limit=1)
        assert kept(desk, "position") == before
        shifts.find(today=TODAY, limit=1_000)
        assert kept(desk, "position") != before

    def test_is_the_same_after_a_rebuild(self, desk):
        before = digest("shift_causes")

        rebuild(today=TODAY, report=lambda *_: None)

        assert kept(desk)
        assert digest("shift_causes") == before


class TestAWithheldClaim:
    @pytest.fixture
    def blamed(self, desk):
        claim = blames(desk, a_firm(desk), occurred=Occurred(edtf="2022-05-20"), code=ASSAULT)
        work_off()
        shifts.find(today=TODAY)
        return claim

    def test_is_among_the_others(self, desk, blamed):
        [public], [own] = listed(Reader.PUBLIC), listed()

        assert blamed in {change.claim for change in own.claims}
        assert blamed not in {change.claim for change in public.claims}
        assert public.others == own.others + 1

    def test_leaves_room_for_claims_that_are_not_kept(self, desk, blamed, monkeypatch):
        """Only the largest is kept. If it is withheld, all are computed."""
        everything = listed(Reader.PUBLIC)
        monkeypatch.setattr(shift_causes, "MOST_KEPT", 1)
        on(desk, "2022-05-20", "CHN", "KAZ")
        on(desk, "2022-05-22", code=ASSAULT)
        work_off()
        shifts.find(today=TODAY)

        assert len(listed(Reader.PUBLIC)[0].claims) == len(everything[0].claims) + 1
