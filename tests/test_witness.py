"""The witness server as a process, asked as C2SP `tlog-witness` says."""

import hashlib
import random
import re
import socket
import stat
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.kit.processes import CHECKOUT
from tests.kit.systemd import in_unit, said_by_systemd
from tests.kit.witnesses import TOOL, AnyLog, WitnessServer, a_witness, tool
from tracker.domain.proofs import checkpoints, notes, witnessing
from tracker.domain.proofs.checkpoints import Checkpoint
from tracker.domain.proofs.notes import KeyType, SigningKey

pytestmark = pytest.mark.faults
# Kills the witness when it has stored a checkpoint and is about to answer.
DIES = f"""
import os, runpy, signal, sys
from pathlib import Path
tool = runpy.run_path({str(TOOL)!r})
sign = tool["State"].sign
def dies(*words, **more):
    sign(*words, **more)
    os.kill(os.getpid(), signal.SIGKILL)
tool["State"].sign = dies
tool["serve"](tool["_options"](sys.argv[1:]))
"""


def a_log(words: str = "abcdefgh") -> AnyLog:
    """A log of its own each time, since a witness never forgets."""
    name = f"news.example/log/{random.getrandbits(64):x}"
    return AnyLog(SigningKey.generate(name), words)


@pytest.fixture(scope="module")
def witness(tmp_path_factory) -> Iterator[WitnessServer]:
    with a_witness(tmp_path_factory.mktemp("witness")) as served:
        yield served


@pytest.fixture
def log(witness) -> AnyLog:
    """A log that the witness knows, and of which it signed 4 events."""
    made = a_log()
    tool("add", witness.state, made.key.verifier)
    assert witness.ask(made.request(0, 4))[0] == 200
    return made


def checkpoint_path(log: AnyLog) -> str:
    return f"/{hashlib.sha256(log.key.name.encode()).hexdigest()}/checkpoint"


def signed_size(witness: WitnessServer, log: AnyLog) -> int:
    """The size of the last checkpoint that it serves; 0 if there is none."""
    status, _, note = witness.ask("", method="GET", path=checkpoint_path(log))
    return checkpoints.parse(notes.parse(note).text).size if status == 200 else 0


class TestAWitness:
    def test_signs_with_the_time_what_continues_the_last_checkpoint(self, witness, log) -> None:
        status, _, answer = witness.ask(log.request(4))

        signature = witnessing.read_answer(log.checkpoint().text(), answer, witness.key)
        at = witness.key.verify(log.checkpoint().text(), signature)
        assert status == 200
        assert abs(at - time.time()) < 600
        assert signed_size(witness, log) == 8

    def test_signs_the_same_checkpoint_again(self, witness, log) -> None:
        assert witness.ask(log.request(4, 4))[0] == 200
        assert signed_size(witness, log) == 4

    def test_names_the_size_that_it_signed(self, witness, log) -> None:
        other = a_log()
        tool("add", witness.state, other.key.verifier)

        assert witness.ask(log.request(3)) == (409, "text/x.tlog.size", "4\n")
        assert witness.ask(other.request(3)) == (409, "text/x.tlog.size", "0\n")

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff\xfe",
            "old 1\n",
            "old 04\n\n{note}",
            "old 9\n\n{note}",
            "old 4\nno hash\n\n{note}",
            "old 4\n" + "A" * 43 + "=\n" * 64 + "\n{note}",
            "old 4\n\nno checkpoint\n\n— a abcdefgh\n",
        ],
    )
    def test_does_not_read_what_is_malformed(self, witness, log, body) -> None:
        text = body if isinstance(body, bytes) else body.replace("{note}", log.note())

        assert witness.ask(text)[0] == 400

    def test_does_not_know_every_log(self, witness) -> None:
        assert witness.ask(a_log().request(0))[0] == 404

    def test_refuses_what_no_known_key_signed(self, witness, log) -> None:
        other = AnyLog(SigningKey.generate(log.key.name), "abcdefgh")
        wrong = log.request(4).replace("\n8\n", "\n9\n")

        assert [witness.ask(body)[0] for body in (other.request(4), wrong)] == [403, 403]

    def test_refuses_another_history_and_keeps_it(self, witness, log) -> None:
        fork = AnyLog(log.key, "abcxefgh")
        bodies = [
            fork.request(4, 4),
            witnessing.write(4, [bytes(32)], log.note()),
            witnessing.write(4, [], fork.note(5)),
        ]

        assert [witness.ask(body)[0] for body in (*bodies, *bodies)] == [422] * 6
        assert signed_size(witness, log) == 4
        kept = tool("refusals", witness.state).stdout
        assert [kept.count(body) for body in bodies] == [1, 1, 1]

    def test_refuses_a_proof_from_nothing_and_another_empty_tree(self, witness) -> None:
        made = a_log()
        tool("add", witness.state, made.key.verifier)
        text = Checkpoint(made.key.name, 0, bytes(32)).text()
        odd = notes.write(text, [made.key.sign(text)])

        assert witness.ask(witnessing.write(0, [bytes(32)], made.note()))[0] == 422
        assert witness.ask(witnessing.write(0, [], odd))[0] == 422
        assert signed_size(witness, made) == 0

    def test_knows_two_keys_of_a_log_while_it_changes_them(self, witness, log) -> None:
        new = AnyLog(SigningKey.generate(log.key.name), "abcdefgh")
        both = witnessing.write(4, log.proof(4, 6), log.note(6, more=[new.key]))
        assert witness.ask(new.request(4, 6))[0] == 403
        assert witness.ask(both)[0] == 200

        tool("add", witness.state, new.key.verifier)
        assert witness.ask(new.request(6, 7))[0] == 200
        tool("remove", witness.state, log.key.verifier)

        assert witness.ask(log.request(7))[0] == 403
        assert witness.ask(new.request(7))[0] == 200

    def test_serves_the_last_checkpoint_that_it_signed(self, witness, log) -> None:
        status, _, note = witness.ask("", method="GET", path=checkpoint_path(log))

        parsed = notes.parse(note)
        assert status == 200
        assert checkpoints.parse(parsed.text) == log.checkpoint(4)
        assert {*notes.verify(parsed, [log.key.verifier, witness.key])} == {
            log.key.verifier,
            witness.key,
        }

    @pytest.mark.parametrize("path", ["/", "/checkpoint", f"/{'0' * 64}/checkpoint"])
    def test_serves_nothing_else(self, witness, path) -> None:
        assert witness.ask("", method="GET", path=path)[0] == 404
        assert witness.ask("x", path=path)[0] == 404


