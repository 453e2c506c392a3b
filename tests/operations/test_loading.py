"""The seed can be loaded again, taken up where it was cut short, and mended where it is wrong."""

import shutil
from datetime import UTC, datetime

import pytest

from tests.operations.article import claim_id
from tracker import log
from tracker.operations import claims, links, seed
from tracker.operations.seedfiles import FOLDER, BadSeed

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
    def test_counts_what_it_adds_and_tells_how_far_it_is(self):
        told = []
        counts = seed.load_seed(at=NOW, progress=lambda *step: told.append(step))

        assert counts.on_record == 0
        assert sum(counts.added.values()) == len(told) == log.head().position
        assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
        assert {total for _, total, _ in told} == {len(told)}
        assert (told[0][2], told[-1][2]) == ("collection curated", "lens standing-others")

    def test_signs_with_a_name_of_its_own(self):
        seed.load_seed(at=NOW)

        assert {one.recorded_by for one in log.read(after=0, limit=1000)} == {"system:seed"}

    def test_adds_nothing_the_second_time(self):
        first = seed.load_seed(at=NOW)
        before = log.head()
        second = seed.load_seed(at=NOW)

        assert second.added == {}
        assert second.on_record == sum(first.added.values())
        assert log.head() == before


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


class TestLoadingAgain:
    def test_undoes_nothing_that_people_did(self):
        seed.load_seed(at=NOW)
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
