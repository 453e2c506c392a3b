"""Lenses that come late: a new view takes in the whole log, a new version scores every pair.

A lens that names no collection counts every curated one, from its first claim on.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.kit.background_work import rows, value, work_off
from tests.kit.builders import AT, BY, Desk, a_citation, a_collection, a_desk, a_lens, an_id, rate
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.lenses import Bloc, View
from tracker.domain.scoring.moments import Knot
from tracker.log import Recorded
from tracker.operations import claims, lenses, links, sources
from tracker.projections import impacts
from tracker.projections.audit import audit
from tracker.queries import progress
from tracker.queries.evidence.refold import refold
from tracker.queries.scores import knots
from tracker.queries.scores import lenses as known
from workers.sweeper import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """Three pairs with claims of two sources, one of them Russian, some of which did not stay."""
    desk = a_desk()
    russian = desk.hears(grade="D", country=desk.countries["RUS"], ownership="state")
    for ends in (("RUS", "KAZ"), ("KAZ", "RUS"), ("CHN", "RUS"), ("CHN", "KAZ")):
        desk.asserts(*ends)
        cited = (a_citation(russian),)
        for day in ("2022-03-04", "[2022-03-21..2022-03-31]"):
            desk.asserts(*ends, citations=cited, occurred=Occurred(edtf=day))
    span = Occurred(edtf="2022-04-01/2022-05-20")
    situation = desk.asserts(citations=(a_citation(russian),), occurred=span, kind="situation")
    gone = desk.asserts(citations=(a_citation(russian),))
    claims.retract_claim(gone.stream, reason="no", at=AT, by=BY)
    links.link("same_as", gone.stream, situation.stream, at=AT, by=BY)
    return desk


def by_bloc(desk: Desk, **given: Any) -> Recorded:
    """Define a lens on the roots in Russia, which looks through a view of its own."""
    bloc = Bloc(countries=(desk.countries["RUS"],))
    view = View(method="1", collections=(desk.collection,), bloc=bloc)
    return lenses.define_lens(a_lens(**{"name": "russian", "view": view, **given}), at=AT, by=BY)


def series(label: str) -> Iterator[tuple[str, list[Knot] | None, list[Knot]]]:
    """Each direction of each pair under a lens: what is on record, and a fold of the log alone."""
    position = log.head().position
    lens = known.find(label, position=position)
    anew = refold(lens.lens.view, position=position)
    for pair in sorted(anew.impacts):
        for direction, folded in anew.knots(lens, pair).items():
            held = knots.stored_knots(lens, pair, direction)
            yield direction, held[1] if held else None, folded


def bits(knot: Knot) -> tuple[object, ...]:
    return knot.day, [one.hex() for one in knot.moments], knot.claims, knot.roots, knot.newest


class TestANewLens:
    @pytest.mark.parametrize("model", ["standing", "tone"])
    def test_has_the_scores_of_a_fold_of_the_log_alone(self, desk: Desk, model: str) -> None:
        sweep(at=AT)

        by_bloc(desk, name=f"{model}.ru", model=model, parameters=defaults(model))
        sweep(at=AT)

        found = list(series(f"{model}.ru"))
        assert len(found) == (3 if model == "standing" else 9)
        for direction, held, folded in found:
            assert held is not None, direction
            assert [*map(bits, held)] == [*map(bits, folded)], direction
        assert sum(len(folded) for _, _, folded in found) > 50

    def test_goes_on_like_any_other(self, desk: Desk) -> None:
        by_bloc(desk)
        sweep(at=AT)

        rate(desk.source, "A", since=date(2019, 1, 1))
        desk.asserts("KAZ", "RUS", occurred=Occurred(edtf="2022-02-24"))
        sweep(at=AT)

        assert all(held == folded for _, held, folded in series("russian"))

    def test_is_not_scored_before_its_view_has_caught_up(self, desk: Desk) -> None:
        sweep(at=AT)
        begun = by_bloc(desk).position
        view = next(one for one in known.views().values() if one.bloc)

        while impacts.step(view, limit=3, until=begun - 1):
            assert rows("dirty_pair", "view").count((view.id,)) == 0
        impacts.step(view, limit=1)

        assert rows("impact", "view").count((view.id,)) > 8
        assert rows("dirty_pair", "view").count((view.id,)) == 3

    def test_holds_up_none_of_the_others(self, desk: Desk, monkeypatch) -> None:
        monkeypatch.setattr(impacts, "ROUND_SECONDS", 0)
        sweep(at=AT)
        by_bloc(desk)
        desk.asserts()

        impacts.follow_all(limit=2, most=2)

        head = log.head().position
        found = {one.position: one for one in progress.followers()}
        assert {*found} == {2, head}
        assert (found[head].lag, found[2].lag, found[2].late) == (0, head - 2, 1)


class TestANewVersion:
    def test_scores_every_pair_anew_and_leaves_nothing_of_the_old_one(self, desk: Desk) -> None:
        sweep(at=AT)
        changed = {**defaults("standing"), "drift": "0.1"}

        lens = a_lens(view=desk.view, parameters=changed, sectors=("government",))
        lenses.define_lens(lens, at=AT, by=BY, lens_id=desk.lenses["standing"], expected=1)
        sweep(at=AT)

        found = list(series("standing"))
        assert len(found) == 3
        assert all(held == folded for _, held, folded in found)
        versions = rows("scored", "lens, lens_version")
        own = [version for lens, version in versions if lens == desk.lenses["standing"]]
        assert own == [2, 2, 2]

    def test_that_looks_elsewhere_is_scored_there(self, desk: Desk) -> None:
        sweep(at=AT)
        bloc = Bloc(countries=(desk.countries["RUS"],), rule="except")
        view = View(method="1", collections=(desk.collection,), bloc=bloc)

        lenses.define_lens(
            a_lens(view=view), at=AT, by=BY, lens_id=desk.lenses["standing"], expected=1
        )
        sweep(at=AT)

        found = list(series("standing"))
        assert all(held == folded for _, held, folded in found)
        # One claim in each of four directions is not from Russia.
        claims = [(pair, folded[-1].claims) for pair, _, folded in found if folded]
        assert claims == [("CHN-KAZ", 1), ("CHN-RUS", 1), ("KAZ-RUS", 2)]


def defaults(model: str) -> Any:
    return a_lens(model).parameters


LENS = "all-curated"


@pytest.fixture
def curated() -> Desk:
    curated = a_desk()
    lenses.define_lens(a_lens(name=LENS, view=View(method="1")), at=AT, by=BY)
    work_off()
    return curated


def describe_notes(coding: str, *, collection: UUID | None = None) -> UUID:
    made = a_collection(name="notes", coding=coding)
    return sources.describe_collection(made, at=AT, by=BY, collection_id=collection).stream


def moved(*, as_of: int | None = None) -> float:
    return round(value(lens=LENS, as_of=as_of), 9)


class TestEveryCuratedCollection:
    def test_counts_though_it_came_after_the_lens(self, curated: Desk) -> None:
        notes = describe_notes("curated")
        curated.asserts("RUS", "KAZ", collection=notes)
        work_off()

        assert moved() < 0
        assert value(lens="standing") == pytest.approx(0, abs=1e-9)


class TestAMachineCodedCollection:
    def test_counts_nowhere_else_than_in_lenses_that_name_it(self, curated: Desk) -> None:
        curated.asserts("RUS", "KAZ", collection=describe_notes("machine"))
        work_off()

        assert moved() == 0
        assert rows("dependency", "view") == []

    def test_counts_from_the_position_on_at_which_people_take_it_over(self, curated: Desk) -> None:
        notes = describe_notes("machine")
        for number in range(3):
            curated.asserts("RUS", "KAZ", collection=notes, claim_id=an_id(500 + number))
        work_off()
        before = log.head().position
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(impacts, "CHUNK", 1)
            describe_notes("curated", collection=notes)
            work_off()

        assert (moved(as_of=before), moved() < 0) == (0, True)
        assert len(rows("impact")) == 3
        assert audit(at=AT, sample=None) == []

    def test_counts_no_more_once_it_is_described_as_one(self, curated: Desk) -> None:
        notes = describe_notes("curated")
        curated.asserts("RUS", "KAZ", collection=notes)
        work_off()
        before = log.head().position

        describe_notes("machine", collection=notes)
        work_off()

        assert (moved(as_of=before) < 0, moved()) == (True, 0)
        assert audit(at=AT, sample=None) == []
