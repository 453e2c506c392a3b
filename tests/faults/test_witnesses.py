"""Two sites, each with a database and a witness of its own, sign each other's checkpoints."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from tests.kit.databases import a_clone, working_in
from tests.kit.log_entries import append
from tests.kit.seals import alarm, published
from tests.kit.witnesses import WitnessServer, a_witness, tool
from tools import verify
from tracker.domain.proofs.notes import VerifierKey
from tracker.operations import seal_keys, sealing
from workers import doctor, tasks

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A site with its database, its folder of the key, and the witness that signs for others."""

    database: str
    folder: Path
    witness: WitnessServer
    key: VerifierKey
    asks: str = ""

    @contextmanager
    def open(self) -> Iterator[None]:
        with (
            working_in(self.database),
            override_settings(SEAL_FOLDER=self.folder, WITNESSES=self.asks),
        ):
            yield

    def records(self, count: int) -> None:
        """Put events on record, one after the other, with the work of fifteen seconds."""
        for _ in range(count):
            append()
            self.works()

    @staticmethod
    def works() -> None:
        """Do what the workers do in fifteen seconds and a little more."""
        for task in ("seal", "seal", "seal", "witness", "seal"):
            tasks.WORK[task](timezone.now())


@pytest.fixture
def newsrooms(template: str, tmp_path: Path) -> Iterator[tuple[Newsroom, Newsroom]]:
    with ExitStack() as stack:
        made = []
        for name in ("north", "south"):
            database, folder = stack.enter_context(a_clone(template)), tmp_path / name
            folder.mkdir()
            with working_in(database), override_settings(SEAL_FOLDER=folder / "seal"):
                key = seal_keys.make_key(f"{name}.example").key.verifier
            witness = stack.enter_context(a_witness(folder, name=f"{name}.example/witness"))
            made.append(
                Newsroom(database=database, folder=folder / "seal", witness=witness, key=key)
            )
        north, south = made
        for one, other in ((north, south), (south, north)):
            tool("add", one.witness.state, other.key)
        yield (
            replace(north, asks=south.witness.setting),
            replace(south, asks=north.witness.setting),
        )


def is_refused_by(witness: WitnessServer) -> bool:
    """Whether an alarm says so, and the health check does not call that well."""
    findings = [doctor.log_seal(at=timezone.now()), doctor.log_witnesses(at=timezone.now())]
    assert not any(finding.ok or finding.warning for finding in findings)
    return alarm().startswith(f"the witness {witness.key.name} refuses the log")


class TestTwoNewsrooms:
    def test_notice_that_one_was_restored_from_an_older_backup(self, newsrooms, tmp_path) -> None:
        north, south = newsrooms
        with north.open():
            north.records(2)
        with a_clone(north.database) as backup, ExitStack() as stack:
            saved = shutil.copytree(north.folder, tmp_path / "saved")
            with north.open():
                north.records(2)
                first = published()[-1]
            # The folder too, so that the signer's own memory does not notice.
            restored = replace(north, database=stack.enter_context(a_clone(backup)), folder=saved)
            with restored.open():
                for _ in range(3):
                    append()
                    tasks.WORK["seal"](timezone.now())
                assert (alarm(), len(published())) == ("", 5)
                fork = published()[-1]

                restored.works()

                assert is_refused_by(south.witness)
                restored.records(1)
                assert published()[-1] == fork
                self.reopen(restored, south)
        self.check_readers(north, south, first, fork)

    @staticmethod
    def reopen(lost: Newsroom, other: Newsroom) -> None:
        """Go on with another origin, for which the other newsroom signs once it has the key."""
        request = sealing.Request(lost_from=3, reason="the disk failed", authority="the editor")
        sealing.reopen(request, at=timezone.now(), by="ann")
        lost.records(1)
        assert alarm() == ""
        assert doctor.log_witnesses(at=timezone.now()).ok
        assert published()[-1].count("\n— ") == 1
        tool("add", other.witness.state, seal_keys.configured().key.verifier)

        lost.records(1)

        assert published()[-1].count("\n— ") == 2
        assert "the disk failed" in Client().get("/status/").content.decode()

    @staticmethod
    def check_readers(north: Newsroom, south: Newsroom, first: str, fork: str) -> None:
        """A reader who asks for the witness's signature is not misled by the other history."""
        keys = [north.key, south.witness.key]

        assert verify.verify_checkpoint(first, keys, quorum=1)
        assert verify.verify_checkpoint(fork, keys)
        with pytest.raises(verify.Refused) as caught:
            verify.verify_checkpoint(fork, keys, quorum=1)
        assert caught.value.reason == "witnesses"
