"""Further reports of plain claims are followed by parts, which are kept between batches.

The impacts are those of the long way.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.background_work import rows, value, work_off
from tests.kit.builders import (
    AT,
    BY,
    Desk,
    a_citation,
    a_desk,
    a_document,
    a_source,
    an_actor,
    an_id,
    rate,
)
from tests.kit.histories import a_scene, happens, histories, undone
from tests.kit.laws import FEW
from tracker import log
from tracker.domain import events as e
from tracker.domain.events import VerdictGiven
from tracker.operations import actors, claims, links, sources
from tracker.projections import impacts, plain_claims, refreshing
from tracker.projections.audit import audit
from tracker.queries.sql import select

pytestmark = pytest.mark.django_db
TABLES = ("impact", "dependency", "dirty_pair", "quarantine", "cursor")


def the_long_way(body, *, skip_records):
    return plain_claims._with_entry(plain_claims.ReadEvent(body))


def followed(limit: int = impacts.BATCH) -> dict[str, list[str]]:
    """The rows that the followers write, undone again."""
    with undone():
        impacts.follow_all(limit=limit)
        return {
            table: [text for (text,) in select(f"SELECT t::text FROM {table} t ORDER BY 1", [])]  # noqa: S608
            for table in TABLES
        }


@pytest.fixture
def by_parts(monkeypatch):
    """The claims whose reports were followed by parts."""
    seen: list[UUID] = []
    report_plain = impacts.report_plain

    def watched(event, step):
        done = report_plain(event, step)
        if done:
            seen.append(event.body.stream)
        return done

    monkeypatch.setattr(impacts, "report_plain", watched)
    return seen


class Scene(NamedTuple):
    """A desk with a plain claim of a C source, and a document of an A source."""

    desk: Desk
    claim: UUID
    better: UUID

    def report(self, **given) -> None:
        claims.cite(self.claim, a_citation(self.better, **given), at=AT, by=BY)


@pytest.fixture
def scene() -> Scene:
    desk = a_desk()
    better = desk.hears(grade="A")
    return Scene(desk, desk.asserts().stream, better)


def correct(scene: Scene) -> None:
    revised = scene.desk.claim(code="plover-2.0/ASSAULT")
    claims.correct_claim(scene.claim, revised, reason="typo", expected=1, at=AT, by=BY)


def judge(scene: Scene) -> None:
    verdict = VerdictGiven(verdict="false", reason="seen")
    claims.give_verdict(scene.claim, verdict, at=AT, by=BY)


def reject(scene: Scene) -> None:
    review = e.ClaimReviewed(outcome="rejected")
    claims.review_claim(scene.claim, review, at=AT, by=BY)


def link(scene: Scene) -> None:
    other = scene.desk.asserts("CHN", "KAZ").stream
    links.link("part_of", scene.claim, other, at=AT, by=BY)
    same = scene.desk.asserts().stream
    links.link("same_as", scene.claim, same, at=AT, by=BY)


def deny(scene: Scene) -> None:
    document = scene.desk.hears(grade="B")
    citation = a_citation(document, stance="denies")
    claims.cite(scene.claim, citation, at=AT, by=BY)


def grade(scene: Scene) -> None:
    rate(scene.desk.source, "B")


def nothing(_scene: Scene) -> None:
    pass


class TestAReport:
    @pytest.mark.parametrize("limit", [1, 1000])
    @pytest.mark.parametrize("before", [nothing, grade])
    def test_is_followed_by_parts(self, scene, by_parts, monkeypatch, limit, before):
        before(scene)
        scene.report()
        scene.report(chain=(scene.desk.source,), credibility=2, interest="self-serving")

        fast = followed(limit)

        assert by_parts == [scene.claim] * 2
        monkeypatch.setattr(plain_claims, "_read", the_long_way)
        assert followed(limit) == fast

    def test_by_another_root_closes_an_impact_and_opens_one(self, scene, by_parts):
        # Odds of 1.857 and 19 make 35.3: .972, which is above the most, .97.
        scene.report()
        impacts.follow_all()

        assert by_parts == [scene.claim]
        [old, new] = rows("impact", "p, known_from, known_until")
        assert (old[0], new[0]) == (0.65, 0.97)
        assert (old[2], new[2]) == (new[1], None)

    @pytest.mark.parametrize("limit", [1, 1000])
    @pytest.mark.parametrize("change", [correct, judge, reject, link, deny])
    def test_needs_the_long_way_after_other_events(
        self, scene, by_parts, monkeypatch, limit, change: Callable[[Scene], None]
    ):
        change(scene)
        scene.report()

        fast = followed(limit)

        assert scene.claim not in by_parts
        monkeypatch.setattr(plain_claims, "_read", the_long_way)
        assert followed(limit) == fast

    def test_needs_the_long_way_for_a_claim_in_quarantine(self, scene, by_parts, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(plain_claims, "_read", the_long_way)
            broken.setattr(refreshing, "evaluate", _fail)
            impacts.follow_all()
        assert rows("quarantine", "subject") == [(f"claim:{scene.claim}",)]
        scene.report()
        impacts.follow_all()

        assert by_parts == []
        assert rows("quarantine") == []
        assert rows("impact", "p") == [(0.97,)]

    def test_needs_the_long_way_if_its_parts_cannot_be_worked_out(
        self, scene, by_parts, monkeypatch
    ):
        impacts.follow_all()
        scene.report()
        monkeypatch.setattr(plain_claims.Parts, "impacts", _fail)
        impacts.follow_all()

        assert by_parts == []
        assert rows("impact", "p") == [(0.65,), (0.97,)]

    def test_may_cite_a_document_that_begins_in_the_same_batch(self, scene, by_parts):
        impacts.follow_all()
        source = sources.describe_source(a_source(), at=AT, by=BY).stream
        rate(source, "A", since=date(2000, 1, 1))
        document = sources.describe_document(a_document(source), at=AT, by=BY).stream
        claims.cite(scene.claim, a_citation(document), at=AT, by=BY)
        impacts.follow_all()

        assert by_parts == [scene.claim]
        assert rows("impact", "p") == [(0.65,), (0.97,)]


def _fail(*_: object) -> None:
    raise LookupError


class TestEveryHistory:
    @FEW
    @given(histories(longest=12), st.sampled_from((1, 2, 5, 1000)))
    def test_is_followed_as_by_the_long_way(self, steps, limit):
        with undone(), pytest.MonkeyPatch.context() as patch:
            scene = a_scene()
            for step in steps:
                happens(step, scene)
            fast = followed(limit)
            patch.setattr(plain_claims, "_read", the_long_way)
            assert followed(limit) == fast


@pytest.fixture
def made(monkeypatch):
    """How often new parts were made."""
    made = []
    clear = plain_claims.KeptParts.clear

    def watched(self):
        made.append(self._view.id)
        clear(self)

    monkeypatch.setattr(plain_claims.KeptParts, "clear", watched)
    return made


class TestKeptParts:
    def test_serve_the_next_batch(self, desk, made):
        desk.asserts()
        work_off()
        made.clear()
        desk.asserts("CHN", "KAZ")
        work_off()

        assert made == []
        assert audit(at=AT, sample=None) == []

    def test_are_made_anew_if_another_process_followed_meanwhile(self, desk, made):
        desk.asserts()
        work_off()
        old = plain_claims._kept.pop(desk.view.id)
        rate(desk.source, "A")
        desk.asserts("CHN", "KAZ")
        work_off()
        # As if this process had missed the grade.
        plain_claims._kept[desk.view.id] = old
        made.clear()
        desk.asserts("CHN", "RUS")
        work_off()

        assert made == [desk.view.id]
        assert audit(at=AT, sample=None) == []

    def test_are_forgotten_after_a_change_that_another_process_finishes(self, desk, monkeypatch):
        monkeypatch.setattr(impacts, "CHUNK", 1)
        desk.asserts()
        desk.asserts("CHN", "KAZ")
        work_off()
        rate(desk.source, "A")
        impacts.step(desk.view)
        mine = plain_claims._kept.pop(desk.view.id)
        while impacts.step(desk.view):
            pass
        # The first process comes back after the other has finished the event.
        plain_claims._kept[desk.view.id] = mine
        desk.asserts("CHN", "RUS")
        work_off()

        assert audit(at=AT, sample=None) == []

    def test_are_not_kept_if_a_change_is_left_for_the_next_transaction(self, desk, monkeypatch):
        desk.asserts()
        desk.asserts("CHN", "KAZ")
        work_off()
        monkeypatch.setattr(impacts, "CHUNK", 1)
        # The grade concerns three claims, and the claim after it is read together with it.
        desk.asserts("CHN", "RUS")
        rate(desk.source, "A")
        desk.asserts()

        assert impacts.step(desk.view) == 1
        assert desk.view.id not in plain_claims._kept
        work_off()
        assert audit(at=AT, sample=None) == []

    def test_serve_a_block_after_those_of_other_processes(self, desk, made):
        desk.asserts()
        work_off()
        mine = plain_claims._kept.pop(desk.view.id)
        # A record that begins is no change.
        heard = desk.hears(grade=None)
        desk.asserts("CHN", "KAZ")
        work_off()
        plain_claims._kept[desk.view.id] = mine
        made.clear()
        desk.asserts("CHN", "RUS", citations=(a_citation(heard),))
        work_off()

        assert made == []
        assert plain_claims._kept[desk.view.id] is mine
        assert audit(at=AT, sample=None) == []

    def test_look_again_for_what_began_meanwhile(self, desk, made):
        work_off()
        parts = plain_claims.prepare(desk.view, after=0, until=log.head().position)
        assert parts.evaluated == {}
        plain_claims.keep(parts)
        unknown = an_id(77)
        parts.kept._sought.add(str(unknown))
        parts.kept._missing.add(str(unknown))
        actor = an_actor("FRA")
        actors.describe_actor(actor, at=AT, by=BY, actor_id=unknown)
        begun = log.head().position
        desk.countries["FRA"] = unknown
        claim = desk.asserts("FRA", "KAZ").stream
        made.clear()

        later = plain_claims.prepare(desk.view, after=begun, until=log.head().position)

        assert made == []
        [evaluated] = later.evaluated.values()
        assert {one.claim for one in evaluated.impacts} == {claim}

    def test_are_those_of_few_views(self, desk, monkeypatch):
        monkeypatch.setattr(plain_claims, "MOST_VIEWS", 0)
        desk.asserts()
        work_off()

        assert not plain_claims._kept

    def test_are_made_anew_after_many_claims(self, desk, monkeypatch):
        monkeypatch.setattr(plain_claims, "MOST_CLAIMS", 0)
        for ends in (("CHN", "KAZ"), ("CHN", "RUS"), ("KAZ", "RUS")):
            desk.asserts(*ends)
            work_off()

        assert audit(at=AT, sample=None) == []
        assert value("CHN-KAZ") != 0
