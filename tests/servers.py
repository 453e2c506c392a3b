"""The pytest plug-in that lends the whole session private servers, unless it is given some.

Loaded by `addopts`, so that a bare `pytest tests/test_x.py` works as `make test` does.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack
from tempfile import TemporaryDirectory

import pytest

from config.embedded.servers import private_servers
from config.embedded.state import STATE

pytest_plugins = ["tests.chromium", "tests.nginx"]

NEEDED = ("DATABASE_URL", "REDIS_URL")
# With these pytest looks and runs nothing.
IDLE = {"--help", "-h", "--version", "-V", "--collect-only", "--co", "--markers", "--fixtures"}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, object, object]:
    """Start the servers before Django's settings are read.

    The workers of pytest-xdist find the addresses in the environment that they inherit.
    """
    (STATE / "static").mkdir(parents=True, exist_ok=True)
    if not os.environ.get("SPOOL_FOLDER"):
        # Files of jobs that the tests' database does not know would be tidied away.
        spool = TemporaryDirectory(prefix="spool-")
        early_config.add_cleanup(spool.cleanup)
        os.environ["SPOOL_FOLDER"] = spool.name
    # One address asks for everything here; the tests of the limit set their own.
    os.environ.setdefault("RATE_LIMIT", "1000000")
    if not IDLE.intersection(args) and not all(os.environ.get(name) for name in NEEDED):
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        servers = stack.enter_context(private_servers(base=os.environ, fast=True))
        os.environ.update(servers.environ(os.environ))
    return (yield)


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    """Answers that were kept are of a record that was rolled back since."""
    from django.core.cache import caches  # noqa: PLC0415 # the settings are read by now

    caches["answers"].clear()
