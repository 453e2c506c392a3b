"""Which addresses of the network may be talked to: public ones, and those that the site allows."""

import base64
import hashlib
import secrets
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

type Ip = IPv4Address | IPv6Address

# Only these are public. Python's own table knows most exceptions; the others are below.
_PUBLIC = {4: ip_network("0.0.0.0/0"), 6: ip_network("2000::/3")}
_OTHERS = [
    ip_network(one)
    for one in (
        "168.63.129.16/32",  # a cloud's own, though its number is public
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",  # Teredo and other protocols
        "2002::/16",  # 6to4: what lies behind it is written inside
        "3fff::/20",
    )
]
# What lies behind it is written in the last four bytes, and may be public.
_NAT64 = ip_network("64:ff9b::/96")


class NotAllowed(ValueError):
    """An address that messages are not sent to; the message says why."""


class Endpoint(NamedTuple):
    """Where a URL leads: the address to connect to, and the name to ask it for."""

    url: SplitResult
    ip: str
    port: int


def parse_url(url: str, *, networks: Iterable[str]) -> SplitResult:
    """Read a URL without asking anybody about its host.

    :raises NotAllowed: if it can lead nowhere that messages may go.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise NotAllowed("must be a URL") from problem
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise NotAllowed("must be a URL, such as https://example.org/hook")
    if parts.username or parts.password or parts.fragment or any(map(str.isspace, url)):
        raise NotAllowed("must not contain a user name, a password, a fragment or spaces")
    allowed = [*networks]
    if parts.scheme == "http" and not allowed:
        raise NotAllowed("must begin with https://")
    if written := _literal_ip(parts.hostname):
        _require_allowed(written, parts.hostname, allowed)
    return parts


def resolve(url: str, *, networks: Iterable[str]) -> Endpoint:
    """Look a URL's host up, once, and give the address to connect to.

    :raises NotAllowed: if the host has none, or any that is not allowed.
    """
    allowed = list(networks)
    parts = parse_url(url, networks=allowed)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = list(_lookup(parts.hostname or "", port))
    if not found:
        raise NotAllowed(f"{parts.hostname} has no address")
    for ip in found:
        _require_allowed(ip, parts.hostname or "", allowed)
        if parts.scheme == "http" and not _in_networks(ip, allowed):
            raise NotAllowed("must begin with https://")
    return Endpoint(url=parts, ip=str(found[0]), port=port)


def forbidden(ip: Ip) -> bool:
    """Whether an address is one that is not public, however it is written."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return forbidden(ip.ipv4_mapped)
        if ip in _NAT64:
            return forbidden(IPv4Address(int(ip) & 0xFFFF_FFFF))
    if ip not in _PUBLIC[ip.version] or ip.is_multicast or not ip.is_global:
        return True
    return any(ip in one for one in _OTHERS)


def _require_allowed(ip: Ip, host: str, allowed: Iterable[str]) -> None:
    """:raises NotAllowed: if it is not, and the site does not allow it either."""
    if forbidden(ip) and not _in_networks(ip, allowed):
        raise NotAllowed(f"{host} resolves to {ip}, which is not a public address")


def _in_networks(ip: Ip, allowed: Iterable[str]) -> bool:
    return any(ip in ip_network(one) for one in allowed)


