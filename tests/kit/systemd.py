"""Asks systemd whether it understands units."""

import shutil
import subprocess
from pathlib import Path

import pytest


def in_unit(path: str) -> str:
    """A path as a command of a unit names it."""
    return path.replace(" ", "\\x20")


def said_by_systemd(folder: Path) -> str:
    """What `systemd-analyze verify` says about the units in a folder: nothing if all is well."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze is to be had: install Debian's systemd")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *sorted(folder.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout + done.stderr
