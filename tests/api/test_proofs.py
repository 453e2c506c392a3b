"""The seal of the log as readers get it: checkpoint, tiles, and proofs that verify."""

from pathlib import Path

import pytest

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT
from tests.kit.log_entries import a_draft, append, run
from tools import verify
from tracker import log
from tracker.domain.proofs import checkpoints, merkle, notes, tiles
from tracker.domain.proofs.leaves import blinded
from tracker.log import seal as tree
from tracker.operations import seal_keys, sealing
from tracker.operations.sealing import Request

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> None:
    settings.SEAL_FOLDER = tmp_path / "seal"


@pytest.fixture
def key():
    return seal_keys.make_key("news.example").key.verifier


def seal() -> None:
    sealing.seal_next(at=AT, most=10_000)


def verified(client, key):
    """The checkpoint that is served, after its signature was verified."""
    note = notes.parse(client.get("/log/checkpoint").text)
    assert notes.verify(note, [key]) == {key: None}
    return checkpoints.parse(note.text)


class TestTheFiles:
    def test_prove_every_event_to_whoever_reads_them_alone(self, client, key):
        append(*[a_draft() for _ in range(300)])
        seal()

        checkpoint = verified(client, key)
        assert checkpoint.size == 300
        read = {}
        for level, number, width in ((0, 0, 256), (0, 1, 44), (1, 0, 1)):
            answer = client.get(f"/log/tile/{tiles.path(level, number, width)}")
            assert answer["Content-Type"] == "application/octet-stream"
            assert "immutable" in answer["Cache-Control"]
            read[level, number] = answer.content
        assert merkle.root(300, tiles.subtrees(lambda *at: read[at])) == checkpoint.root

    def test_have_no_checkpoint_of_events_that_were_lost(self, client, key):
        append(a_draft(), a_draft())
        seal()
        append()
        seal()
        request = Request(lost_from=3, reason="a disk failed", authority="the editor")
        sealing.reopen(request, at=AT, by="ann")

        assert verified(client, key).size == 2

    def test_name_the_key(self, client, key):
        append()
        seal()

        assert client.get("/.well-known/entente-log-key").text == f"{key}\n"

    def test_may_be_others_after_a_loss(self, client, key):
        append(*[a_draft() for _ in range(300)])
        seal()
        request = Request(lost_from=280, reason="a disk failed", authority="the editor")
        sealing.reopen(request, at=AT, by="ann")
        seal()

        kept = {
            path: "immutable" in client.get(f"/log/tile/{path}")["Cache-Control"]
            for path in ("0/000", "0/001.p/23", "0/001.p/24", "1/000.p/1")
        }
        assert kept == {"0/000": True, "0/001.p/23": True, "0/001.p/24": False, "1/000.p/1": True}

    @pytest.mark.parametrize(
        "path", ["tile/0/000", "tile/0/000.p/3", "tile/9/000", "tile/../x", "tile/entries/000"]
    )
    def test_that_are_not_there_are_not_found(self, client, key, path):
        append(a_draft(), a_draft())
        seal()

        assert client.get(f"/log/{path}").status_code == 404

    @pytest.mark.parametrize("path", ["/log/checkpoint", "/.well-known/entente-log-key"])
    def test_of_a_log_without_a_key_are_not_found(self, client, path):
        append()
        seal()

        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (403, 405)


class TestTheSeal:
    def test_says_how_far_it_goes(self, api, key):
        append(a_draft(), a_draft())
        seal()

        found = api.get("log/seal/")
        assert (found["sealed_through"], found["alarm"], found["alarmed_at"]) == (2, "", None)
        assert found["checkpoint"]["size"] == 2
        assert found["checkpoint"]["key"] == str(key)

    def test_says_that_the_log_is_another_one(self, api, key):
        append()
        seal()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE seal_head DISABLE TRIGGER USER")
        run("UPDATE seal_head SET size = 0")
        with pytest.raises(seal_keys.NotSealed):
            seal()

        found = api.get("log/seal/")
        assert "a backup was restored" in found["alarm"]
        assert found["alarmed_at"]


class TestAProofOfAnEvent:
    def test_is_one_file_with_the_checkpoint(self, api, client, key):
        append(*[a_draft() for _ in range(5)])
        seal()

        answer = api.http.get("/api/v1/log/events/3.tlog-proof")
        index, proof, note, extra = verify.parse_proof(answer.text)
        checkpoint = verify.verify_checkpoint(note, [key]).checkpoint
        leaf = blinded(extra, log.at(3).leaf_hash)
        verify.verify_inclusion(leaf, 2, checkpoint.size, proof, checkpoint.root)
        assert index == 2

    def test_of_a_damaged_tree_is_a_503(self, api, key):
        append(*[a_draft() for _ in range(3)])
        seal()
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER TABLE seal_tile DISABLE TRIGGER USER")
        run("DELETE FROM seal_tile")

        assert "damaged" in api.get("log/events/1.tlog-proof", expect=503)["detail"]

    def test_is_not_given_of_what_no_checkpoint_signs(self, api, client, key):
        append()
        seal()
        append()
        tree.extend(most=9)

        assert "not among" in api.get("log/events/2.tlog-proof", expect=404)["detail"]
        assert client.get("/log/tile/0/000.p/2").status_code == 404
        assert client.get("/log/tile/0/000.p/1").status_code == 200


class TestAWithheldEvent:
    def test_keeps_its_nonce_from_the_public(self, api, client, desk, key, settings):
        settings.ANONYMOUS_READERS = True
        claim = blames(desk, a_firm(desk))
        seal()
        position = log.history([claim])[0].position
        address = f"/api/v1/log/events/{position}.tlog-proof"

        assert "extra" not in client.get(address).text
        assert "extra" in api.http.get(address).text
