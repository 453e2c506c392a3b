"""Generated rows of GDELT: the same from the same seed, and read by the importer as intended."""

import hashlib
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import gdelt
from benchmarks.gdelt import Counts, lines
from tests.kit.processes import CHECKOUT
from tracker.imports.formats import gdelt as gdelt_format
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.drafts import DraftClaim
from tracker.imports.formats.recognise import format_of_head

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
    def test_are_the_same_from_the_same_seed_in_any_process(self, text: bytes, tmp_path: Path):
        file = tmp_path / "made.csv"

        command = [sys.executable, "-m", "benchmarks.gdelt", str(TIMES), str(file), "--seed", "1"]
        done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)

        assert hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(text).digest()
        assert "".join(lines(TIMES, seed=2)).encode() != text
        assert f"rows={TIMES} new=3760 repeated=200 bad=40 bytes={len(text)}" in done.stdout

    def test_are_the_same_in_every_version(self):
        """Figures of different months can be compared only if the rows are the same."""
        made = hashlib.sha256("".join(lines(500, seed=1)).encode()).hexdigest()

        assert made == "23456710eace52a6480ce261d7c9df9210181a08cb8a9f132c27d60c6432eb70"

    def test_are_known_for_what_they_are(self, text: bytes):
        assert format_of_head(text[: 1 << 16]).name == "gdelt-2"

    def test_have_61_columns_except_invalid_ones(self, text: bytes):
        widths = Counter(line.count(b"\t") + 1 for line in text.splitlines())

        assert widths == {61: TIMES - 16, 62: 8, 40: 8}

    def test_are_added_from_the_first_day_to_the_last_of_ten_years(self, text: bytes):
        added = [line.split(b"\t")[-2][:8] for line in text.splitlines() if line.count(b"\t") == 60]

        assert (added[0], added[-1]) == (b"20150218", b"20250217")
        assert added == sorted(added)


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

    def test_names_five_reasons_why_rows_are_bad(self, results):
        reasons = Counter(one.column for one in results if isinstance(one, InvalidRow))

        assert reasons == {"": 16, "SQLDATE": 8, "Actor1CountryCode": 8, "EventCode": 8}

    def test_are_one_event_if_repeated(self, drafts):
        times = Counter(one.key for one in drafts)

        assert len(times) == 3_760
        assert sum(times.values()) - len(times) == 200

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
