"""The pytest plug-in that lends the whole session private servers, unless it is given some.

Loaded by `addopts`, so that a bare `pytest tests/test_x.py` works as `make test` does.
"""

import gc
import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from config.embedded import launcher
from config.embedded.state import STATE
from tests.kit.private_servers import private_servers

# Its assertions show their values, as those of tests do.
pytest.register_assert_rewrite("tests.kit.api_client", "tests.kit.api_cases")
pytest_plugins = [
    "tests.kit.chromium",
    "tests.kit.debian",
]

# Names the templates of a run; its first process sets it and the others inherit it.
RUN = "TESTS_RUN"
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
    if "PYTEST_XDIST_WORKER" in os.environ:
        # A worker in the middle of a test would outlive a run that is killed.
        launcher.bind(os.getppid(), by=signal.SIGKILL)
    # Hundreds of processes load the same modules.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    (STATE / "static").mkdir(parents=True, exist_ok=True)
    if not os.environ.get("SPOOL_FOLDER"):
        # Files of jobs that the tests' database does not know would be tidied away.
        spool = TemporaryDirectory(prefix="spool-")
        early_config.add_cleanup(spool.cleanup)
        os.environ["SPOOL_FOLDER"] = spool.name
    counts = TemporaryDirectory(prefix="metrics-")
    early_config.add_cleanup(counts.cleanup)
    os.environ["METRICS_FOLDER"] = counts.name
    # No test uses the key of this clone, or moves its last checkpoint. There is no folder: the
    # databases of tests are clones of one log, and what is seen of one would be an alarm in others.
    os.environ["SEAL_FOLDER"] = "/proc/nowhere"
    # One address asks for everything here; the tests of the limit set their own.
    os.environ.setdefault("RATE_LIMIT", "1000000")
    if IDLE.intersection(args):
        return (yield)
    if not all(os.environ.get(name) for name in NEEDED):
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        servers = stack.enter_context(private_servers(base=os.environ))
        os.environ.update(servers.environ(os.environ))
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        early_config.add_cleanup(_drop_templates)
    os.environ.setdefault(RUN, uuid4().hex[:12])
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what starts processes or a browser: it takes longest, and at the end of a run no
    process of pytest should work alone."""
    items.sort(
        key=lambda item: not {"browser", "faults"} & {one.name for one in item.iter_markers()}
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Keep what is collected out of the garbage collector's way: it stays until the end."""
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    return result


def _drop_templates() -> None:
    """Leave a server that outlives the run as it was."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        made = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in server.execute(made, [f"template_{os.environ[RUN]}_"]).fetchall():
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    """Answers that were kept are of a record that was rolled back since."""
    from django.core.cache import caches  # noqa: PLC0415 # the settings are read by now

    caches["answers"].clear()
