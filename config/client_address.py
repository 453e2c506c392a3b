"""The address that a request is counted under: for locked logins, and for limits per address."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# Of a request that came through a Unix socket, or whose address cannot be read.
UNKNOWN = "0.0.0.0"  # noqa: S104 # nothing is bound to it


def client_address(request: HttpRequest) -> str:
    """Give the client's address.

    Behind `PROXIES` proxies it is the entry of X-Forwarded-For that the outermost of them wrote;
    what stands to its left is the client's own word. Without a proxy the header is ignored. An
    IPv6 client is counted by its /64, since one client has all addresses of it.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    candidates = [*_forwarded(request.META.get("HTTP_X_FORWARDED_FOR", "")), peer]
    return next((one for text in candidates if (one := counted_as(text))), UNKNOWN)


def _forwarded(header: str) -> list[str]:
    """The entry that the outermost of our proxies wrote, if there is one."""
    if not settings.PROXIES or not header:
        return []
    entries = header.split(",")
    return [entries[-min(settings.PROXIES, len(entries))]]


def counted_as(text: str) -> str:
    """Give what an address is counted under, in its canonical form; empty if it is none."""
    with suppress(ValueError):
        return _grouped(ip_address(_without_port(text.strip())))
    return ""


def _without_port(text: str) -> str:
    """Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, _port = text.partition(":")
    return host if colon and ":" not in _port else text


def _grouped(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False).network_address)
