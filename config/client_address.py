"""The client address of a request: for locked logins and for limits per address."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

# The request came through a Unix socket, or its address is not valid.
UNKNOWN = "0.0.0.0"  # noqa: S104 # nothing is bound to it


def client_address(request: HttpRequest) -> str:
    """The client's address, for IPv6 its /64 network, since one client owns all of it.

    Behind `PROXIES` proxies it is the entry of X-Forwarded-For that the outermost of them wrote;
    the client itself may have written the entries to its left. Without a proxy the header is
    ignored.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    candidates = [*_forwarded(request.META.get("HTTP_X_FORWARDED_FOR", "")), peer]
    return next((one for text in candidates if (one := address_key(text))), UNKNOWN)


def _forwarded(header: str) -> list[str]:
    """The entry that the outermost of our proxies wrote, if any."""
    if not settings.PROXIES or not header:
        return []
    entries = header.split(",")
    return [entries[-min(settings.PROXIES, len(entries))]]


def address_key(text: str) -> str:
    """The canonical form under which an address is counted; empty if it is not valid."""
    with suppress(ValueError):
        return _without_host_part(ip_address(_without_port(text.strip())))
    return ""


def _without_port(text: str) -> str:
    """Some proxies write `192.0.2.1:4711` or `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, port = text.partition(":")
    return host if colon and ":" not in port else text


def _without_host_part(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False).network_address)
