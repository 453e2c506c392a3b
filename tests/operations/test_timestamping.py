"""Timestamps of checkpoints, from an authority that is `openssl ts`."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from tests.kit.builders import a_token
from tests.kit.log_entries import append, ask, attempt, run
from tracker.operations import seal_keys, sealing, timestamping
from tracker.operations.timestamping import NoTimestamp, stamp_if_due
from tracker.queries import seals
from workers import doctor, tasks

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


_CONFIG = """
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = serial
signer_cert = leaf.pem
signer_key = leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
"""
_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc"
_WITH = "-config made.cnf -extensions"
_SIGNED = "-CA root.pem -CAkey root.key"
_COMMANDS = (
    f"req -x509 {_KEY} -keyout root.key -out root.pem -days 2 -subj /CN=Root {_WITH} root",
    f"req -new {_KEY} -keyout leaf.key -out leaf.csr -subj /CN=Timestamps -config made.cnf",
    f"x509 -req -in leaf.csr {_SIGNED} -out leaf.pem -days 2 -extfile made.cnf -extensions leaf",
)


def openssl(words: str, *, folder: Path) -> bytes:
    command = ["openssl", *words.split()]
    return subprocess.run(command, check=True, cwd=folder, capture_output=True).stdout


def an_authority(folder: Path) -> Path:
    """Make an authority, and give the file with the certificate of its root."""
    (folder / "made.cnf").write_text(f"[req]\ndistinguished_name = name\n[name]\n{_CONFIG}")
    (folder / "serial").write_text("01\n")
    for command in _COMMANDS:
        openssl(command, folder=folder)
    return folder / "root.pem"


def stamped(folder: Path, handler: BaseHTTPRequestHandler) -> None:
    """Answer as the authority of a folder."""
    length = int(handler.headers["Content-Length"])
    (folder / "asked.tsq").write_bytes(handler.rfile.read(length))
    reply = "ts -reply -config made.cnf -section tsa -queryfile asked.tsq"
    handler.wfile.write(openssl(reply, folder=folder))


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], object]) -> Iterator[str]:
    """Serve an answer, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("authority")
    an_authority(made)
    return made


@pytest.fixture(scope="session")
def url(folder: Path) -> Iterator[str]:
    with answering(partial(stamped, folder)) as url:
        yield url


@pytest.fixture(autouse=True)
def signed(settings, tmp_path: Path, folder: Path) -> None:
    """Three events, and a signed checkpoint of them."""
    settings.SEAL_FOLDER = tmp_path / "seal"
    settings.TIMESTAMP_CERTIFICATES = str(folder / "root.pem")
    seal_keys.make_key("news.example")
    grow(3)


@pytest.fixture
def named(settings, url: str) -> None:
    settings.TIMESTAMP_URL = url


def grow(number: int) -> None:
    for _ in range(number):
        append()
    sealing.seal_next(at=timezone.now(), most=1_000)


def stamp() -> bool:
    return stamp_if_due(at=timezone.now())


class TestATimestamp:
    @pytest.mark.usefixtures("named")
    def test_is_got_once_a_day_while_the_log_grows(self) -> None:
        before = timezone.now().replace(microsecond=0)

        assert stamp()

        [last] = [seals.last_timestamp()]
        assert last
        assert (last.size, last.authority) == (3, "127.0.0.1")
        assert before <= last.stamped_at <= timezone.now()
        grow(1)
        assert not stamp()
        assert stamp_if_due(at=last.stamped_at + timedelta(hours=23, minutes=29)) is False
        assert seals.last_timestamp() == last

    @pytest.mark.usefixtures("named")
    def test_is_refused_if_the_clock_of_the_authority_is_wrong(self) -> None:
        with pytest.raises(NoTimestamp, match="the authority says that it is 20"):
            stamp_if_due(at=timezone.now() + timedelta(minutes=6))

        assert seals.last_timestamp() is None

    def test_is_not_asked_for_without_an_authority(self) -> None:
        assert not stamp()

    @pytest.mark.usefixtures("named")
    def test_verifies_with_openssl(self, client: Client, tmp_path: Path, folder: Path) -> None:
        """With the command of docs/trust.md."""
        stamp()
        for name in ("3.tsr", "3.txt"):
            answer = client.get(f"/log/timestamp/{name}")
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            (tmp_path / name).write_bytes(answer.content)
        docs = Path("docs/trust.md").read_text()
        command = "openssl ts -verify -in 3.tsr -data 3.txt -CAfile roots.pem"

        assert command in docs
        (tmp_path / "roots.pem").write_bytes((folder / "root.pem").read_bytes())
        verified = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
        assert b"Verification: OK" in verified.stdout + verified.stderr
        checkpoint = client.get("/log/checkpoint").content.decode()
        assert checkpoint.startswith((tmp_path / "3.txt").read_text())
        (tmp_path / "3.txt").write_text((tmp_path / "3.txt").read_text().replace("\n3\n", "\n4\n"))
        refused = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
        assert refused.returncode == 1

    @pytest.mark.usefixtures("named")
    def test_is_shown(self, client: Client) -> None:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {a_token()}"
        assert client.get("/api/v1/log/seal/").json()["timestamp"] is None

        stamp()

        found = client.get("/api/v1/log/seal/").json()["timestamp"]
        assert (found["size"], found["authority"]) == (3, "127.0.0.1")
        assert (
            '<a href="/log/timestamp/3.tsr">3 events</a>' in client.get("/status/").content.decode()
        )

    @pytest.mark.parametrize("size", [2, 3, 2**64])
    def test_that_is_not_there_is_not_found(self, client: Client, size: int) -> None:
        for end in ("tsr", "txt"):
            assert client.get(f"/log/timestamp/{size}.{end}").status_code == 404

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE seal_timestamp SET authority = 'another'",
            "DELETE FROM seal_timestamp",
            "TRUNCATE seal_timestamp",
            "INSERT INTO seal_timestamp VALUES (9, '', now(), '')",
        ],
    )
    @pytest.mark.usefixtures("named")
    def test_is_kept(self, statement: str) -> None:
        stamp()

        with pytest.raises(
            DatabaseError, match=r"timestamps of the log are kept|there is no checkpoint"
        ):
            attempt(statement)


