"""Generated rows of GDELT: the same from the same seed, and read by the importer as intended."""

import hashlib
import io
from collections import Counter

import pytest

from benchmarks import gdelt
from benchmarks.gdelt import Counts, lines
from tracker.imports.formats import gdelt as gdelt_format
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.drafts import DraftClaim

TIMES = 4_000


@pytest.fixture(scope="module")
def text() -> bytes:
    return "".join(lines(TIMES, seed=1)).encode()


@pytest.fixture(scope="module")
def results(text: bytes) -> list[DraftClaim | InvalidRow]:
    return list(gdelt_format.GDELT_2.read(io.BytesIO(text)))


@pytest.fixture(scope="module")
def drafts(results) -> list[DraftClaim]:
    return [one for one in results if isinstance(one, DraftClaim)]


class TestLines:
    def test_are_the_same_in_every_version(self):
        """Figures of different months can be compared only if the rows are the same."""
        made = hashlib.sha256("".join(lines(500, seed=1)).encode()).hexdigest()

        assert made == "23456710eace52a6480ce261d7c9df9210181a08cb8a9f132c27d60c6432eb70"


class TestImportedRows:
    def test_are_claims_except_invalid_ones(self, results, drafts):
        made = Counts()
        for _ in lines(TIMES, seed=1, made=made):
            pass

        refused = [one for one in results if isinstance(one, InvalidRow)]
        assert (made.new, made.repeated, made.bad) == (3_760, 200, 40)
        assert len(refused) == made.bad
        assert [one.line for one in refused] == [51 + 100 * n for n in range(40)]
        assert len(drafts) == made.new + made.repeated

    def test_have_the_class_and_the_value_of_their_code(self, drafts):
        assert not [remark for one in drafts for remark in one.remarks]


class TestDensity:
    def test_causes_no_repeats_by_chance(self, monkeypatch):
        """Some 270 rows a day, as of a million over ten years."""
        monkeypatch.setattr(gdelt, "DAYS", 30)
        dense = lines(8_000, seed=1)
        found = gdelt_format.GDELT_2.read(io.BytesIO("".join(dense).encode()))
        times = Counter(one.key for one in found if isinstance(one, DraftClaim))

        assert sum(times.values()) - len(times) == 400
