"""Finds libfaketime for tests of wrong clocks; run as a program it fetches Debian's."""

import os

import pytest

from cluster import debian
from cluster.clocks import MISSING, PACKAGE, find, wrong_clock

__all__ = ["faketime", "find", "wrong_clock"]


@pytest.fixture(scope="session")
def faketime() -> str:
    """Give the path of libfaketime. Without it the test is skipped, and on CI it fails."""
    path = find()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return path


if __name__ == "__main__":
    if find() is None:
        print("entente | fetching Debian's libfaketime for the tests of wrong clocks")  # noqa: T201
        debian.fetch(PACKAGE)
    if find() is None:
        print(f"entente | {MISSING}")  # noqa: T201
