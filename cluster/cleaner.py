"""Removes what a cluster leaves behind if its process is killed: run by path, with the folders.

It waits until the other end of its standard input is closed, which the kernel does when the process
ends, whatever ended it.
"""

import ctypes
import glob
import os
import shutil
import signal
import sys
import time

# The servers end by themselves, unless they are frozen.
GRACE_SECONDS = 3
MOST_SECONDS = 30


def main(folders: list[str]) -> None:
    """Wait for the end of the cluster, then remove its folders."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    sys.stdin.read()
    end = time.monotonic() + GRACE_SECONDS
    while _inhabitants(folders) and time.monotonic() < end:
        time.sleep(0.1)
    end = time.monotonic() + MOST_SECONDS
    while any(os.path.lexists(folder) for folder in folders) and time.monotonic() < end:
        for pid in _inhabitants(folders):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        for folder in folders:
            for lock in glob.glob(f"{folder}/*/postgres/data/postmaster.pid"):  # noqa: PTH207
                release_memory(lock)
            shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.1)


def release_memory(lock: str | os.PathLike[str]) -> None:
    """Remove the segment of shared memory that the lock file of a PostgreSQL names. The kernel
    keeps it if a process uses it."""
    try:
        with open(lock) as file:  # noqa: PTH123
            segment = int(file.read().split("\n")[6].split()[1])
    except (OSError, ValueError, IndexError):
        return
    # 0 is IPC_RMID.
    ctypes.CDLL(None).shmctl(segment, 0, None)


def _inhabitants(folders: list[str]) -> list[int]:
    """The processes whose working folder is inside."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208
        try:
            where = os.readlink(f"/proc/{name}/cwd") if name.isdecimal() else ""  # noqa: PTH115
        except OSError:
            continue
        if any(f"{where}/".startswith(f"{folder}/") for folder in folders):
            found.append(int(name))
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
