"""The running API keeps to its own description: schemathesis asks it, with all its checks, in
every role, with what fits and what does not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.kit import databases
from tests.kit.builders import a_token
from tests.kit.processes import CHECKOUT
from tests.kit.seeded import SEEDED, seeded
from tests.kit.sites import a_place, served
from tracker.operations import accounts, editions
from tracker.projections import shifts
from tracker.queries import moment

pytestmark = [pytest.mark.faults, pytest.mark.long]
CONFIG = Path(__file__).with_name("schemathesis.toml")
# `nobody` sends no token to a closed site, `anybody` none to an open one. Each scope by itself is
# in test_roles.py, and here for as long as `make test-long` takes.
ROLES = ("everything", "read", "nobody", "anybody")
LONG_ROLES = (*accounts.SCOPES, "nobody", "anybody")
# Of all roles together.
LONG_SECONDS = int(os.environ.get("SECONDS") or 300)


def open_record() -> dict[str, str]:
    """Add to the article on record what is worked out from it in the end, and issue tokens."""
    shifts.find(today=SEEDED.date())
    editions.publish("standing", SEEDED.date().replace(day=24), at=SEEDED, as_of=moment.now())
    tokens = {scope: a_token(scope, at=SEEDED) for scope in accounts.SCOPES}
    return {"everything": a_token(at=SEEDED), **tokens}


@pytest.fixture(scope="module")
def sites(django_db_blocker) -> Iterator[tuple[dict[str, str], Any]]:
    """The addresses of a closed and of an open site, and the tokens by their scopes."""
    with django_db_blocker.unblock():
        opened = databases.template("contract", base=seeded(scored=True).name, make=open_record)
    with ExitStack() as stack:
        environ = stack.enter_context(a_place(opened))
        environ |= {"RATE_LIMIT": "0", "LOG_LEVEL": "ERROR"}
        addresses = {
            "closed": served(environ),
            "open": served(environ | {"ANONYMOUS_READERS": "1"}),
        }
        found = {name: stack.enter_context(one) for name, one in addresses.items()}
        yield found, opened.facts


def asked(sites: tuple[dict[str, str], Any], role: str, folder: Path, *words: str) -> Any:
    """Let schemathesis ask in a role, and give its report; a failure shows what it said."""
    addresses, issued = sites
    address = addresses["open" if role == "anybody" else "closed"]
    who = ["--header", f"Authorization: Bearer {issued[role]}"] if role in issued else []
    report = folder / "report.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
            *(f"{address}/api/v1/openapi.json", *who, "--checks", "all", "--no-shrink"),
            *("--continue-on-failure", "--seed", "1", "--generation-database", "none"),
            *("--report", "json", "--report-json-path", str(report), *words),
        ],
        cwd=CHECKOUT,
        env=os.environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(report.read_text())


class TestEveryRole:
    @pytest.mark.parametrize("role", ROLES)
    def test_finds_what_is_described(self, sites, tmp_path, role):
        report = asked(sites, role, tmp_path, "--phases", "examples,fuzzing", "-n", "1")

        assert report["operations"]["tested"] == report["operations"]["selected"]

    @pytest.mark.parametrize("role", LONG_ROLES)
    @pytest.mark.timeout(LONG_SECONDS)
    def test_finds_it_however_long_it_asks(self, sites, tmp_path, role):
        seconds = str(LONG_SECONDS // len(LONG_ROLES))

        asked(sites, role, tmp_path, "--max-time", seconds)
