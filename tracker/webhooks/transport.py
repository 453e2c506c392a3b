"""Sends signed messages, only to public addresses and to networks that the site allows."""

import base64
import hashlib
import hmac
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

from django.conf import settings
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

type Ip = IPv4Address | IPv6Address

# Only these are public. `ipaddress` excludes most special ranges; the others are below.
_PUBLIC = {4: ip_network("0.0.0.0/0"), 6: ip_network("2000::/3")}
_OTHERS = [
    ip_network(one)
    for one in (
        "168.63.129.16/32",  # internal to a cloud, although the number is public
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",  # Teredo and other protocols
        "2002::/16",  # 6to4: contains an IPv4 address
        "3fff::/20",
    )
]
# The last four bytes are an IPv4 address, which may be public.
_NAT64 = ip_network("64:ff9b::/96")


class AddressNotAllowed(ValueError):
    """No messages are sent to this address. The message has the reason."""


class Endpoint(NamedTuple):
    """A resolved URL: the address to connect to, and the name for the certificate."""

    url: SplitResult
    ip: str
    port: int


def parse_url(url: str, *, networks: Iterable[str]) -> SplitResult:
    """Parse and check a URL, without resolving its host.

    :raises NotAllowed: if messages cannot be sent to it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise AddressNotAllowed("must be a URL") from problem
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise AddressNotAllowed("must be a URL, such as https://example.org/hook")
    if parts.username or parts.password or parts.fragment or any(map(str.isspace, url)):
        raise AddressNotAllowed("must not contain a user name, a password, a fragment or spaces")
    allowed = [*networks]
    if parts.scheme == "http" and not allowed:
        raise AddressNotAllowed("must begin with https://")
    if ip := _literal_ip(parts.hostname):
        _require_allowed(ip, parts.hostname, allowed)
    return parts


def resolve(url: str, *, networks: Iterable[str]) -> Endpoint:
    """Resolve a URL's host once.

    :raises NotAllowed: if the host has no address, or one that is not allowed.
    """
    allowed = list(networks)
    parts = parse_url(url, networks=allowed)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = list(_lookup(parts.hostname or "", port))
    if not addresses:
        raise AddressNotAllowed(f"{parts.hostname} has no address")
    for ip in addresses:
        _require_allowed(ip, parts.hostname or "", allowed)
        if parts.scheme == "http" and not _in_networks(ip, allowed):
            raise AddressNotAllowed("must begin with https://")
    return Endpoint(url=parts, ip=str(addresses[0]), port=port)


def forbidden(ip: Ip) -> bool:
    """Whether an address is not public, in any notation."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return forbidden(ip.ipv4_mapped)
        if ip in _NAT64:
            return forbidden(IPv4Address(int(ip) & 0xFFFF_FFFF))
    if ip not in _PUBLIC[ip.version] or ip.is_multicast or not ip.is_global:
        return True
    return any(ip in network for network in _OTHERS)


def _require_allowed(ip: Ip, host: str, allowed: Iterable[str]) -> None:
    """:raises NotAllowed: if an address is neither public nor allowed by the site."""
    if forbidden(ip) and not _in_networks(ip, allowed):
        raise AddressNotAllowed(f"{host} resolves to {ip}, which is not a public address")


def _in_networks(ip: Ip, allowed: Iterable[str]) -> bool:
    return any(ip in ip_network(network) for network in allowed)


