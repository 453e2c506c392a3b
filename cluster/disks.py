"""Small disks for hosts, so that one can be filled: file systems in memory, which only this process
and those that it starts see. The kernel removes them when these have ended."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cluster.hosts import NotHere

FILLER = "filler"
CHUNK = bytes(65536)


@contextmanager
def hidden_mounts() -> Iterator[None]:
    """Until the end, only this thread and what it starts see what it mounts.

    :raises NotHere: without the right to mount.
    """
    if not hasattr(os, "unshare"):
        raise NotHere("Disks of hosts need Linux.")
    with ExitStack() as stack:
        before, folder = os.open("/proc/thread-self/ns/mnt", os.O_RDONLY), Path.cwd()
        stack.callback(os.close, before)
        try:
            os.unshare(os.CLONE_NEWNS)
            stack.callback(_return, before, folder)
            subprocess.run(["mount", "--make-rslave", "/"], check=True, capture_output=True)  # noqa: S607
        except (OSError, subprocess.CalledProcessError) as problem:
            raise NotHere(f"Disks of hosts need root: {problem}") from problem
        yield


def _return(namespace: int, folder: Path) -> None:
    """Let this thread see the mounts of a namespace, as before."""
    # The kernel lets no thread in that shares its current folder with others, and moves it to the
    # root.
    os.unshare(os.CLONE_FS)
    os.setns(namespace, os.CLONE_NEWNS)
    os.chdir(folder)


def mount(folder: Path, *, megabytes: int) -> None:
    """Put a small disk at a folder."""
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode=711"
    command = ["mount", "-t", "tmpfs", "-o", options, "entente", str(folder)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603


def unmount(folder: Path) -> None:
    """Take the disk away, with what is on it."""
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)  # noqa: S603, S607


def fill(folder: Path) -> None:
    """Write until nothing more fits."""
    with suppress(OSError), (folder / FILLER).open("ab", buffering=0) as file:
        while True:
            file.write(CHUNK)


def free(folder: Path) -> None:
    """Delete what `fill` wrote."""
    (folder / FILLER).unlink(missing_ok=True)