class TestRequestsAtTheSameTime:
    def test_get_one_root_of_a_size(self, witness) -> None:
        """In each round eight clients ask for histories of which each goes on otherwise."""
        key, words = a_log().key, ["first"]
        tool("add", witness.state, key.verifier)
        with ThreadPoolExecutor(8) as clients:
            for number in range(20):
                logs = [AnyLog(key, [*words, f"{number} {one}"]) for one in range(8)]
                bodies = [log.request(number and number + 1) for log in logs]
                statuses = [status for status, *_ in clients.map(witness.ask, bodies)]

                assert statuses.count(200) == 1
                words.append(f"{number} {statuses.index(200)}")


class TestAWitnessThatIsKilled:
    def test_between_storing_and_answering_signs_no_other_root(self, tmp_path: Path) -> None:
        log = a_log()
        fork = AnyLog(log.key, "abcdefgx")
        with a_witness(tmp_path, log.key.verifier) as witness:
            assert witness.ask(log.request(0, 4))[0] == 200
            witness.end()
            witness.start("-c", DIES)
            with pytest.raises((OSError, HTTPException)):
                witness.ask(log.request(4))
            assert witness.process.wait(timeout=120) == -9
            witness.end()
            witness.start()

            assert signed_size(witness, log) == 8
            assert witness.ask(fork.request(8))[0] == 422
            assert witness.ask(fork.request(4))[0] == 409
            assert witness.ask(log.request(8))[0] == 200


class TestClients:
    def test_that_are_slow_do_not_block_the_others(self, witness, log) -> None:
        slow = [socket.create_connection(("127.0.0.1", witness.port)) for _ in range(100)]
        for number, one in enumerate(slow):
            with suppress(OSError):
                one.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n"[: number + 1])

        assert witness.ask(log.request(4))[0] == 200
        for one in slow:
            one.close()

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
            (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100001\r\n\r\n", b"413"),
            (b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 6_000 + b"\r\n", b"431"),
        ],
    )
    def test_are_refused_before_their_body_is_read(self, witness, head, status) -> None:
        with socket.create_connection(("127.0.0.1", witness.port), timeout=120) as client:
            client.sendall(head)
            assert client.recv(100).split()[1] == status


class TestTheCommands:
    def test_make_a_private_file_once(self, tmp_path: Path) -> None:
        path = tmp_path / "w.sqlite"
        made = tool("make-key", path, "other.example/w")

        assert notes.parse_verifier_key(made.stdout).type is KeyType.WITNESS
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert tool("key", path).stdout == made.stdout
        assert tool("make-key", path, "other.example/w").returncode == 1
        assert tool("key", path).stdout == made.stdout

    def test_list_what_was_signed(self, witness, log) -> None:
        new = a_log()
        tool("add", witness.state, new.key.verifier)

        said = tool("list", witness.state).stdout.splitlines()

        assert f"{log.key.name} 4 events" in said
        assert f"{new.key.name} nothing signed yet" in said

    @pytest.mark.parametrize(
        "words",
        [
            ("make-key", "{new}", "a name with spaces"),
            ("add", "{old}", "no key"),
            ("add", "{old}", str(SigningKey("w", bytes(32), KeyType.WITNESS).verifier)),
            ("key", "{new}"),
            ("serve", "{new}", "--port", "0"),
        ],
    )
    def test_say_what_is_wrong_in_a_line(self, witness, tmp_path, words) -> None:
        places = {"{new}": tmp_path / "new.sqlite", "{old}": witness.state}

        done = tool(*(places.get(word, word) for word in words))

        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert not (tmp_path / "new.sqlite").exists()


class TestTheDocumentation:
    def test_has_commands_that_work(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.chdir(tmp_path)
        start, log = "python3 tools/witness.py ", a_log()
        text = (CHECKOUT / "docs" / "trust.md").read_text(encoding="utf-8")
        lines = re.findall(rf"{start}([^\n`]+)", text)

        served = [line for line in lines if line.startswith("serve")]
        for line in lines:
            if line not in served:
                words = line.replace("KEY", str(log.key.verifier)).split()
                assert tool(*words).returncode == 0, line
        assert [line.split()[0] for line in lines] == ["make-key", "add", "serve", "list"]

    def test_has_a_unit_of_systemd(self, tmp_path: Path) -> None:
        unit = tmp_path / "entente-witness.service"
        text = (CHECKOUT / "deploy" / unit.name).read_text(encoding="utf-8")
        python, there = "/opt/entente/.venv/bin/python", f"/opt/entente/{TOOL.name}"
        assert there.replace("witness.py", "tools/witness.py") in text
        text = text.replace(python, in_unit(sys.executable))
        unit.write_text(text.replace("/opt/entente", in_unit(str(CHECKOUT))))

        assert said_by_systemd(tmp_path) == ""
