"""The key of the log's checkpoints is made and told on the command line."""

import io
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.kit.builders import AT
from tests.kit.log_entries import append
from tracker import log
from tracker.domain.proofs import notes
from tracker.operations import sealing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.SEAL_FOLDER, settings.AUTHORITY = tmp_path / "seal", "news.example"
    return settings.SEAL_FOLDER


def sealkey(*options: str) -> str:
    said = io.StringIO()
    call_command("sealkey", *options, stdout=said)
    return said.getvalue()


class TestSealkey:
    def test_prints_the_key_that_verifies_checkpoints(self, client):
        made = sealkey("--make")
        append()
        sealing.seal_next(at=AT, most=9)

        key = notes.parse_verifier_key(made)
        assert key.name == f"news.example/log/{log.head().log_id}"
        assert sealkey() == made
        assert notes.verify(notes.parse(client.get("/log/checkpoint").text), [key])

    def test_makes_none_by_itself(self, folder):
        with pytest.raises(CommandError, match="--make"):
            sealkey()
        assert not folder.exists()

    def test_makes_none_without_the_name_of_the_site(self, settings):
        settings.AUTHORITY = ""

        with pytest.raises(CommandError, match="set AUTHORITY to your domain"):
            sealkey("--make")

    def test_goes_on_from_the_checkpoint_in_the_database(self, folder):
        sealkey("--make")
        append()
        sealing.seal_next(at=AT, most=9)
        (folder / "checkpoint").unlink()

        assert "this host goes on from the checkpoint of 1 events" in sealkey("--adopt")
        assert sealing.seal_next(at=AT, most=9) == 0

    def test_changes_the_key_and_says_why(self, client):
        get_user_model().objects.create(username="ann")
        before = sealkey("--make")
        said = ["--reason", "another host", "--authority", "the editor", "--user", "ann"]
        after = sealkey("--rotate", *said)
        sealing.seal_next(at=AT, most=9)

        assert sealkey() == after != before
        keys = [notes.parse_verifier_key(one) for one in (before, after)]
        checkpoint = notes.parse(client.get("/log/checkpoint").text)
        assert [*notes.verify(checkpoint, keys)] == [keys[1], keys[0]]
        [event] = log.read(after=0, limit=9)
        assert (event.content["before"], event.content["key"]) == (before.strip(), after.strip())

    @pytest.mark.parametrize("missing", ["--reason", "--authority", "--user"])
    def test_changes_no_key_without_saying_why(self, missing):
        get_user_model().objects.create(username="ann")
        before = sealkey("--make")
        said = {"--reason": "another host", "--authority": "the editor", "--user": "ann"}
        said[missing] = ""

        with pytest.raises(CommandError, match=r"account|why|reason|who decided"):
            sealkey("--rotate", *(one for pair in said.items() for one in pair))
        assert sealkey() == before
        assert log.head().position == 0
