"""Programs of Debian for tests. Where one is not to be had, the test is skipped; on CI it fails."""

import os
from typing import NoReturn

import pytest

from tests.kit import debian_programs as debian
from tests.kit.debian_programs import NoProgram, Program


def missing(problem: Exception) -> NoReturn:
    """Skip a test, or fail it on CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(problem))
    pytest.skip(str(problem))


def program(name: str) -> Program:
    """Find a program of Debian's."""
    try:
        return debian.program(name)
    except NoProgram as problem:
        missing(problem)


@pytest.fixture(scope="session")
def haproxy() -> Program:
    return program("haproxy")


@pytest.fixture(scope="session")
def nginx() -> Program:
    return program("nginx")


@pytest.fixture(scope="session")
def pgbouncer() -> Program:
    return program("pgbouncer")


@pytest.fixture(scope="session")
def promtool() -> Program:
    return program("promtool")
