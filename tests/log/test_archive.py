"""The truth in one file: it makes the same log in another database, or none."""

import hashlib
import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import ProgrammingError

from tests.kit.databases import a_clone, working_in
from tests.kit.log_entries import a_draft, append, ask, run, say
from tests.log.test_runs import in_runs
from tracker import log
from tracker.log import archive, integrity, seal
from tracker.log.archive import NotTaken
from tracker.queries import guards


def told() -> list[str]:
    """Everything that the tables of the truth say."""
    tables = [table for table in archive.TABLES if table != "log_head"]
    rows = [repr(row) for table in tables for row in ask(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608
    return [*rows, *map(repr, ask("SELECT log_id, position, last_recorded_at FROM log_head"))]


@pytest.fixture(scope="module")
def log_of_five(template, django_db_blocker) -> Iterator[str]:
    """A database with rows, a run, words and a tree."""
    with django_db_blocker.unblock(), a_clone(template) as name:
        with working_in(name):
            say("why")
            in_runs(a_draft(), a_draft(), a_draft())
            append()
            seal.extend(most=9)
        yield name


@pytest.fixture(scope="module")
def untouched(template, log_of_five) -> Iterator[str]:
    """An empty database that stays empty."""
    with a_clone(template) as name:
        yield name


@pytest.fixture
def empty(template, log_of_five) -> Iterator[str]:
    with a_clone(template) as name:
        yield name


@pytest.fixture(scope="module")
def export(log_of_five, tmp_path_factory) -> Path:
    """An export of the log of five events."""
    path = tmp_path_factory.mktemp("export") / "log.zip"
    with working_in(log_of_five):
        archive.export(path)
    return path


@pytest.fixture
def file(export, tmp_path: Path) -> Path:
    """A copy of the export."""
    return Path(shutil.copy(export, tmp_path))


def change(file: Path, name: str, edit: Callable[[bytes], bytes | None]) -> None:
    """Change a part of an export; None leaves it out."""
    with ZipFile(file) as one:
        parts = {part: one.read(part) for part in one.namelist()}
    with ZipFile(file, "w") as other:
        for part, content in parts.items():
            edited = edit(content) if part == name else content
            if edited is not None:
                other.writestr(part, edited)


def forged(file: Path, table: str, edit: Callable[[bytes], bytes]) -> Path:
    """Change a table of an export, and its digest."""
    with ZipFile(file) as one:
        old, manifest = one.read(table), json.loads(one.read("manifest.json"))
    new = edit(old)
    assert new != old
    manifest["tables"][table]["sha256"] = hashlib.sha256(new).hexdigest()
    change(file, table, lambda _: new)
    change(file, "manifest.json", lambda _: json.dumps(manifest).encode())
    return file


class TestAnExport:
    def test_makes_the_same_log_in_another_database(self, log_of_five, empty, file):
        with working_in(log_of_five):
            before, incarnation = told(), log.incarnation()
        with working_in(empty):
            taken = archive.take(file)

            assert (taken.position, log.head().position) == (5, 5)
            assert told() == before
            assert log.incarnation() != incarnation
            assert integrity.damage(after=0, limit=9) == (5, [])

            assert guards.missing() == []

            in_runs(a_draft(), a_draft())
            seal.extend(most=9)

            assert log.head().position == seal.size() == 7
            assert integrity.damage(after=0, limit=9) == (7, [])
            assert [*integrity.gaps()] == []

    def test_replaces_no_file(self, log_of_five, tmp_path):
        (tmp_path / "log.zip").write_text("mine")
        with working_in(log_of_five), pytest.raises(FileExistsError):
            archive.export(tmp_path / "log.zip")
        assert (tmp_path / "log.zip").read_text() == "mine"

    def test_leaves_no_part_of_a_file(self, log_of_five, tmp_path):
        with working_in(log_of_five):
            run("ALTER TABLE seal_head RENAME TO away")
            with pytest.raises(ProgrammingError):
                archive.export(tmp_path / "log.zip")
            run("ALTER TABLE away RENAME TO seal_head")
        assert [*tmp_path.iterdir()] == []


class TestNothingIsTaken:
    def test_into_a_log(self, log_of_five, file):
        with working_in(log_of_five), pytest.raises(NotTaken, match="has a log already"):
            archive.take(file)

    @pytest.mark.parametrize(
        ("part", "edit", "says"),
        [
            ("event", lambda told: told.replace(b"company", b"country"), "event in the file is"),
            ("event", lambda told: None, "not a whole export"),
            ("manifest.json", lambda told: b"[]", "not an export"),
            ("manifest.json", lambda told: b"{", "not an export"),
            ("manifest.json", lambda told: None, "not a whole export"),
            ("manifest.json", lambda told: told.replace(b"log/1", b"log/2"), "in the form"),
            ("manifest.json", lambda told: told.replace(b'"body"', b'"bodies"'), "does not know"),
            (
                "manifest.json",
                lambda told: told.replace(b'"position": 5', b'"position": 6'),
                "head",
            ),
        ],
    )
    def test_of_a_file_that_was_changed(self, untouched, file, part, edit, says):
        change(file, part, edit)

        self.refuses(untouched, file, says)

    @pytest.mark.parametrize("told", [b"1\t2\n", b"x\t1\n", b"\xff"])
    def test_of_rows_that_are_none(self, untouched, file, told):
        self.refuses(untouched, forged(file, "seal_head", lambda _: told), "not a whole export")

    def test_of_another_file(self, untouched, file):
        file.write_text("position,stream")

        self.refuses(untouched, file, "not a whole export")

    @pytest.mark.parametrize(
        ("table", "edit", "says"),
        [
            ("event", lambda told: told.replace(b"\tann\t", b"\tbob\t"), "not what was recorded"),
            ("event", lambda told: told[: told.rindex(b"\n", 0, -1) + 1], "up to position 4"),
            ("event_run_text", lambda _: b"", "position 2 is missing"),
            ("seal_head", lambda told: told.replace(b"\t5\t", b"\t4\t"), "another width"),
            ("seal_checkpoint", lambda _: b"4\tnote\tkey\t2024-05-01 12:00:00+00\n", "checkpoint"),
        ],
    )
    def test_of_a_log_that_was_harmed(self, untouched, file, table, edit, says):
        self.refuses(untouched, forged(file, table, edit), says)

    def refuses(self, database: str, file: Path, says: str) -> None:
        with working_in(database):
            before = told()
            with pytest.raises(NotTaken, match=says):
                archive.take(file)
            assert told() == before
            assert guards.missing() == []


def test_a_manifest_says_what_is_in_the_file(file):
    with ZipFile(file) as one:
        manifest = json.loads(one.read("manifest.json"))
        assert {*one.namelist()} == {*archive.TABLES, "manifest.json"}
    assert (manifest["format"], manifest["position"]) == ("entente-log/1", 5)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "incarnation" not in manifest["tables"]["log_head"]["columns"]
