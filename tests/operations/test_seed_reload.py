"""The seed can be loaded again, taken up where it was cut short, and mended where it is wrong."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.kit.seeded import claim_id, put_seed_on_record
from tracker import log
from tracker.domain.records import Actor, Name
from tracker.operations import claims, links, seed
from tracker.operations.actors import describe_actor
from tracker.operations.lenses import define_lens
from tracker.operations.seed_files import FOLDER, BadSeed, seed_id
from tracker.queries.records import states
from tracker.queries.scores import lenses

pytestmark = pytest.mark.django_db

NOW = datetime(2022, 5, 25, tzinfo=UTC)


class Cut(Exception):
    """The run was cut short."""


def cut_after(step: str):
    def progress(_done: int, _total: int, what: str) -> None:
        if what == step:
            raise Cut

    return progress


def kinds(row: int) -> list[str]:
    return [one.kind for one in log.history([claim_id(row)])]


def members(key: str) -> int:
    [state] = states.records([seed_id("actor", key)], at=None).values()
    return len(state.actor.memberships)


class TestLoading:
    def test_counts_what_it_adds_tells_how_far_it_is_and_adds_nothing_the_second_time(self):
        told = []
        counts = seed.load_seed(at=NOW, progress=lambda *step: told.append(step))

        assert counts.on_record == 0
        assert sum(counts.added.values()) == len(told) == log.head().position
        assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
        assert {total for _, total, _ in told} == {len(told)}
        assert (told[0][2], told[-1][2]) == ("collection curated", "actor aiib")
        # It signs with a name of its own.
        assert {one.recorded_by for one in log.read(after=0, limit=1000)} == {"system:seed"}

        before = log.head()
        second = seed.load_seed(at=NOW)
        assert second.added == {}
        assert second.on_record == sum(counts.added.values())
        assert log.head() == before


class TestTheCopyForTests:
    def test_has_the_events_that_are_loaded(self, seed_log):
        put_seed_on_record(NOW)

        copied = log.read(after=0, limit=10_000)

        assert [one.entry() for one in copied] == [one.entry() for one in seed_log]
        assert log.head().position == len(seed_log)


@pytest.mark.long
class TestARunThatWasCutShort:
    def test_is_taken_up_where_it_ended(self):
        with pytest.raises(Cut):
            seed.load_seed(at=NOW, progress=cut_after("claim 36"))
        there = log.head().position
        counts = seed.load_seed(at=NOW)

        assert counts.on_record == there
        assert kinds(36) == ["ClaimAsserted", "ClaimCorrected"]
        assert log.head().position == there + sum(counts.added.values())
        assert seed.load_seed(at=NOW).added == {}

    def test_leaves_what_people_did_meanwhile(self):
        with pytest.raises(Cut):
            seed.load_seed(at=NOW, progress=cut_after("claim 36"))
        claims.retract_claim(claim_id(36), reason="a slip", at=NOW, by="ada")
        seed.load_seed(at=NOW)

        assert kinds(36) == ["ClaimAsserted", "ClaimRetracted"]

    def test_leaves_an_organisation_and_a_lens_that_people_described_anew(self):
        with pytest.raises(Cut):
            seed.load_seed(at=NOW, progress=cut_after("lens tone"))
        [own] = [one for one in lenses.latest() if one.lens.name == "tone"]
        changed = replace(own.lens, description="Ours.")
        define_lens(changed, at=NOW, by="ada", lens_id=own.id, expected=1)
        union = Actor(kind="organisation", names=(Name(text="The Union"),), code="EU")
        describe_actor(union, actor_id=seed_id("actor", "eu"), at=NOW, by="ann")
        counts = seed.load_seed(at=NOW)

        [kept] = [one for one in lenses.latest() if one.lens.name == "tone"]
        assert kept.lens == changed
        [state] = states.records([seed_id("actor", "eu")], at=None).values()
        assert state.actor == union
        assert counts.added["membership list"] == 59


class TestMemberships:
    def test_of_organisations_cite_their_lists_and_the_decisions_on_suspensions(self):
        put_seed_on_record(NOW)

        assert [members(key) for key in ("eu", "nato", "un")] == [28, 32, 193]
        [league] = states.records([seed_id("actor", "arab-league")], at=None).values()
        [document] = [
            one.document
            for one in league.actor.memberships
            if one.country == seed_id("actor", "LBY") and one.status == "suspended"
            if one.document
        ]
        [cited] = states.records([document], at=None).values()
        assert (cited.document.title, cited.document.date) == (
            "Statement of the Council of the League on Libya, 22 February 2011",
            "2011-02-22",
        )


@pytest.mark.long
class TestLoadingAgain:
    def test_undoes_nothing_that_people_did(self):
        put_seed_on_record(NOW)
        links.unlink("causes", claim_id(3), claim_id(5), reason="only after it", at=NOW, by="ada")
        claims.retract_claim(claim_id(3), reason="contested", at=NOW, by="ada")
        before = log.head()

        assert seed.load_seed(at=NOW).added == {}
        assert log.head() == before


class TestAMistakeThatOnlyTheOperationsFind:
    def test_names_file_entry_and_field(self, tmp_path):
        folder = shutil.copytree(FOLDER, tmp_path / "seed")
        file = folder / "claims.yaml"
        wrong = file.read_text().replace("plover-2.0/CONSULT/visit", "plover-2.0/CONSULT/dinner")
        file.write_text(wrong)

        with pytest.raises(BadSeed, match=r"claims\.yaml, entry 11, code: .*no mode 'dinner'"):
            seed.load_seed(at=NOW, folder=folder)
