"""The stand-alone verifier, with files that a site gave, and as it follows a log: across
checkpoints, witnesses, histories, a reopening."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen
from uuid import UUID

import cryptography
import pytest
from django.db.models import Q
from django.test import override_settings
from django.utils.timezone import now

from tests.kit.background_work import work_off
from tests.kit.builders import AT
from tests.kit.databases import of_owner, working_at
from tests.kit.log_entries import append
from tests.kit.sites import Site, a_site
from tests.kit.verifier import ALLOWED, TOOL, fetch, kept_by_a_reader, run
from tests.kit.witnesses import AnyLog, a_witness
from tools import verify
from tracker import log
from tracker.domain.proofs import notes
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey
from tracker.models.derived import StandingLink
from tracker.models.seals import SealedCheckpoint
from tracker.operations import claims, erasing, links, seal_keys, sealing, withholding
from tracker.projections import standing

pytestmark = pytest.mark.faults
# Two histories of a log, of which a witness signs one.
LOG = SigningKey.generate("news.example/log/1")
GOOD, FORK = AnyLog(LOG, "abcde"), AnyLog(LOG, "abxde")


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


@pytest.fixture(scope="module")
def forks(tmp_path_factory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("forks")
    with a_witness(folder, LOG.verifier) as witness:
        signature = witness.ask(GOOD.request(0))[2]
        good = GOOD.serve(folder / "good", more=signature)
        fork = FORK.serve(folder / "fork")
        with good as good_url, fork as fork_url:
            yield SimpleNamespace(good=good_url, fork=fork_url, witness=witness.key)


class TestWitnesses:
    """Of two histories that two readers get."""

    def follow(self, site: str, *words: object, here: Path) -> tuple[int, str]:
        return run(*("log", site, "--key", LOG.verifier, "--state", "last", *words), here=here)

    def test_let_the_history_through_that_they_signed(self, forks, tmp_path):
        code, said = self.follow(forks.good, "--witness", forks.witness, here=tmp_path)

        assert code == 0, said
        assert f"signed by the witness {forks.witness.name} at 20" in said

    def test_refuse_the_other_by_name(self, forks, tmp_path):
        code, said = self.follow(forks.fork, "--witness", forks.witness, here=tmp_path)

        assert code == 1
        assert said == "refused: witnesses: 0 of your witnesses signed this, not 1\n"
        assert not (tmp_path / "last").exists()
        assert self.follow(forks.fork, here=tmp_path)[0] == 0

    def test_may_be_fewer_than_all(self, forks, tmp_path):
        other = SigningKey.generate("third.example/w", KeyType.WITNESS).verifier
        words = ("--witness", forks.witness, "--witness", other)

        assert self.follow(forks.good, *words, here=tmp_path)[0] == 1
        code, said = self.follow(forks.good, *words, "--quorum", 1, here=tmp_path)
        assert code == 0
        assert "warning: 1 of 2 witnesses can sign one history, and 1 others another" in said

    def test_have_keys_of_witnesses(self, forks, tmp_path):
        code, said = self.follow(forks.good, "--witness", LOG.verifier, here=tmp_path)

        assert (code, "not one of a witness" in said) == (1, True)


class TestALog:
    def test_is_followed_from_checkpoint_to_checkpoint(self, site, files, tmp_path):
        first = run("log", site.url, "--key", files.key, "--state", "last", here=tmp_path)
        with_more(site)
        then = run("log", site.url, "--key", files.key, "--state", "last", here=tmp_path)

        assert first[0] == then[0] == 0, first[1] + then[1]
        assert "there is none to compare it with yet" in first[1]
        assert "the log continues the one with" in then[1]

    def test_that_was_cut_is_refused_by_name(self, site, files, tmp_path):
        run("log", site.url, "--key", files.key, "--state", "last", here=tmp_path)
        key = notes.parse_signing_key((Path(site.environ["SEAL_FOLDER"]) / "key").read_text())
        origin, size, _ = verify.verify_checkpoint(
            (tmp_path / "last").read_text(), [key.verifier]
        ).checkpoint
        for later in (size + 1, size):
            text = Checkpoint(origin, later, bytes(32)).text()
            (tmp_path / "last").write_text(notes.write(text, [key.sign(text)]))

            code, said = run("log", site.url, "--key", files.key, "--state", "last", here=tmp_path)

            assert (code, said.startswith("refused: consistency:")) == (1, True), said

    def test_continues_a_text_that_has_a_timestamp(self, forks, tmp_path):
        """Which has no signature: the timestamp is about it."""
        wanted = (GOOD.checkpoint(4), 0, "the log continues the one with 4 events")
        other = (FORK.checkpoint(4), 1, "refused: consistency: ")
        later = (GOOD.checkpoint()._replace(size=9), 1, "refused: consistency: ")
        signed = (GOOD.note(4), 1, "refused: malformed: ")
        for earlier, status, says in (wanted, other, later, signed):
            text = earlier if isinstance(earlier, str) else earlier.text()
            (tmp_path / "4.txt").write_text(text)

            words = ("log", forks.good, "--key", LOG.verifier, "--continues", "4.txt")
            code, said = run(*words, here=tmp_path)

            assert (code, said.startswith(says)) == (status, True), said
        assert [one.name for one in tmp_path.iterdir()] == ["4.txt"]

    def test_that_is_not_reached_cannot_be_verified(self, files, tmp_path):
        words = ("log", "http://127.0.0.1:1", "--key", files.key, "--state", "last")

        code, said = run(*words, here=tmp_path)

        assert (code, said.startswith("cannot be verified:")) == (2, True)
        assert run("log", "ftp://x", *words[2:], here=tmp_path)[0] == 2


@pytest.fixture(scope="module")
def reopened(seed_template, django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    here = tmp_path_factory.mktemp("reopened")
    with django_db_blocker.unblock(), a_site(seed_template) as site:
        site.sign()
        note = urlopen(f"{site.url}/log/checkpoint", timeout=120).read().decode()  # noqa: S310
        (here / "before.txt").write_text(notes.parse(note).text)
        with site.open(), override_settings(SEAL_FOLDER=site.environ["SEAL_FOLDER"]):
            request = sealing.Request(lost_from=None, reason="stolen", authority="the editor")
            position = sealing.reopen(request, at=now(), by="ann").position
            sealing.seal_next(at=now(), most=10_000)
            key = str(seal_keys.configured().key.verifier)
        (here / "events.ndjson").write_bytes(fetch(site, "log/events.ndjson"))
        for one in (1, position):
            proof = fetch(site, f"log/events/{one}.tlog-proof")
            (here / f"{one}.tlog-proof").write_bytes(proof)
        # Later a witness signs.
        witness = SigningKey.generate("w.example/w", KeyType.WITNESS)
        with site.open():
            last = SealedCheckpoint.objects.latest("size")
            last.note += notes.line(witness.sign(notes.parse(last.note).text, time=1))
            last.save()
        signed = fetch(site, f"log/events/{position}.tlog-proof")
        (here / "signed.tlog-proof").write_bytes(signed)
        yield SimpleNamespace(
            url=site.url, here=here, key=key, position=position, witness=witness.verifier
        )


class TestAReopenedLog:
    """Its checkpoints have another origin and another key; an event of it says so."""

    def follow(self, reopened, *words: object, before: str = "before.txt"):
        words = ("--key", reopened.key, "--continues", before, *words)
        return run("log", reopened.url, *words, here=reopened.here)

    def test_is_connected_by_the_event_that_reopened_it(self, reopened):
        proof = f"{reopened.position}.tlog-proof"
        code, said = self.follow(reopened, "--events", "events.ndjson", "--reopening", proof)

        assert code == 0, said
        assert f"reopened at position {reopened.position}: stolen (the editor)" in said
        assert f"the log continues the one with {reopened.position - 1} events" in said

    def test_is_refused_without_it_or_with_another(self, reopened):
        alone = self.follow(reopened)
        words = ("--events", "events.ndjson", "--reopening", "1.tlog-proof")
        other = self.follow(reopened, *words)

        assert alone[0] == other[0] == 1
        assert alone[1].startswith("refused: origin: the log was reopened as tests.example/log/")
        assert other[1].startswith("refused: origin: event 1 does not reopen the log as")

    def test_is_refused_by_a_proof_that_the_witnesses_did_not_sign(self, reopened):
        words = ("--events", "events.ndjson", "--witness", reopened.witness, "--reopening")
        unsigned = self.follow(reopened, *words, f"{reopened.position}.tlog-proof")
        signed = self.follow(reopened, *words, "signed.tlog-proof")

        assert (unsigned[0], signed[0]) == (1, 0), signed[1]
        assert unsigned[1].startswith("refused: witnesses: 0 of your witnesses signed this, not 1")

    def test_is_refused_if_it_does_not_continue_the_earlier_one(self, reopened):
        lines = (reopened.here / "before.txt").read_text().split("\n")
        lines[2] = "A" * 43 + "="
        (reopened.here / "other.txt").write_text("\n".join(lines))
        words = ("--events", "events.ndjson", "--reopening", f"{reopened.position}.tlog-proof")

        code, said = self.follow(reopened, *words, before="other.txt")
        assert (code, said.startswith("refused: consistency: ")) == (1, True)


def with_more(site: Site) -> None:
    """Put an event on record and sign it."""
    with site.open(), override_settings(SEAL_FOLDER=site.environ["SEAL_FOLDER"]):
        append(at=AT)
        sealing.seal_next(at=AT, most=10)
