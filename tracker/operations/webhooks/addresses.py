"""Which addresses of the network may be talked to: public ones, and those that the site allows."""

import socket
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

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


class Place(NamedTuple):
    """Where a URL leads: the address to connect to, and the name to ask it for."""

    url: SplitResult
    ip: str
    port: int


def checked(url: str, *, networks: Iterable[str]) -> SplitResult:
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
    if written := _written(parts.hostname):
        _public(written, parts.hostname, allowed)
    return parts


def resolved(url: str, *, networks: Iterable[str]) -> Place:
    """Look a URL's host up, once, and give the address to connect to.

    :raises NotAllowed: if the host has none, or any that is not allowed.
    """
    allowed = list(networks)
    parts = checked(url, networks=allowed)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = list(_looked_up(parts.hostname or "", port))
    if not found:
        raise NotAllowed(f"{parts.hostname} has no address")
    for ip in found:
        _public(ip, parts.hostname or "", allowed)
        if parts.scheme == "http" and not _ours(ip, allowed):
            raise NotAllowed("must begin with https://")
    return Place(url=parts, ip=str(found[0]), port=port)


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


def _public(ip: Ip, host: str, allowed: Iterable[str]) -> None:
    """:raises NotAllowed: if it is not, and the site does not allow it either."""
    if forbidden(ip) and not _ours(ip, allowed):
        raise NotAllowed(f"{host} resolves to {ip}, which is not a public address")


def _ours(ip: Ip, allowed: Iterable[str]) -> bool:
    return any(ip in ip_network(one) for one in allowed)


def _written(host: str) -> Ip | None:
    """The address that a URL has in the place of a name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _looked_up(host: str, port: int) -> Iterator[Ip]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise NotAllowed(f"{host} cannot be resolved") from problem
    for *_, sockaddr in found:
        yield ip_address(str(sockaddr[0]).partition("%")[0])
