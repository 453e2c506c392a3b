"""The hosts of a cluster."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.kit.cluster.hosts import Host, Namespaces, namespaces_problem

PORT = 8000


@pytest.fixture
def namespaces() -> Iterator[Namespaces]:
    if problem := namespaces_problem():
        pytest.skip(problem)
    with Namespaces() as network:
        yield network


def listening(host: Host) -> socket.socket:
    with host.inside():
        server = socket.create_server((host.address, PORT))
    server.settimeout(5)
    return server


def reaches(one: Host, other: Host) -> bool:
    with suppress(OSError), one.inside(), _connection(other):
        return True
    return False


def _connection(to: Host) -> socket.socket:
    return socket.create_connection((to.address, PORT), timeout=2)


@pytest.mark.long
def test_hosts_reach_each_other_and_nothing_else(namespaces: Namespaces):
    before = socket.if_nameindex()
    one, other = namespaces.add("one"), namespaces.add("other")
    with listening(other):
        assert reaches(one, other)
    assert socket.if_nameindex() == before, "the machine's own network is as it was"
    with one.inside(), pytest.raises(OSError, match="unreachable"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.long
def test_a_cut_link_loses_packets_and_a_healed_one_delivers_them(namespaces: Namespaces):
    one, other, third = (namespaces.add(name) for name in ("one", "other", "third"))
    with listening(other) as server, one.inside(), _connection(other) as open_before:
        accepted, _ = server.accept()
        namespaces.cut(one, other)
        open_before.sendall(b"lost")
        assert not reaches(one, other)
        assert reaches(third, other)
        namespaces.heal(one, other)
        assert reaches(one, other)
        # TCP sends again what was lost: nobody noticed.
        accepted.settimeout(10)
        assert accepted.recv(4) == b"lost"
        accepted.close()
