"""`make cluster` as a person runs it: what it prints, and that nothing is left of it."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.debian import OF_CLUSTER, NoProgram, program
from cluster.hosts import namespaces_problem
from config.embedded.places import socket_folder
from tests.kit.clusters import network_namespaces
from tests.kit.processes import CHECKOUT, Terminal, eventually, free_port, shell

pytestmark = [pytest.mark.faults, pytest.mark.long, pytest.mark.timeout(600)]
START_SECONDS = 300
KINDS = ("namespaces", "ports")


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    if request.param == "namespaces" and (problem := namespaces_problem()):
        pytest.skip(problem)
    try:
        for name in OF_CLUSTER:
            program(name)
    except NoProgram as problem:
        pytest.skip(str(problem))
    return request.param


@pytest.fixture
def terminal(kind: str) -> Iterator[Terminal]:
    """A cluster that has begun to write and read."""
    command = [sys.executable, "-m", "cluster", "--hosts", kind, "--port", str(free_port())]
    terminal = Terminal(command, folder=CHECKOUT, environ=shell())
    try:
        terminal.reads(" written, ", within=START_SECONDS)
        yield terminal
    finally:
        terminal.put_away()


def home(terminal: Terminal) -> Path:
    return Path(re.search(r"starting the servers in (\S+)", terminal.text)[1])


def namespaces_of(terminal: Terminal) -> set[str]:
    pids = terminal.runs("")
    links = {os.readlink(f"/proc/{pid}/ns/net") for pid in pids}  # noqa: PTH115
    return links - {os.readlink("/proc/self/ns/net")}  # noqa: PTH115


def assert_nothing_is_left(terminal: Terminal, folder: Path, made: set[str]) -> None:
    assert terminal.survivors(within=30) == []
    eventually(lambda: not folder.exists(), what="the folder is removed", within=30)
    left = [one for name in ("db-1", "db-2") if (one := socket_folder(folder / name)).exists()]
    assert left == []
    assert not made & network_namespaces()


def test_ctrl_c_ends_it_all(terminal: Terminal, kind: str):
    folder, made = home(terminal), namespaces_of(terminal)
    # Nine hosts: the proxy, the pooler, the broker, and two of each other kind.
    assert len(made) == (9 if kind == "namespaces" else 0)
    assert re.search(r"claim entered at web-1 is at position \d+; web-2 reads it", terminal.text)
    terminal.press("\x03")
    assert terminal.ends(within=60) == 0
    assert "no process, namespace or folder is left" in terminal.text
    assert_nothing_is_left(terminal, folder, made)


def test_nothing_is_left_when_it_is_killed_while_a_database_is_frozen(terminal: Terminal):
    folder, made = home(terminal), namespaces_of(terminal)
    frozen = int((folder / "db-1/postgres/data/postmaster.pid").read_text().split()[0])
    os.kill(frozen, signal.SIGSTOP)
    [main] = [pid for pid in terminal.runs("-m cluster") if pid == terminal.process.pid]
    os.kill(main, signal.SIGKILL)
    assert_nothing_is_left(terminal, folder, made)