FORGED = "INSERT INTO seal_timestamp VALUES (3, 'made up', '{}', 'tsa.example')"


@pytest.mark.usefixtures("named")
class TestAForgedRow:
    def test_of_the_future_is_ignored(self) -> None:
        run(FORGED.format("9999-01-01"))

        assert seals.last_timestamp() is None
        grow(1)
        assert stamp()
        assert doctor.log_timestamp(at=timezone.now()).ok

    def test_with_a_time_of_today_does_not_delay_the_next_one(self) -> None:
        run(FORGED.format(timezone.now()))
        grow(1)

        assert (
            "the one of 3 events does not verify" in doctor.log_timestamp(at=timezone.now()).detail
        )
        assert stamp()
        assert doctor.log_timestamp(at=timezone.now()).ok

    def test_with_another_time_than_the_answer_is_reported(self) -> None:
        stamp()
        last = seals.last_timestamp()
        assert last

        timestamping.check(last)
        with pytest.raises(NoTimestamp, match="says another time"):
            timestamping.check(last._replace(stamped_at=last.stamped_at - DAY))


class TestAnAnswer:
    def test_of_another_authority_is_refused(self, settings, url: str, tmp_path: Path) -> None:
        settings.TIMESTAMP_URL = url
        settings.TIMESTAMP_CERTIFICATES = str(an_authority(tmp_path))

        with pytest.raises(NoTimestamp, match="does not verify"):
            stamp()

    def test_about_something_else_is_refused(self, settings, folder: Path) -> None:
        """An answer that the authority gave to somebody else."""
        (folder / "other").write_text("other")
        make = "ts -query -data other -sha256 -cert -out other.tsq"
        openssl(make, folder=folder)
        reply = "ts -reply -config made.cnf -section tsa -queryfile other.tsq"
        data = openssl(reply, folder=folder)

        refused = pytest.raises(NoTimestamp, match="does not verify")
        with answering(lambda it: it.wfile.write(data)) as settings.TIMESTAMP_URL, refused:
            stamp()

    @pytest.mark.parametrize(
        ("data", "says"),
        [(b"", "no timestamp"), (b"hello", "no timestamp"), (b"x" * 200_000, "answered 200")],
    )
    def test_that_is_no_timestamp_is_refused(self, settings, data: bytes, says: str) -> None:
        refused = pytest.raises(NoTimestamp, match=says)
        with answering(lambda it: it.wfile.write(data)) as settings.TIMESTAMP_URL, refused:
            stamp()

    def test_is_a_warning_of_the_health_check_if_it_is_missing(self, settings) -> None:
        found = [doctor.log_timestamp(at=timezone.now())]
        settings.TIMESTAMP_URL = "http://127.0.0.1:1/"
        tasks.timestamp()
        found.append(doctor.log_timestamp(at=timezone.now()))
        settings.TIMESTAMP_URL = "http://tsa.example/"
        found.append(doctor.log_timestamp(at=timezone.now()))

        assert [(one.ok, one.detail) for one in found] == [
            (True, "no authority is named"),
            (False, "none yet"),
            (False, "TIMESTAMP_URL must begin with https:// and name a host"),
        ]
        assert all(one.warning for one in found)

    @pytest.mark.usefixtures("named")
    def test_is_a_warning_of_the_health_check_if_it_is_old(self) -> None:
        stamp()
        grow(1)

        found = [doctor.log_timestamp(at=timezone.now() + days * DAY).ok for days in (1, 3)]

        assert found == [True, False]


class TestTheSettings:
    @pytest.mark.parametrize(
        "address",
        [
            "http://tsa.example/",
            "https:///tsa",
            "tsa.example",
            "ftp://127.0.0.1/",
            "https://user@tsa.example/",
            "https://tsa.example:0/",
            "https://[::/",
        ],
    )
    def test_name_no_address_that_is_not_encrypted(self, settings, address: str) -> None:
        settings.TIMESTAMP_URL = address

        with pytest.raises(NoTimestamp, match="must begin with https"):
            stamp()

    @pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/"])
    def test_may_name_this_machine(self, settings, address: str) -> None:
        settings.TIMESTAMP_URL = address

        assert timestamping.authority().scheme == "http"

    @pytest.mark.parametrize("content", [None, "no certificate"])
    def test_must_name_certificates(
        self, settings, url: str, tmp_path: Path, content: str | None
    ) -> None:
        settings.TIMESTAMP_URL = url
        settings.TIMESTAMP_CERTIFICATES = str(tmp_path / "roots.pem")
        if content:
            (tmp_path / "roots.pem").write_text(content)

        with pytest.raises(NoTimestamp, match="TIMESTAMP_CERTIFICATES must name a file"):
            stamp()
        assert ask("SELECT count(*) FROM seal_timestamp") == [(0,)]
