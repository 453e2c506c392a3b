"""`manage.py export` writes a file and says beside it what it holds."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.kit.background_work import work_off
from tests.kit.builders import BY
from tracker import log

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path, capsys):
    """Export to a file; give what is said."""

    def export(*options: str, name: str = "claims.csv") -> str:
        call_command("export", *options, "--out", str(tmp_path / name))
        return capsys.readouterr().out.strip()

    return export


class TestExport:
    def test_writes_a_file_in_the_format_of_its_name_and_says_its_digest(self, desk, run, tmp_path):
        desk.asserts()
        desk.asserts()

        said = run("claims")

        file = tmp_path / "claims.csv"
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        position = log.head().position
        assert (
            said == f"export: 2 claims as known at position {position} to {file}, sha256={digest}"
        )
        with file.open(encoding="utf-8", newline="") as opened:
            assert len(list(csv.DictReader(opened))) == 2

    def test_says_beside_the_file_what_it_holds(self, desk, run, tmp_path):
        made = desk.asserts()
        position = log.head().position

        run("claims", "--collection", "curated", "--as-of", str(position))

        said = json.loads((tmp_path / "claims.csv.metadata.json").read_text())
        file = (tmp_path / "claims.csv").read_bytes()
        assert (said["file"], said["format"], said["rows"]) == ("claims.csv", "csv", 1)
        assert (said["bytes"], said["sha256"]) == (len(file), hashlib.sha256(file).hexdigest())
        assert (said["log"], said["as_of"]) == (str(log.head().log_id), position)
        assert said["recorded_at"] == made.recorded_at.isoformat().replace("+00:00", "Z")
        assert (said["collection"], said["lenses"]) == ("curated", [])
        assert [one["name"] for one in said["columns"]] == file.decode().splitlines()[0].split(",")
        assert {one["name"]: one.get("unit") for one in said["columns"]}["occurred"] == "EDTF"
        assert any("an apostrophe" in note for note in said["notes"])
        assert said["citation"] == (
            f"Entente, claims of collection curated, as known at position {position} of log"
            f" {said['log']} (recorded {said['recorded_at']}); SHA-256 {said['sha256']}."
        )

    def test_names_the_lenses_and_their_units_beside_scores(self, desk, run, tmp_path):
        desk.asserts()
        work_off()

        run("scores", "--lens", "standing", name="s.ndjson")

        said = json.loads((tmp_path / "s.ndjson.metadata.json").read_text())
        # A day in May 2022, and the first days of the months up to May 2024.
        assert (said["format"], said["lenses"], said["rows"]) == ("ndjson", ["standing@1"], 25)
        assert "−10..10" in {one["name"]: one.get("unit") for one in said["columns"]}["value"]
        assert "under standing@1" in said["citation"]

    def test_leaves_the_old_file_where_it_fails(self, desk, run, tmp_path):
        desk.asserts()
        run("claims")
        before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
        position = desk.asserts("CHN", "KAZ").position

        with pytest.raises(
            CommandError, match=f"nothing was exported: .*not yet position {position}"
        ):
            run("scores", "--as-of", str(position))

        assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (("claims", "--as-of", "9999"), "9999 is not on record"),
            (("claims", "--collection", "nobody"), "no collection on record is called 'nobody'"),
            (("scores", "--lens", "nobody"), "there is no lens 'nobody'"),
            (("events", "--collection", "curated"), "have no filter by collection"),
            (("claims", "--lens", "standing"), "have no filter by lens"),
        ],
    )
    def test_says_what_is_wrong_and_writes_nothing(self, desk, run, options, says, tmp_path):
        with pytest.raises(CommandError, match=says):
            run(*options)

        assert list(tmp_path.iterdir()) == []

    def test_says_where_a_file_cannot_be(self, desk, run):
        with pytest.raises(CommandError, match="No such file or directory"):
            run("claims", name="nowhere/claims.csv")

    def test_writes_to_the_standard_output_and_speaks_beside_it(self, desk, capsys):
        desk.asserts()

        call_command("export", "events")

        out, err = capsys.readouterr()
        assert len(out.splitlines()) == log.head().position
        assert json.loads(out.splitlines()[-1])["recorded_by"] == BY
        assert err.startswith(f"export: {log.head().position} events as known at position")