def _literal_ip(host: str) -> Ip | None:
    """The IP address if the host is one, else None."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _lookup(host: str, port: int) -> Iterator[Ip]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise AddressNotAllowed(f"{host} cannot be resolved") from problem
    for *_, sockaddr in infos:
        yield ip_address(str(sockaddr[0]).partition("%")[0])


# Seconds for each step of a request, and for the whole request.
TIMEOUT = 10.0
SECONDS = 20.0
AGENT = "Entente-Webhooks/1"
GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The response of a receiver, or the error. `wait`: the seconds in its `Retry-After`."""

    status: int | None
    error: str
    milliseconds: int
    wait: int = 0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants no further messages."""
        return self.status == GONE


def post(url: str, headers: Mapping[str, str], body: str, *, networks: list[str]) -> Outcome:
    """Send a message. Redirects are not followed; errors are part of the outcome."""
    started = time.monotonic()
    status, error, wait = None, "", 0
    try:
        status, wait = _post(resolve(url, networks=networks), headers, body.encode())
    except (ValueError, HTTPError, HTTPException, OSError) as problem:
        error = str(problem)[:500]
    if status is not None and not 200 <= status < 300:
        redirected = " to another address, which is not followed" if 300 <= status < 400 else ""
        error = f"answered {status}{redirected}"
    milliseconds = round((time.monotonic() - started) * 1_000)
    return Outcome(status=status, error=error, milliseconds=milliseconds, wait=wait)


def _post(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> tuple[int, int]:
    """The status of the response, and the seconds in its `Retry-After`."""
    connection = _connection(endpoint)
    # A receiver that sends single bytes slowly would never time out.
    timer = Timer(SECONDS, _abort, [connection])
    timer.daemon = True
    timer.start()
    try:
        all_headers = {**headers, "Host": endpoint.url.netloc, "User-Agent": AGENT}
        connection.request("POST", _target(endpoint), body, all_headers, preload_content=False)
        response = connection.getresponse()
        wait = response.headers.get("Retry-After", "")
        return response.status, int(wait) if wait.isdecimal() and len(wait) < 9 else 0
    finally:
        timer.cancel()
        connection.close()


def _connection(endpoint: Endpoint) -> HTTPConnection:
    """A connection to the resolved address; the certificate must be for the name."""
    if endpoint.url.scheme == "http":
        return HTTPConnection(endpoint.ip, endpoint.port, timeout=TIMEOUT)
    name = endpoint.url.hostname
    return HTTPSConnection(endpoint.ip, endpoint.port, timeout=TIMEOUT, server_hostname=name)


def _abort(connection: HTTPConnection) -> None:
    if connection.sock:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _target(endpoint: Endpoint) -> str:
    query = f"?{endpoint.url.query}" if endpoint.url.query else ""
    return f"{endpoint.url.path or '/'}{query}"


# Messages are signed with the old secret too for so long after a new one was created.
OVERLAP = timedelta(hours=24)
PREFIX = "whsec_"

type Salt = dict[str, Any]


class KeyChanged(Exception):
    """The key from which the secret was derived is no longer among the settings."""


def new_salt() -> Salt:
    """The salt of a new secret, with a checksum that later finds its key among the settings."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "check": _check(_derived(_keys()[0], salt)), "until": None}


def rotate(salts: Sequence[Salt], *, at: datetime) -> list[Salt]:
    """A new salt, then the active ones with an end."""
    end = (at + OVERLAP).isoformat()
    return [new_salt(), *({**salt, "until": salt["until"] or end} for salt in _active(salts, at))]


def secret(salts: Sequence[Salt]) -> str:
    """The newest secret in the format for receivers.

    :raises KeyChanged:
    """
    return PREFIX + base64.b64encode(_found(salts[0])).decode()


def headers(salts: Sequence[Salt], key: str, body: str, *, at: datetime) -> dict[str, str]:
    """The headers that sign a message with each active secret.

    :raises KeyChanged:
    """
    # The library treats every time as UTC.
    moment = at.astimezone(UTC)
    signers = [Webhook(_found(salt)) for salt in _active(salts, at)]
    return {
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signer.sign(key, moment, body) for signer in signers),
    }


def _active(salts: Iterable[Salt], at: datetime) -> list[Salt]:
    return [s for s in salts if not s["until"] or datetime.fromisoformat(s["until"]) > at]


def _found(salt: Salt) -> bytes:
    """A secret, derived from the key with which it was created."""
    for key in _keys():
        secret = _derived(key, salt["salt"])
        if hmac.compare_digest(_check(secret), salt["check"]):
            return secret
    raise KeyChanged(
        "the key of its secret is gone: add the former WEBHOOK_KEY or SECRET_KEY to the fallbacks,"
        " or give the receiver a new secret"
    )


def _keys() -> list[str]:
    """The keys from which secrets are or were derived; new ones from the first."""
    named = (settings.WEBHOOK_KEY, *settings.WEBHOOK_KEY_FALLBACKS)
    keys = (*named, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [key for key in keys if key]


def _derived(key: str, salt: str) -> bytes:
    return salted_hmac("tracker.webhooks", salt, secret=key, algorithm="sha256").digest()


def _check(key: bytes) -> str:
    return hashlib.sha256(b"check" + key).hexdigest()[:16]