def _literal_ip(host: str) -> Ip | None:
    """The address that a URL has in the place of a name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _lookup(host: str, port: int) -> Iterator[Ip]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise NotAllowed(f"{host} cannot be resolved") from problem
    for *_, sockaddr in found:
        yield ip_address(str(sockaddr[0]).partition("%")[0])


# For each step, and for all of them together.
TIMEOUT = 10.0
SECONDS = 20.0
AGENT = "Entente-Webhooks/1"
GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a receiver answered, or why there was no answer. `wait`: seconds it asked for."""

    status: int | None
    error: str
    milliseconds: int
    wait: int = 0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants no more, ever."""
        return self.status == GONE


def post(url: str, headers: Mapping[str, str], body: str, *, networks: list[str]) -> Outcome:
    """Send a message. Redirects are not followed, and whatever fails is an outcome too."""
    began = time.monotonic()
    status, error, wait = None, "", 0
    try:
        status, wait = _post(resolve(url, networks=networks), headers, body.encode())
    except (ValueError, HTTPError, HTTPException, OSError) as problem:
        error = str(problem)[:500]
    if status is not None and not 200 <= status < 300:
        redirected = " to another address, which is not followed" if 300 <= status < 400 else ""
        error = f"answered {status}{redirected}"
    took = round((time.monotonic() - began) * 1_000)
    return Outcome(status=status, error=error, milliseconds=took, wait=wait)


def _post(place: Endpoint, headers: Mapping[str, str], body: bytes) -> tuple[int, int]:
    """Give the status of the answer and how long to wait, by its `Retry-After`."""
    connection = _connection(place)
    # A receiver that sends a byte now and then would never time out.
    end = Timer(SECONDS, _abort, [connection])
    end.daemon = True
    end.start()
    try:
        whole = {**headers, "Host": place.url.netloc, "User-Agent": AGENT}
        connection.request("POST", _target(place), body, whole, preload_content=False)
        answer = connection.getresponse()
        wait = answer.headers.get("Retry-After", "")
        return answer.status, int(wait) if wait.isdecimal() and len(wait) < 9 else 0
    finally:
        end.cancel()
        connection.close()


def _connection(place: Endpoint) -> HTTPConnection:
    """To the address itself, where the certificate must be the name's."""
    if place.url.scheme == "http":
        return HTTPConnection(place.ip, place.port, timeout=TIMEOUT)
    name = place.url.hostname
    return HTTPSConnection(place.ip, place.port, timeout=TIMEOUT, server_hostname=name)


def _abort(connection: HTTPConnection) -> None:
    if connection.sock:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _target(place: Endpoint) -> str:
    query = f"?{place.url.query}" if place.url.query else ""
    return f"{place.url.path or '/'}{query}"


# After a new secret was given out, messages are signed with the old one too.
OVERLAP = timedelta(hours=24)
PREFIX = "whsec_"

type Salt = dict[str, Any]


class KeyChanged(Exception):
    """`SECRET_KEY` is another one than when the secret was given out."""


def new_salt() -> Salt:
    """The salt of a new secret, with a check that says later whether it still follows."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "check": _check(_key(salt)), "until": None}


def rotate(held: Sequence[Salt], *, at: datetime) -> list[Salt]:
    """A new salt before those that are still used, which end soon."""
    end = (at + OVERLAP).isoformat()
    return [new_salt(), *({**one, "until": one["until"] or end} for one in _active(held, at))]


def secret(held: Sequence[Salt]) -> str:
    """The newest secret, as receivers want it."""
    return PREFIX + base64.b64encode(_key(held[0]["salt"])).decode()


def headers(held: Sequence[Salt], key: str, body: str, *, at: datetime) -> dict[str, str]:
    """The headers that sign a message, with each secret in use.

    :raises KeyChanged:
    """
    # The library reads every time as one of UTC.
    moment = at.astimezone(UTC)
    signers = [Webhook(_verified_key(one)) for one in _active(held, at)]
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(one.sign(key, moment, body) for one in signers),
    }


def _active(held: Iterable[Salt], at: datetime) -> list[Salt]:
    return [one for one in held if not one["until"] or datetime.fromisoformat(one["until"]) > at]


def _verified_key(one: Salt) -> bytes:
    key = _key(one["salt"])
    if _check(key) != one["check"]:
        raise KeyChanged("SECRET_KEY was changed: give the receiver a new secret")
    return key


def _key(salt: str) -> bytes:
    return salted_hmac("tracker.webhooks", salt, algorithm="sha256").digest()


def _check(key: bytes) -> str:
    return hashlib.sha256(b"check" + key).hexdigest()[:16]
