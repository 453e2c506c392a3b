"""The stand-alone verifier, with files that a site gave."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import cryptography
import pytest
from django.db.models import Q
from django.test import override_settings
from django.utils.timezone import now

from tests.kit.background_work import work_off
from tests.kit.databases import of_owner, working_at
from tests.kit.sites import Site, a_site
from tests.kit.verifier import ALLOWED, TOOL, fetch, kept_by_a_reader, run
from tracker import log
from tracker.models.derived import StandingLink
from tracker.operations import claims, erasing, links, sealing, withholding
from tracker.projections import standing

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def site(seed_template, django_db_blocker) -> Iterator[Site]:
    with django_db_blocker.unblock(), a_site(seed_template) as opened:
        opened.sign()
        yield opened


@pytest.fixture(scope="module")
def files(site: Site, tmp_path_factory) -> SimpleNamespace:
    return kept_by_a_reader(site, tmp_path_factory.mktemp("files"))


class TestAnEvent:
    def test_is_verified_by_files_alone(self, files):
        code, said = run(
            *("event", "events.ndjson", "event.tlog-proof", "--key", files.key), here=files.folder
        )

        assert code == 0, said
        assert f"event {files.position} is in the log" in said

    def test_is_refused_by_name_when_the_download_was_changed(self, files, tmp_path):
        text = (files.folder / "events.ndjson").read_text()
        (tmp_path / "events.ndjson").write_text(text.replace('"recorded_by":"', '"recorded_by":"x'))

        code, said = run(
            *("event", "events.ndjson", files.folder / "event.tlog-proof", "--key", files.key),
            here=tmp_path,
        )

        assert code == 1
        assert said.startswith(f"refused: event: event {files.position} is not what was recorded")

    @pytest.mark.parametrize("line", ["{}", '{"position":true}', ""])
    def test_is_refused_in_a_download_that_is_malformed(self, files, tmp_path, line):
        erased = json.dumps({"position": files.position, "body": None, "leaf_hash": "00"})
        (tmp_path / "events.ndjson").write_text(line and f"{line}\n{erased}\n")
        proof = files.folder / "event.tlog-proof"

        code, said = run("event", "events.ndjson", proof, "--key", files.key, here=tmp_path)
        nowhere = run("event", "nothing.ndjson", proof, "--key", files.key, here=tmp_path)

        assert (code, nowhere[0]) == (1, 2)
        assert said.startswith("refused: malformed: ")
        assert line or said.endswith(f"the download has no event {files.position}\n")
        assert "Traceback" not in said


class TestADownload:
    """Others read the first of two values or lines, or the last."""

    def verify_with(self, files, folder: Path, lines: list[str]) -> tuple[int, str]:
        (folder / "events.ndjson").write_text("".join(f"{one}\n" for one in lines))
        proof = files.folder / "event.tlog-proof"
        return run("event", "events.ndjson", proof, "--key", files.key, here=folder)

    def test_that_says_something_twice_of_an_event_is_refused(self, files, tmp_path):
        twice = files.line.replace('"body":{', '"body":{"forged":true},"body":{')

        code, said = self.verify_with(files, tmp_path, [twice])

        assert (code, said) == (1, "refused: malformed: the key 'body' stands twice\n")

    def test_with_two_lines_of_one_position_is_refused(self, files, tmp_path):
        forged = json.dumps(json.loads(files.line) | {"body": {"forged": True}})
        first = (files.folder / "events.ndjson").read_text().splitlines()[0]

        assert self.verify_with(files, tmp_path, [first, files.line])[0] == 0
        for lines in ([files.line, forged], [first, first, files.line], [files.line, first]):
            code, said = self.verify_with(files, tmp_path, lines)

            assert (code, said.startswith("refused: malformed: position ")) == (1, True), said


# Runs the tool with nothing but the standard library and one folder of packages, and no network.
ALONE = """
import runpy, sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise RuntimeError("the network is not there")
sys.addaudithook(refuse)
sys.path.append(sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(scope="module")
def cited(site, files, tmp_path_factory) -> SimpleNamespace:
    """A score that a reader kept, and a folder that has only `cryptography`."""
    folder = tmp_path_factory.mktemp("cited")
    text = fetch(site, "pairs/KAZ-RUS/scores.proof.json?day=2022-05-24")
    (folder / "scores.proof.json").write_bytes(text)
    packages = folder / "packages"
    packages.mkdir()
    for one in Path(cryptography.__file__).parents[1].iterdir():
        if one.name.split(".")[0] in ALLOWED:
            (packages / one.name).symlink_to(one)
    return SimpleNamespace(folder=folder, packages=packages, key=files.key)


def run_alone(cited: SimpleNamespace, name: str) -> tuple[int, str]:
    words = (str(TOOL), "score", name, "--key", cited.key)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(cited.packages), *words],
        cwd=cited.folder,
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


