"""Sealers that are killed at any moment, alone and two at a time."""

import time
from base64 import b64encode

import pytest

from tests.kit.builders import AT
from tests.kit.log_entries import a_draft, append
from tests.kit.processes import a_writer, running
from tracker.domain.proofs import checkpoints, notes
from tracker.log import integrity, seal, seal_checks
from tracker.models.seals import SealedCheckpoint
from tracker.operations import seal_keys, sealing

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
KILLS = 15


class TestSealersThatAreKilled:
    @pytest.mark.parametrize("count", [1, pytest.param(2, marks=pytest.mark.long)])
    def test_never_sign_two_roots_of_one_size(self, count, database, settings, output, tmp_path):
        settings.SEAL_FOLDER = tmp_path / "seal"
        seal_keys.make_key("news.example")
        environ = {"SEAL_FOLDER": str(tmp_path / "seal")}

        program = a_writer("sealers", str(count), str(KILLS))
        with running(program, output=output, DATABASE_URL=database, **environ) as sealers:
            while sealers.alive:
                append(*[a_draft() for _ in range(5)])
                time.sleep(0.01)
        sealing.seal_next(at=AT, most=100_000)

        lines = output.read_text().splitlines()
        signed = {tuple(line.split()[1:]) for line in lines if line.startswith("signed")}
        assert [line for line in lines if not line.startswith("signed")] == []
        assert len(signed) == KILLS
        kept = [
            checkpoints.parse(notes.parse(note).text)
            for note in SealedCheckpoint.objects.values_list("note", flat=True)
        ]
        signed |= {(str(one.size), b64encode(one.root).decode()) for one in kept}
        assert signed == {(size, b64encode(seal.root_at(int(size))).decode()) for size, _ in signed}
        assert [*seal_checks.problems(whole=True)] == []
        assert integrity.damage(after=0, limit=100_000)[1] == []
