"""A lens that names no collection counts every curated one, from its first claim on."""

from uuid import UUID

import pytest

from tests.kit.background_work import digests, rows, value, work_off
from tests.kit.builders import AT, BY, Desk, a_collection, a_desk, a_lens, an_id
from tracker import log
from tracker.domain.lenses import View
from tracker.operations import lenses, links, sources
from tracker.projections import impacts
from tracker.projections.audit import audit
from tracker.projections.rebuild import rebuild

pytestmark = pytest.mark.django_db
LENS = "all-curated"


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    lenses.define_lens(a_lens(name=LENS, view=View(method="1")), at=AT, by=BY)
    work_off()
    return desk


def describe(coding: str, *, collection: UUID | None = None) -> UUID:
    made = a_collection(name="notes", coding=coding)
    return sources.describe_collection(made, at=AT, by=BY, collection_id=collection).stream


def moved(*, as_of: int | None = None) -> float:
    return round(value(lens=LENS, as_of=as_of), 9)


class TestEveryCuratedCollection:
    def test_counts_though_it_came_after_the_lens(self, desk: Desk) -> None:
        notes = describe("curated")
        desk.asserts("RUS", "KAZ", collection=notes)
        work_off()

        assert moved() < 0
        assert value(lens="standing") == 0

    def test_counts_as_one_that_is_named(self, desk: Desk) -> None:
        desk.asserts("RUS", "KAZ")
        work_off()

        assert value(lens=LENS).hex() == value(lens="standing").hex()

    def test_is_taken_in_with_its_first_claim_in_one_go(self, desk: Desk) -> None:
        notes = describe("curated")
        for number in range(3):
            desk.asserts("RUS", "KAZ", collection=notes, claim_id=an_id(500 + number))
        impacts.follow_all()

        views = {view for (view,) in rows("impact", "view")}
        assert views == {View(method="1").id}


class TestAMachineCodedCollection:
    def test_counts_nowhere_else_than_in_lenses_that_name_it(self, desk: Desk) -> None:
        desk.asserts("RUS", "KAZ", collection=describe("machine"))
        work_off()

        assert moved() == 0
        assert rows("dependency", "view") == []

    def test_counts_from_the_position_on_at_which_people_take_it_over(self, desk: Desk) -> None:
        notes = describe("machine")
        for number in range(3):
            desk.asserts("RUS", "KAZ", collection=notes, claim_id=an_id(500 + number))
        work_off()
        before = log.head().position
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(impacts, "CHUNK", 1)
            describe("curated", collection=notes)
            work_off()

        assert (moved(as_of=before), moved() < 0) == (0, True)
        assert len(rows("impact")) == 3
        assert audit(at=AT, sample=None) == []

    def test_counts_no_more_once_it_is_described_as_one(self, desk: Desk) -> None:
        notes = describe("curated")
        desk.asserts("RUS", "KAZ", collection=notes)
        work_off()
        before = log.head().position

        describe("machine", collection=notes)
        work_off()

        assert (moved(as_of=before) < 0, moved()) == (True, 0)
        assert audit(at=AT, sample=None) == []

    def test_is_rebuilt_to_the_same_bytes_whatever_it_was_in_between(self, desk: Desk) -> None:
        notes = describe("machine")
        one = desk.asserts("RUS", "KAZ", collection=notes).stream
        describe("curated", collection=notes)
        other = desk.asserts("KAZ", "RUS", collection=notes).stream
        describe("machine", collection=notes)
        links.link("same_as", desk.asserts("KAZ", "RUS").stream, other, at=AT, by=BY)
        desk.asserts("RUS", "KAZ", collection=notes)
        describe("curated", collection=notes)
        links.link("part_of", one, other, at=AT, by=BY)
        work_off()
        before = digests()

        rebuild(today=AT.date(), report=lambda *_: None)

        assert digests() == before
        assert audit(at=AT, sample=None) == []
