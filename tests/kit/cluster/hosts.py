"""The hosts of a cluster: network namespaces, which only root may make.

They have no names. They exist as long as this process or one that it started is in them, so nothing
is left behind, even by kill -9. They hang on a bridge in a namespace of its own: there is no link
to the network of the machine.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

# Reserved for tests of networks (RFC 2544).
NETWORK = "198.18.0.{}"
LOOPBACK = "127.0.0.1"
# No host has this hardware address, so the bridge drops what is sent to it.
UNUSED_ADDRESS = "02:00:00:00:00:fe"


class Host:
    """A host that is a network namespace."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        with _kept_namespace():
            os.unshare(os.CLONE_NEWNET)
            self.descriptor = _own_namespace()

    @contextmanager
    def inside(self) -> Iterator[None]:
        with _kept_namespace():
            os.setns(self.descriptor, os.CLONE_NEWNET)
            yield

    def ip(self, *words: str) -> None:
        """Run the program `ip` on the host."""
        with self.inside():
            command = [_ip_program() or "ip", *words]
            subprocess.run(command, check=True, capture_output=True, text=True)

    def close(self) -> None:
        os.close(self.descriptor)


class Namespaces:
    """Hosts that are network namespaces, and the switch between them."""

    # The addresses of all hosts.
    clients = NETWORK.format("0/24")

    def __init__(self) -> None:
        self._switch = Host("switch", "")
        self._hosts: list[Host] = []
        self._switch.ip("link", "add", "hosts", "type", "bridge")
        self._switch.ip("link", "set", "hosts", "up")

    def __enter__(self) -> "Namespaces":
        return self

    def __exit__(self, *_: object) -> None:
        with ExitStack() as stack:
            for host in (self._switch, *self._hosts):
                stack.callback(host.close)

    def add(self, name: str) -> Host:
        number = len(self._hosts) + 1
        host = Host(name, NETWORK.format(number))
        self._hosts.append(host)
        there = f"/proc/{os.getpid()}/fd/{host.descriptor}"
        pair = ["link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0"]
        self._switch.ip(*pair, "netns", there)
        self._switch.ip("link", "set", f"port{number}", "master", "hosts", "up")
        host.ip("link", "set", "lo", "up")
        host.ip("address", "add", f"{host.address}/24", "dev", "eth0")
        host.ip("link", "set", "eth0", "up")
        return host

    def cut(self, one: Host, other: Host) -> None:
        for here, there in ((one, other), (other, one)):
            lost = ["neighbour", "replace", there.address, "lladdr", UNUSED_ADDRESS, "dev", "eth0"]
            here.ip(*lost, "nud", "permanent")


def _own_namespace() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


@contextmanager
def _kept_namespace() -> Iterator[None]:
    """Return this thread to its network namespace at the end."""
    before = _own_namespace()
    try:
        yield
    finally:
        os.setns(before, os.CLONE_NEWNET)
        os.close(before)


def _ip_program() -> str | None:
    return shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
