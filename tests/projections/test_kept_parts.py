"""The parts of plain claims that a follower keeps between batches."""

import pytest

from tests.kit.background_work import value, work_off
from tests.kit.builders import AT, BY, a_citation, a_desk, an_actor, an_id, rate
from tracker import log
from tracker.operations import actors
from tracker.projections import impacts, plain_claims
from tracker.projections.audit import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return a_desk()


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

    def test_are_made_anew_after_a_grade_within_a_batch(self, desk):
        desk.asserts()
        rate(desk.source, "A")
        desk.asserts("CHN", "KAZ")
        rate(desk.source, "D")
        desk.asserts("CHN", "RUS")
        work_off()

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
