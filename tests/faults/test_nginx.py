"""`deploy/nginx.conf`: nginx takes it, and Entente answers through it."""

import contextlib
import http.server
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kit.debian_programs import Program
from tests.kit.processes import CHECKOUT, PATIENCE_SECONDS, eventually, free_port
from tests.kit.sites import Site, a_site

pytestmark = [pytest.mark.faults, pytest.mark.long]
HOST = "entente.example"
SHIPPED = CHECKOUT / "deploy" / "nginx.conf"
# It has the cookie without which no body of a form is read.
LOGIN_BEGUN = (
    f"POST /admin/login/ HTTP/1.1\r\nHost: {HOST}\r\nCookie: csrftoken={'a' * 32}\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\na"
)
PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@pytest.fixture(scope="module")
def site(desk_template) -> Iterator[Site]:
    behind = {
        "BEHIND_PROXY": "1",
        "HTTPS": "1",
        "ALLOWED_HOSTS": f"{HOST} 127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
    }
    with a_site(desk_template, answers="/healthz", **behind) as opened:
        yield opened


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout privkey.pem -out"
    command = [*made.split(), "fullchain.pem", "-subj", f"/CN={HOST}"]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    return folder


def written(folder: Path, certificate: Path, *, secure: int, upstream: int) -> Path:
    """The shipped file with this machine's ports and certificate, inside the least around it."""
    text = SHIPPED.read_text()
    changes = {
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/ssl/entente": str(certificate),
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
    }
    for shipped, here in changes.items():
        assert shipped in text
        text = text.replace(shipped, here)
    (folder / "entente.conf").write_text(text)
    temporary = "".join(f"{place}_temp_path {folder}/{place};" for place in PLACES)
    user = "user root;" if os.geteuid() == 0 else ""
    around = folder / "nginx.conf"
    around.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/log warn; events {{}}"
        f"http {{ {temporary} access_log off; include {folder}/entente.conf; }}"
    )
    return around


@contextmanager
def proxied(nginx: Program, folder: Path, certificate: Path, upstream: int) -> Iterator[int]:
    """nginx in front of a port; gives its own. It logs into its folder."""
    port = free_port()
    config = written(folder, certificate, secure=port, upstream=upstream)
    process = subprocess.Popen(
        [nginx.path, "-e", folder / "log", "-p", folder, "-c", config],
        env={**os.environ, **nginx.environ},
    )
    try:
        eventually(lambda: _listens(port), what="nginx listens")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextmanager
def connected(port: int, *, source: str = "127.0.0.1") -> Iterator[ssl.SSLSocket]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), 120, (source, 0)) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as opened,
    ):
        yield opened


def asked(port: int, line: str, *headers: str, body: bytes = b"") -> tuple[str, int]:
    """What is answered, and how many bytes of the body were taken."""
    size = 0
    said = [f"{line} HTTP/1.1", f"Host: {HOST}", "Connection: close", *headers]
    with connected(port) as opened:
        opened.sendall(("\r\n".join(said) + "\r\n\r\n").encode())
        with contextlib.suppress(OSError):
            while size < len(body):
                size += opened.send(body[size : size + 65_536])
        answer = b""
        with contextlib.suppress(OSError):
            while part := opened.recv(65_536):
                answer += part
    return answer.decode(), size


class _Echo(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        said = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        pass


class TestTheShippedFile:
    def test_passes_on_no_word_of_a_client_about_its_address(self, nginx, certificate, tmp_path):
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as echo:
            threading.Thread(target=echo.serve_forever, daemon=True).start()
            with proxied(nginx, tmp_path, certificate, echo.server_port) as port:
                forged = "X-Forwarded-For: 203.0.113.9"
                heard, _ = asked(
                    port, "GET /", forged, "X-Forwarded-Proto: http", "Forwarded: for=203.0.113.9"
                )
            echo.shutdown()

        assert "X-Forwarded-For: 127.0.0.1\n" in heard
        assert "X-Forwarded-Proto: https\n" in heard
        assert "203.0.113.9" not in heard


class TestEntenteBehindIt:
    @pytest.fixture
    def port(self, nginx, certificate, site, tmp_path) -> Iterator[int]:
        upstream = int(site.url.rpartition(":")[2])
        with proxied(nginx, tmp_path, certificate, upstream) as port:
            yield port

    def test_answers(self, port):
        answer, _ = asked(port, "GET /method/")

        assert answer.startswith("HTTP/1.1 200 ")
        assert "Strict-Transport-Security: max-age=31536000" in answer

    def test_refuses_an_upload_that_is_still_coming(self, port):
        """nginx itself drops what comes in the two seconds after."""
        body = b"x" * 150_000_000

        answer, _ = asked(
            port,
            "POST /api/v1/imports/",
            f"Content-Length: {len(body)}",
            "Content-Type: multipart/form-data; boundary=b",
            body=body,
        )

        assert answer.startswith("HTTP/1.1 401 ")

    def test_takes_no_large_body_elsewhere(self, port):
        answer, size = asked(port, "POST /admin/login/", "Content-Length: 150000000", body=b"x")

        assert answer.startswith("HTTP/1.1 413 ")
        assert size <= 1

    @pytest.mark.parametrize(
        ("path", "kept"),
        [
            ("/api/v1/reading/", "in memory"),
            ("/admin/desk/read/", "in memory"),
            ("/admin/desk/document/018f3406-9e00-7211-a397-97ef8eefa4ba/read/text/", "in memory"),
            ("/api/v1/claims/", "in a file"),
        ],
    )
    def test_writes_no_text_of_an_article_to_a_file(self, port, tmp_path, path, kept):
        body = b"x" * 1_900_000

        asked(port, f"POST {path}", f"Content-Length: {len(body)}", body=body)

        written = "buffered to a temporary file" in (tmp_path / "log").read_text()
        assert written == (kept == "in a file")

    def test_answers_a_reader_beside_two_hundred_slow_connections(self, port):
        """Half send a head, half a body; each of twenty addresses has ten."""
        started = (f"GET / HTTP/1.1\r\nHost: {HOST}\r\n", LOGIN_BEGUN)
        with contextlib.ExitStack() as stack:
            for number in range(200):
                source = f"127.0.0.{2 + number % 20}"
                opened = stack.enter_context(connected(port, source=source))
                opened.sendall(started[number % 2].encode())
            answers = [asked(port, f"GET {path}")[0] for path in ("/readyz", "/method/", "/")]

        assert [answer.split()[1] for answer in answers] == ["200"] * 3
