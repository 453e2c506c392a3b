"""Removes what a cluster leaves behind if its process is killed: run by path, with the folders.

It waits until the other end of its standard input is closed, which the kernel does when the process
ends, whatever ended it.
"""

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
            shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.1)


def _inhabitants(folders: list[str]) -> list[int]:
    """The processes whose working folder is inside."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208
        try:
            where = os.readlink(f"/proc/{name}/cwd") if name.isdecimal() else ""  # noqa: PTH115
        except OSError:
            continue
        if any(where.startswith(folder) for folder in folders):
            found.append(int(name))
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
