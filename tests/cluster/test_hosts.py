"""The hosts of a cluster: namespaces and ports."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cluster.hosts import Host, Namespaces, NotHere, Ports, namespaces_problem
from tests.kit.clusters import network_namespaces
from tests.kit.processes import CHECKOUT, eventually

HOLDS = """
import sys
from cluster.hosts import Namespaces
hosts = Namespaces()
for name in ("one", "other"):
    hosts.add(name)
print("made", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def namespaces() -> Iterator[Namespaces]:
    if problem := namespaces_problem():
        pytest.skip(problem)
    with Namespaces() as network:
        yield network


def listening(host: Host) -> socket.socket:
    with host.inside():
        server = socket.create_server((host.address, host.port("web")))
    server.settimeout(5)
    return server


def reaches(one: Host, other: Host) -> bool:
    with suppress(OSError), one.inside(), _connection(other):
        return True
    return False


def _connection(to: Host) -> socket.socket:
    return socket.create_connection((to.address, to.port("web")), timeout=2)


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


@pytest.mark.long
def test_namespaces_end_with_the_process_that_made_them():
    if problem := namespaces_problem():
        pytest.skip(problem)
    before = network_namespaces()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"made\n"
        # The switch and two hosts: they are held by descriptors.
        assert len(held_namespaces(holder.pid) - before) == 3
        os.kill(holder.pid, signal.SIGKILL)
    eventually(lambda: network_namespaces() <= before, what="the namespaces are gone", within=10)


def held_namespaces(pid: int) -> set[str]:
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]  # noqa: PTH115
    return {link for link in links if link.startswith("net:")}


def test_ports_are_apart_and_their_links_cannot_be_cut():
    network = Ports()
    one, other = network.add("one"), network.add("other")
    assert one.port("web") != other.port("web")
    with listening(one):
        assert reaches(other, one)
    with pytest.raises(NotHere, match="As root the hosts are namespaces"):
        network.cut(one, other)


@pytest.mark.long
def test_a_cleaner_ends_frozen_programs_of_a_killed_process_and_removes_its_folder(tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    cleaner = [sys.executable, "-I", "-S", str(CHECKOUT / "cluster/cleaner.py"), str(home)]
    with subprocess.Popen(cleaner, stdin=subprocess.PIPE) as cleaning:
        left = subprocess.Popen(["sleep", "100"], cwd=home)
        os.kill(left.pid, signal.SIGSTOP)
        started = time.monotonic()
        cleaning.stdin.close()
        assert left.wait(timeout=20) == -signal.SIGKILL
        assert cleaning.wait(timeout=20) == 0
    assert not home.exists()
    assert time.monotonic() - started < 10
