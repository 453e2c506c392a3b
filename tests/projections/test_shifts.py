"""The shifts on record and what moved them: those of the pure domain, whatever came in between."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.kit.accusations import a_firm, blames
from tests.kit.background_work import digest, digests, rows, work_off
from tests.kit.builders import AT, BY, Desk, a_citation, a_desk, a_lens
from tests.kit.levels import share
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain.claims import Citation, Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import claims, lenses
from tracker.projections import shifts
from tracker.projections.rebuild import rebuild
from tracker.queries import moment
from tracker.queries.scores import shift_causes
from tracker.queries.scores import shifts as found_shifts
from tracker.queries.scores.shifts import ListedShifts, ShiftFilter
from workers.sweeper import finish, sweep

pytestmark = pytest.mark.django_db
TODAY = AT.date()
ASSAULT = "plover-2.0/ASSAULT"
SHIFT = "pair, start, seen, peak"
# The tables of what the search for shifts found.
FOUND = ("shift", "shift_causes", "watched")


@pytest.fixture
def desk() -> Desk:
    """A pair that was quiet for five months and was then assaulted, and one that was quiet."""
    desk = a_desk(level=still_parameters())
    on(desk, "2022-01-01")
    on(desk, "2022-06-01", code=ASSAULT)
    on(desk, "2022-01-01", "CHN", "KAZ")
    return desk


def on(desk: Desk, day: str, *ends: str, **given: object) -> log.Recorded:
    return desk.asserts(*ends, occurred=Occurred(edtf=day), **given)


def by_another(desk: Desk) -> tuple[Citation]:
    """A root of its own: of the acts of a month the largest counts, in each world the largest that
    is true there, so that a second report of the same root would add nothing."""
    return (a_citation(desk.hears(ends="2022-07-01")),)


def catch_up() -> None:
    sweep(at=AT)
    finish(at=AT)


def standing(desk: Desk, columns: str) -> list[tuple[object, ...]]:
    found = rows("shift", f"lens, lens_version, {columns}")
    return [row[2:] for row in found if row[0] == desk.lenses["standing"]]


def listed(pair: str, lens: str = "standing") -> ListedShifts:
    wanted = ShiftFilter(start=date.min, end=TODAY, pair=pair)
    return found_shifts.page(
        wanted, lens=lens, as_of=moment.now(), after=None, limit=9, reader=Reader.DESK
    )


class TestFind:
    def test_names_the_days_and_the_amount(self, desk: Desk) -> None:
        catch_up()

        day = date(2022, 6, 1)
        assert standing(desk, SHIFT) == [("KAZ-RUS", day - timedelta(days=1), day, day)]
        # A step of −2, which takes 2/9 of the −.6 of January where both are true: at most in all
        # worlds in which one is, at least where that cannot be avoided.
        [(amount, sd)] = standing(desk, "amount, sd")
        p = share(0.65)
        assert -2 * p + 2 / 9 * 0.6 * (2 * p - 1) <= amount <= -2 * p + 2 / 9 * 0.6 * p
        assert sd == 0

    def test_names_a_slow_shift_and_the_claims_that_carry_it(self, desk: Desk) -> None:
        # After a year at −.39 an act a month, of step −.6 and p .65, which takes 1/15 of what is
        # there: each moves it by −.39 to −.34, which is below .5, and two are above.
        days = [date(2023, month, 1) for month in range(3, 8)]
        carried = {on(desk, str(day), "CHN", "KAZ").stream for day in days}
        catch_up()

        (one,) = listed("CHN-KAZ").shifts
        assert (one.shift.kind, one.shift.start) == ("slow", days[0] - timedelta(days=1))
        assert (one.shift.seen, one.shift.peak) == (days[1], days[4])
        # The claim of 2022 wears off as the level moves, which is against it.
        assert {claim.claim for claim in one.claims} == carried
        assert {shift.shift.kind for shift in listed("CHN-KAZ", "tone").shifts} <= {"fast"}

    def test_looks_again_only_where_something_changed(self, desk: Desk) -> None:
        work_off()
        every = len(desk.lenses)

        first = shifts.find(today=TODAY)
        second = shifts.find(today=TODAY)
        on(desk, "2022-07-01")
        work_off()

        assert (first, second) == (2 * every, 0)
        assert shifts.find(today=TODAY) == every

    def test_looks_everywhere_when_a_day_begins_and_never_goes_back(self, desk: Desk) -> None:
        work_off()
        every = len(desk.lenses)
        looked = [
            shifts.find(today=day) for day in (date(2022, 6, 1), date(2022, 6, 2), date(2022, 6, 1))
        ]
        on(desk, "2022-06-02", code=ASSAULT, citations=by_another(desk))
        work_off()
        shifts.find(today=date(2022, 6, 1))

        assert looked == [2 * every, 2 * every, 0]
        assert standing(desk, "seen, peak") == [(date(2022, 6, 1), date(2022, 6, 2))]
        assert set(rows("watched", "day")) == {(date(2022, 6, 2),)}

    def test_looks_at_some_at_a_time(self, desk: Desk) -> None:
        work_off()
        every = len(desk.lenses)

        assert [shifts.find(today=TODAY, limit=1) for _ in range(3)] == [every, every, 0]

    def test_keeps_nothing_of_a_lens_version_that_is_replaced(self, desk: Desk) -> None:
        catch_up()

        lens = a_lens(view=desk.view, sectors=("society",))
        lenses.define_lens(lens, at=AT, by=BY, lens_id=desk.lenses["standing"], expected=1)
        catch_up()

        assert standing(desk, SHIFT) == []
        versions = rows("watched", "lens, lens_version")
        assert {two for one, two in versions if one == desk.lenses["standing"]} == {2}


class TestRebuild:
    def test_gives_the_same_bytes_whatever_the_old_tables_say(self, desk: Desk) -> None:
        catch_up()
        on(desk, "2023-01-01", "CHN", "KAZ", code=ASSAULT)
        for month in range(1, 13):
            on(desk, f"2023-{month:02}-15", "KAZ", "RUS", code="plover-2.0/COOPERATE")
            on(desk, f"2023-{month:02}-{month:02}", "CHN", "RUS")
        late = on(desk, "2022-05-31", "KAZ", "RUS", code="plover-2.0/AID")
        catch_up()
        claims.retract_claim(late.stream, reason="no", at=AT, by=BY)
        catch_up()
        before = digests(), *map(digest, FOUND)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE shift SET amount = 0")

        rebuild(today=TODAY, report=lambda *_: None)

        assert (digests(), *map(digest, FOUND)) == before
        assert {pair for (pair,) in rows("shift", "pair")} == {"KAZ-RUS", "CHN-RUS", "CHN-KAZ"}
        assert rows("shift_causes")


@pytest.fixture
def assaulted() -> Desk:
    """A pair that was quiet for five months and was then assaulted twice."""
    assaulted = a_desk(level=still_parameters())
    on(assaulted, "2022-01-01")
    on(assaulted, "2022-05-20", code=ASSAULT)
    on(assaulted, "2022-05-21", code=ASSAULT, citations=by_another(assaulted))
    work_off()
    shifts.find(today=TODAY)
    return assaulted


def latest(reader=Reader.DESK):
    wanted = ShiftFilter(start=date.min, end=TODAY)
    return found_shifts.page(
        wanted, lens="standing", as_of=moment.now(), after=None, limit=50, reader=reader
    ).shifts


def worked_out(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(shift_causes, "kept", lambda *_: {})
        return latest()


def kept(assaulted, columns="pair, seen, start"):
    found = rows("shift_causes", f"lens, {columns}")
    return [row[1:] for row in found if row[0] == assaulted.lenses["standing"]]


class TestTheCauses:
    def test_equals_a_fresh_computation(self, assaulted, monkeypatch):
        assert len(kept(assaulted)) == 1

        [own] = latest()

        assert [own] == worked_out(monkeypatch)
        # The two assaults; what happened in January only weighs less.
        assert (len(own.claims), own.others, own.older) == (2, 0, 1)
        amounts = [change.amount for change in own.claims]
        total = sum(amounts) + own.others_amount + own.older_amount + own.rest
        assert total == pytest.approx(own.shift.amount, abs=1e-9)

    def test_is_read_without_an_impact(self, assaulted, monkeypatch):
        monkeypatch.setattr(shift_causes.impacts, "on_pairs_at", None)

        assert len(latest()) == 1

    def test_is_not_read_once_the_scores_have_changed(self, assaulted, monkeypatch):
        claim = latest()[0].claims[0].claim
        claims.retract_claim(claim, reason="wrong", at=AT, by=BY)
        work_off()

        assert claim not in {one.claim for shift in latest() for one in shift.claims}
        shifts.find(today=TODAY)
        assert latest() == worked_out(monkeypatch)

    def test_is_computed_once(self, assaulted):
        assert shifts.keep_causes() == 0

        on(assaulted, "2022-05-21", code=ASSAULT, citations=by_another(assaulted))
        work_off()
        shifts.find(today=TODAY)
        assert shifts.keep_causes() == 0
        assert latest()[0].others + len(latest()[0].claims) == 3

    def test_goes_on_where_its_time_ended(self, assaulted):
        """Two pairs; without any time one is computed."""
        on(assaulted, "2022-01-01", "CHN", "KAZ")
        on(assaulted, "2022-05-20", "CHN", "KAZ", code=ASSAULT)
        work_off()
        shifts.find(today=TODAY)
        whole = kept(assaulted)
        pairs = {pair for pair, *_ in rows("shift_causes", "pair")}
        assert len(pairs) == 2
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM shift_causes")

        shifts.keep_causes(seconds=0)
        assert len({pair for pair, *_ in rows("shift_causes", "pair")}) == 1
        while shifts.keep_causes(seconds=0):
            pass
        assert kept(assaulted) == whole

    def test_ends_with_the_lens(self, assaulted):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE shift_causes SET lens = gen_random_uuid()")

        shifts.keep_causes()

        assert {lens for lens, *_ in rows("shift_causes", "lens")} <= {*assaulted.lenses.values()}

    def test_covers_only_the_latest_shifts(self, assaulted, monkeypatch):
        monkeypatch.setattr(shifts, "LATEST", 1)
        on(assaulted, "2022-01-01", "CHN", "KAZ")
        on(assaulted, "2022-07-01", "CHN", "KAZ", code=ASSAULT)
        work_off()

        shifts.find(today=date(2022, 7, 10))

        assert [pair for pair, *_ in kept(assaulted)] == ["CHN-KAZ"]
        assert len(rows("shift")) > 1

    def test_waits_until_all_pairs_are_searched(self, assaulted):
        on(assaulted, "2022-05-22", code=ASSAULT)
        work_off()
        before = kept(assaulted, "position")

        shifts.find(today=TODAY, limit=1)
        assert kept(assaulted, "position") == before
        shifts.find(today=TODAY, limit=1_000)
        assert kept(assaulted, "position") != before


class TestAWithheldClaim:
    @pytest.fixture
    def blamed(self, assaulted):
        claim = blames(
            assaulted,
            a_firm(assaulted),
            occurred=Occurred(edtf="2022-05-20"),
            code=ASSAULT,
            citations=by_another(assaulted),
        )
        work_off()
        shifts.find(today=TODAY)
        return claim

    def test_is_among_the_others(self, assaulted, blamed):
        [public], [own] = latest(Reader.PUBLIC), latest()

        assert blamed in {change.claim for change in own.claims}
        assert blamed not in {change.claim for change in public.claims}
        assert public.others == own.others + 1

    def test_leaves_room_for_claims_that_are_not_kept(self, assaulted, blamed, monkeypatch):
        """Only the largest is kept. If it is withheld, all are computed."""
        everything = latest(Reader.PUBLIC)
        monkeypatch.setattr(shift_causes, "MOST_KEPT", 1)
        on(assaulted, "2022-05-20", "CHN", "KAZ")
        on(assaulted, "2022-05-22", code=ASSAULT, citations=by_another(assaulted))
        work_off()
        shifts.find(today=TODAY)

        assert len(latest(Reader.PUBLIC)[0].claims) == len(everything[0].claims) + 1
