"""What a process and its children use, as the kernel counts it."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ESTABLISHED = "01"
PROC = Path("/proc")


class Resources(NamedTuple):
    """The sums of a process and of all that it started."""

    processes: int
    # Memory that is shared with others counts in part.
    memory_kb: int
    # Without programs and libraries, whose share depends on how many others run them, and without
    # PostgreSQL's buffers, which have a fixed size and fill up.
    own_memory_kb: int
    descriptors: int
    # Connections of TCP that are open.
    connections: int


def family(pid: int) -> list[int]:
    """A process and all that it started, without those that have ended."""
    children: dict[int, list[int]] = {}
    for number, parent in _parents():
        children.setdefault(parent, []).append(number)
    found = [pid] if _parent(pid) is not None else []
    for one in found:
        found += children.get(one, [])
    return found


def measure(pid: int) -> Resources:
    """Count what a process and its children use now."""
    pids = family(pid)
    memory = own_memory = descriptors = connections = 0
    for one in pids:
        with suppress(OSError):  # It ended meanwhile.
            memory += _memory_kb(one, "Pss:")
            own_memory += _memory_kb(one, "Pss_Anon:")
            targets = _descriptors(one)
            descriptors += len(targets)
            connections += len(targets & _established(one))
    return Resources(len(pids), memory, own_memory, descriptors, connections)


def _parents() -> Iterator[tuple[int, int]]:
    for name in os.listdir(PROC):  # noqa: PTH208 # is faster
        if name.isdecimal() and (parent := _parent(int(name))) is not None:
            yield int(name), parent


def _parent(pid: int) -> int | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[1])


def _memory_kb(pid: int, kind: str) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(kind)), 0)


def _descriptors(pid: int) -> set[str]:
    """Each open descriptor with what it points to: a socket by its inode."""
    folder, found = PROC / str(pid) / "fd", set()
    for name in os.listdir(folder):  # noqa: PTH208 # is faster
        with suppress(OSError):
            target = os.readlink(folder / name)  # noqa: PTH115 # not a path
            found.add(target if target.startswith("socket:") else f"{name} {target}")
    return found


def _established(pid: int) -> set[str]:
    found = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / str(pid) / "net" / table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == ESTABLISHED:
                    found.add(f"socket:[{fields[9]}]")
    return found
