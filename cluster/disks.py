"""Small disks for hosts, so that one can be filled: file systems in memory, which only this process
and those that it starts see. The kernel removes them when these have ended."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from cluster.hosts import NotHere

FILLER = "filler"
CHUNK = bytes(65536)


def hide_mounts() -> None:
    """From now on, only this thread and what it starts see what it mounts. It cannot be undone.

    :raises NotHere: without the right to mount.
    """
    if not hasattr(os, "unshare"):
        raise NotHere("Disks of hosts need Linux.")
    try:
        os.unshare(os.CLONE_NEWNS)
        subprocess.run(["mount", "--make-rslave", "/"], check=True, capture_output=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NotHere(f"Disks of hosts need root: {problem}") from problem


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