class TestAScore:
    def test_is_verified_without_site_packages_and_network(self, cited):
        code, said = run_alone(cited, "scores.proof.json")

        assert code == 0, said
        assert said.startswith("KAZ-RUS on 2022-05-24 under standing@")
        assert "it follows from 3 claims by 21 events, which are in the log" in said

    def test_is_refused_by_name_when_it_was_changed(self, cited):
        found = json.loads((cited.folder / "scores.proof.json").read_text())
        was, found["value"] = found["value"], "0.5"
        changed = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (cited.folder / "changed.json").write_text(changed)

        code, said = run_alone(cited, "changed.json")

        assert code == 1
        assert said.startswith(f"refused: score: the events give another value: {was}, not 0.5")

    def test_is_refused_by_name_with_half_a_character(self, cited):
        text = (cited.folder / "scores.proof.json").read_text()
        (cited.folder / "half.json").write_text(text.replace("\\n\\n—", "\\n\\ud800\\n\\n—", 1))

        code, said = run_alone(cited, "half.json")

        assert (code, said.startswith("refused: malformed: ")) == (1, True), said


class TestAnErasedEvent:
    def test_is_named_with_who_had_it_erased(self, site, files, tmp_path):
        download = (files.folder / "events.ndjson").read_text()
        events = map(json.loads, download.splitlines())
        stream = next(one["stream"] for one in events if one["kind"] == "ClaimAsserted")
        folder = override_settings(SEAL_FOLDER=site.environ["SEAL_FOLDER"])
        with working_at(of_owner(site.database)), folder:
            position, at = erase(UUID(stream))
        (tmp_path / "events.ndjson").write_bytes(fetch(site, "log/events.ndjson"))
        for one in (position, at):
            proof = fetch(site, f"log/events/{one}.tlog-proof")
            (tmp_path / f"{one}.tlog-proof").write_bytes(proof)
        words = ("event", "events.ndjson", f"{position}.tlog-proof", "--key", files.key)

        alone = run(*words, here=tmp_path)
        shown = run(*words, "--erasure", f"{at}.tlog-proof", here=tmp_path)

        assert alone[0] == 1
        assert alone[1].startswith(f"refused: erased: event {position} was erased at {at}: add")
        assert shown[0] == 0, shown[1]
        assert f"event {position} was erased at {at}, by ann, by order of: A court" in shown[1]


def erase(claim: UUID) -> tuple[int, int]:
    """Erase a claim; the positions of its first event and of the erasure of that."""
    [first] = log.firsts([claim])
    for one in links_of(claim):
        links.unlink(one.type, one.from_, one.to, reason="no", at=now(), by="ann")
    claims.retract_claim(claim, reason="no", at=now(), by="ann")
    record, entries = withholding.select(first.position, every=True)
    why = {"reason": "An order", "authority": "A court"}
    request = withholding.Withholding(record=record, entries=entries, number=first.position, **why)
    withholding.withhold(request, at=now(), by="ann")
    sealing.seal_next(at=now(), most=10_000)
    work_off()
    erased = erasing.erase(erasing.select(first.position), **why, at=now(), by="ann")
    [at] = [one.position for one in erased if one.content["position"] == first.position]
    erasing.clean_up()
    sealing.seal_next(at=now(), most=10_000)
    return first.position, at


def links_of(claim: UUID):
    ends = Q(from_claim=claim) | Q(to_claim=claim)
    return [standing.load(row) for row in StandingLink.objects.filter(ends, linked=True)]


class TestAReaderWithoutWhatItNeeds:
    @pytest.mark.parametrize(
        ("start", "says"),
        [
            ("", "verify.py needs the package cryptography: pip install cryptography\n"),
            (
                "sys.version_info = (3, 11, 7, 'final', 0)\n",
                "verify.py needs Python 3.12 or newer: run it with python3.12 or later\n",
            ),
        ],
    )
    def test_is_told_so_in_a_sentence(self, start, says):
        code = f"import runpy, sys\n{start}runpy.run_path({str(TOOL)!r}, run_name='__main__')"
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

        assert (done.returncode, done.stderr) == (2, says)

    def test_can_be_read_by_an_older_python(self):
        ast.parse(TOOL.read_text(), feature_version=(3, 10))
