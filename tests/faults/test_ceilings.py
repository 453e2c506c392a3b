"""How much of a body a real server reads before its sender is known, by the bytes that it takes."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from benchmarks import slow_connections
from tests.kit.builders import AT
from tests.kit.databases import working_at
from tests.kit.processes import eventually
from tests.kit.sites import Site, a_site
from tracker.operations import accounts

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]
LARGE = 150_000_000
# What the two kernels hold between client and server, and what is dropped after a refusal.
LITTLE = 20_000_000
BOUNDARY = "a-boundary"
KIND = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
IMPORTS, BRING = "/api/v1/imports/", "/admin/desk/job/add/"


@pytest.fixture(scope="module")
def site(desk_template) -> Iterator[Site]:
    with a_site(desk_template) as opened:
        yield opened


@pytest.fixture(scope="module")
def people(site, django_db_blocker) -> dict[str, str]:
    """The header by which a server knows somebody, by name."""
    with django_db_blocker.unblock(), working_at(site.database):
        lasting = timedelta(days=36_500)
        reader = accounts.issue(
            "ann", by=accounts.COMMAND_LINE, name="reads", scopes=["read"], lasting=lasting, at=AT
        )
        return {
            "importer": f"Authorization: Bearer {site.token}",
            "reader": f"Authorization: Bearer {reader}",
            "nobody": "Accept: */*",
            "viewer at the desk": _session("viewer"),
            "importer at the desk": _session("importer"),
        }


def _session(role: str) -> str:
    user = get_user_model().objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return f"Cookie: sessionid={client.cookies['sessionid'].value}"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a server said, and how many bytes of a body it took before."""

    answer: str
    size: int

    @property
    def status(self) -> int:
        return int(self.answer.split()[1]) if self.answer else 0


def head(path: str, *lines: str, length: int = LARGE) -> bytes:
    said = [f"POST {path} HTTP/1.1", "Host: localhost", *lines, f"Content-Length: {length}"]
    return ("\r\n".join(said) + "\r\n\r\n").encode()


def connected(site: Site) -> socket.socket:
    address = urlsplit(site.url)
    return socket.create_connection((address.hostname, address.port), 120)


def send(site: Site, begin: bytes, piece: bytes, *, most: int = LARGE) -> Sent:
    """Send a head and a body until it is refused, and read the answer."""
    size = 0
    with connected(site) as opened:
        opened.sendall(begin)
        try:
            while size < most:
                size += opened.send(piece[size % len(piece) :][: most - size])
        except OSError:
            pass
        return Sent(_answer(opened), size)


def _answer(opened: socket.socket) -> str:
    parts = []
    try:
        while part := opened.recv(65_536):
            parts.append(part)
    except OSError:
        pass
    return b"".join(parts).decode()


def _has_answer(opened: socket.socket) -> bool:
    """Whether one comes within a second."""
    opened.settimeout(1)
    try:
        return bool(opened.recv(1, socket.MSG_PEEK))
    except TimeoutError:
        return False


def form(data: bytes, **fields: str) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = 'Content-Disposition: form-data; name="file"; filename="x.CSV"'
    begin = f"{''.join(parts)}--{BOUNDARY}\r\n{file}\r\n\r\n".encode()
    return begin + data + f"\r\n--{BOUNDARY}--\r\n".encode()


class TestAnUpload:
    @pytest.mark.parametrize(
        ("path", "who", "status"),
        [
            (IMPORTS, "nobody", 401),
            (IMPORTS, "reader", 403),
            (BRING, "nobody", 302),
            (BRING, "viewer at the desk", 403),
        ],
    )
    def test_of_who_may_not_is_refused_unread(self, site, people, path, who, status):
        sent = send(site, head(path, KIND, people[who]), b"x" * 65_536)

        assert sent.status == status
        assert sent.size < LITTLE

    def test_comes_in_at_the_desk(self, site, people):
        """The form's own token stands in the body, before the file."""
        cookie = people["importer at the desk"]
        with connected(site) as opened:
            opened.sendall(
                f"GET {BRING} HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            page = _answer(opened)
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
        guard = re.search("csrftoken=([^;]+)", page).group(1)
        body = form(b"y" * 5_000_000, csrfmiddlewaretoken=token)

        sent = send(
            site,
            head(BRING, KIND, f"{cookie}; csrftoken={guard}", length=len(body)),
            body,
            most=len(body),
        )

        assert sent.status == 302, sent.answer
        assert re.search("Location: /admin/desk/job/[0-9a-f-]{36}/", sent.answer)

    def test_finds_room_while_others_are_slow(self, site, people):
        """Two are read at once in each of the two processes. The next one is told to come
        again; a reader is answered."""
        begin = head(IMPORTS, KIND, people["importer"])
        with ExitStack() as stack:
            held = 0
            while held < 4:
                upload = stack.enter_context(connected(site))
                upload.sendall(begin)
                held += not _has_answer(upload)
            late = send(site, begin, b"x", most=1)
            reader = slow_connections.read(urlsplit(site.url).port, "/healthz", timeout=120)

        assert late.status == 503
        assert "\r\nRetry-After: 10\r\n" in late.answer
        assert "Too many uploads are in progress. Try again in 10 seconds." in late.answer
        assert reader[0] == 200
        # Those that broke off leave their places.
        body = form(b"x" * 3_000_000)
        begin = head(IMPORTS, KIND, people["importer"], length=len(body))
        eventually(
            lambda: send(site, begin, body, most=len(body)).status == 202, what="there is room"
        )

    @pytest.mark.parametrize(
        ("who", "first"), [("importer", b"HTTP/1.1 100 "), ("nobody", b"HTTP/1.1 401 ")]
    )
    def test_is_asked_for_when_its_sender_waits_to_be(self, site, people, who, first):
        waiting = "Expect: 100-continue"
        with connected(site) as opened:
            opened.sendall(head(IMPORTS, KIND, people[who], waiting, length=3_000_000))

            assert opened.recv(65_536).startswith(first)
