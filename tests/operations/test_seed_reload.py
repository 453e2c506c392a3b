"""The seed can be loaded again, taken up where it was cut short, and mended where it is wrong."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.kit.background_work import knots, work_off
from tests.kit.histories import undone
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
        # The next version of a lens is an entry only as long as it is due.
        assert second.on_record == sum(counts.added.values()) - counts.added["lens version"]
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


@pytest.fixture(scope="class")
def without_memberships(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = shutil.copytree(FOLDER, tmp_path_factory.mktemp("files") / "seed")
    (folder / "organisations.yaml").write_text("{}")
    (folder / "memberships.csv").write_text("organisation,country,since,until,status,decided\n")
    with django_db_blocker.unblock(), undone():
        seed.load_seed(at=NOW, folder=folder)
        yield


class TestALogWithoutMemberships:
    """An earlier release described NATO and the Union, without their members."""

    def members(self, key):
        [state] = states.records([seed_id("actor", key)], at=None).values()
        return len(state.actor.memberships)

    def test_gets_the_organisations_and_their_members(self, without_memberships):
        added = seed.load_seed(at=NOW).added

        # Two of the sixty-eight are on record; eight have no list. There are 53 decisions on
        # suspensions.
        assert added == {"actor": 66, "source": 60, "document": 113, "membership list": 60}
        assert (self.members("eu"), self.members("nato"), self.members("un")) == (28, 32, 193)
        assert seed.load_seed(at=NOW).added == {}

    def test_cites_the_decision_on_a_suspension(self, without_memberships):
        seed.load_seed(at=NOW)

        [league] = states.records([seed_id("actor", "arab-league")], at=None).values()
        [document] = [
            one.document
            for one in league.actor.memberships
            if one.country == seed_id("actor", "LBY") and one.status == "suspended"
            if one.document
        ]
        [cited] = states.records([document], at=None).values()
        assert cited.document.title == (
            "Statement of the Council of the League on Libya, 22 February 2011"
        )
        assert cited.document.date == "2011-02-22"

    def test_keeps_a_description_of_the_desk(self, without_memberships):
        own = Actor(kind="organisation", names=(Name(text="The Union"),), code="EU")
        describe_actor(own, actor_id=seed_id("actor", "eu"), at=NOW, by="ann")

        assert seed.load_seed(at=NOW).added["membership list"] == 59
        assert self.members("eu") == 0


@pytest.fixture(scope="class")
def of_an_earlier_release(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = shutil.copytree(FOLDER, tmp_path_factory.mktemp("files") / "seed")
    file = folder / "lenses.yaml"
    text = re.sub("\n  formerly: .*", "", file.read_text(encoding="utf-8"))
    text = re.sub(r"\n  next:.*\n(    .*\n)*", "\n", text)
    named = text.replace('method: "1"', 'method: "1"\n    collections: [curated]')
    file.write_text(named, encoding="utf-8")
    with django_db_blocker.unblock(), undone():
        seed.load_seed(at=NOW, folder=folder)
        yield


class TestALogOfAnEarlierRelease:
    """Its lenses name the collection that the seed has; later ones name none, and still later ones
    are of version 2 of the method."""

    def test_gets_a_version_of_each_lens_that_counts_every_curated_collection(
        self, of_an_earlier_release
    ):
        counts = seed.load_seed(at=NOW)

        assert counts.added == {"lens version": 10}
        assert seed.load_seed(at=NOW).added == {}
        assert {
            (one.version, one.lens.view.method, one.lens.view.collections)
            for one in lenses.latest()
        } == {(3, "2", ())}

    def test_keeps_the_scores_that_it_had_to_the_bit(self, of_an_earlier_release):
        work_off()
        before = log.head().position
        held = {lens: knots(lens=lens) for lens in ("standing", "tone", "standing-others")}

        seed.load_seed(at=NOW)
        work_off()

        assert all(held.values())
        for lens, was in held.items():
            assert knots(lens=f"{lens}@1") == was
            assert knots(lens=f"{lens}@2") == was
            assert knots(lens=lens, as_of=before) == was
        assert lenses.find("standing", position=before).label == "standing@1"
        assert lenses.find("standing", position=log.head().position).label == "standing@3"

    def test_keeps_a_lens_that_people_defined_anew(self, of_an_earlier_release):
        [own] = [one for one in lenses.latest() if one.lens.name == "tone"]
        changed = replace(own.lens, description="Ours.")
        define_lens(changed, at=NOW, by="ada", lens_id=own.id, expected=1)

        assert seed.load_seed(at=NOW).added == {"lens version": 8}
        [kept] = [one for one in lenses.latest() if one.lens.name == "tone"]
        assert kept.lens == changed
