"""A machine-coded collection gets a lens of its own, under which a burst of news is one act."""

from uuid import UUID

import pytest

from tests.kit.background_work import DAY, work_off
from tests.kit.builders import AT, BY, Desk, a_collection, a_desk, a_lens, an_id
from tests.kit.imports import archive as gdelt
from tests.kit.imports import counts, days, take_in
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import View
from tracker.domain.validity import Invalid
from tracker.operations import lenses, sources
from tracker.queries import moment
from tracker.queries.scores import pairs
from tracker.queries.scores.lenses import latest

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return a_desk(grade=None)


@pytest.fixture
def archive() -> UUID:
    made = a_collection(
        name="wire", coding="machine", default_reliability="C", default_credibility=4
    )
    return sources.describe_collection(made, at=AT, by=BY).stream


def value(pair: str) -> float:
    return (
        pairs.series(pair, direction=pair, lens="machine-wire", as_of=moment.now())
        .on(DAY)
        .score.value
    )


class TestAMachineCodedCollection:
    def test_gets_one_lens_and_one_that_people_enter_none(self, archive: UUID) -> None:
        entered = sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream
        made = [
            lenses.define_for_collection(one, at=AT, by=BY) for one in (entered, archive, archive)
        ]

        assert [one is not None for one in made] == [False, True, False]
        assert [one.lens.name for one in latest()] == ["machine-wire"]

    def test_gets_none_beside_one_that_sees_it(self, archive: UUID) -> None:
        lenses.define_lens(
            a_lens(name="mine", view=View(method="1", collections=(archive,))), at=AT, by=BY
        )

        assert lenses.define_for_collection(archive, at=AT, by=BY) is None

    def test_is_moved_no_further_by_fifty_events_of_a_day_than_by_one(
        self, desk: Desk, archive: UUID
    ) -> None:
        lenses.define_for_collection(archive, at=AT, by=BY)
        day = Occurred(edtf="2022-05-20")
        for n in range(50):
            desk.asserts("RUS", "KAZ", collection=archive, claim_id=an_id(500 + n), occurred=day)
        desk.asserts("CHN", "KAZ", collection=archive, occurred=day)
        work_off()

        # Credibility 4 is worth .35. The step is −.6. The start differs by pair.
        for pair in ("KAZ-RUS", "CHN-KAZ"):
            assert value(pair) == pytest.approx(0.35 * -0.6, abs=0.1)


class TestAnImport:
    def test_lets_a_lens_see_its_collection_once_and_says_its_name(self) -> None:
        first, second = (take_in(gdelt(*days(2, since=since))) for since in (1, 3))
        work_off()

        assert (first.report.lens, second.report.lens) == ("machine-gdelt-1", "")
        assert [one.lens.name for one in latest()] == ["machine-gdelt-1"]
        series = pairs.series(
            "KAZ-RUS", direction="KAZ-RUS", lens="machine-gdelt-1", as_of=moment.now()
        )
        assert series.on(DAY).score.value > 0

    def test_that_adds_nothing_or_is_not_signed_makes_none(self) -> None:
        take_in(gdelt(*days(2)), signed=None)
        taken = take_in(gdelt({"Actor1CountryCode": "", "Actor1Code": ""}))

        assert counts(taken) == {"refused": 1}
        assert latest() == []

    def test_goes_on_where_another_lens_has_the_name(self, desk: Desk) -> None:
        lenses.define_lens(a_lens(name="machine-gdelt-1", view=desk.view), at=AT, by=BY)

        taken = take_in(gdelt({}))

        assert (counts(taken), taken.report.lens) == ({"new": 1}, "")
        kinds = [one.kind for one in log.read(after=0, limit=100)]
        assert kinds[-1] == "ImportRecorded"


class TestCountingACollection:
    def test_defines_a_lens_of_its_own_once(self) -> None:
        notes = sources.describe_collection(a_collection(name="notes"), at=AT, by=BY).stream

        made = lenses.count_collection(notes, at=AT, by=BY)

        [held] = latest()
        assert (held.id, held.lens.name) == (made.stream, "standing-notes")
        assert held.lens.view == View(method="1", collections=(notes,))
        with pytest.raises(Invalid, match="already counts notes"):
            lenses.count_collection(notes, at=AT, by=BY)

    def test_keeps_machine_coded_claims_out_of_a_lens_on_all_curated_ones(
        self, archive: UUID
    ) -> None:
        lenses.define_lens(a_lens(name="all", view=View(method="1")), at=AT, by=BY)

        with pytest.raises(Invalid, match="give it a lens of its own"):
            lenses.count_collection(archive, at=AT, by=BY, lens="all")

    def test_needs_a_collection(self, desk: Desk) -> None:
        with pytest.raises(Invalid, match="there is no collection"):
            lenses.count_collection(desk.source, at=AT, by=BY)
