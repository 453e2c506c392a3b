"""The units of systemd and the compose file: what they start runs, and is the same."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml

from config.embedded import processes
from config.embedded.processes import ProcessSpec
from tests.kit.databases import a_clone, address
from tests.kit.private_servers import private_servers
from tests.kit.processes import CHECKOUT, eventually, free_port, manage, running
from tests.kit.systemd import in_unit, said_by_systemd

pytestmark = [pytest.mark.faults, pytest.mark.django_db]
DEPLOY = CHECKOUT / "deploy"
UNITS = {path.stem: path for path in sorted((DEPLOY / "systemd").glob("*.service"))}
INSTALLED, STATE = "/opt/entente", "/var/lib/entente"
SERVICES = ("web", "worker", "importer", "beat")
# Of its own kind: it runs once, with the owner's address.
ONCE = "entente-migrate"
ALL_ADDRESSES = "0.0.0.0"  # noqa: S104


def settings(unit: str) -> list[tuple[str, str]]:
    """The lines of a unit's section [Service]."""
    section = UNITS[unit].read_text().partition("[Service]\n")[2].partition("\n[")[0]
    lines = [line for line in section.splitlines() if line and not line.startswith("#")]
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


def command(unit: str) -> list[str]:
    """The words of a unit's command."""
    return shlex.split(dict(settings(unit))["ExecStart"])


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


def without_folders(words: list[str]) -> list[str]:
    """A command as it is in every installation: programs by name, the host's name as Celery's."""
    return [word.removeprefix(f"{INSTALLED}/.venv/bin/").replace("%H", "%h") for word in words]


class TestTheUnits:
    def test_are_those_that_are_described(self):
        assert set(UNITS) == {f"entente-{name}" for name in SERVICES} | {ONCE}

    def test_are_understood_by_systemd(self, tmp_path):
        for path in [*UNITS.values(), DEPLOY / "systemd" / "entente.target"]:
            text = path.read_text().replace(f"{INSTALLED}/.venv", in_unit(sys.prefix))
            (tmp_path / path.name).write_text(text)

        assert said_by_systemd(tmp_path) == ""

    @pytest.mark.parametrize("name", SERVICES)
    def test_all_have_the_same_limits_of_rights(self, name):
        own = {"ExecStart", "TimeoutStopSec", "MemoryMax", "LimitNOFILE", "TimeoutStartSec"}
        own |= {"KillMode", "Type", "RemainAfterExit", "Restart", "RestartSec"}

        def rights(unit: str) -> set[tuple[str, str]]:
            owners = ("EnvironmentFile", "/etc/entente/owner")
            return {line for line in settings(unit) if line[0] not in own} - {owners}

        assert rights(f"entente-{name}") == rights(ONCE)
        assert ("NoNewPrivileges", "yes") in rights(ONCE)

    def test_only_the_one_that_changes_tables_has_the_address_of_the_owner(self):
        owners = ("EnvironmentFile", "/etc/entente/owner")
        assert [unit for unit in UNITS if owners in settings(unit)] == [ONCE]

    def test_start_what_make_run_starts(self):
        started = processes.worker({}).command, processes.importer({}).command
        for name, words in zip(("worker", "importer"), started, strict=True):
            assert without_folders(command(f"entente-{name}")) == list(words)


class TestTheComposeFile:
    @pytest.mark.parametrize("name", SERVICES)
    def test_starts_what_the_units_start_and_lets_each_count_for_itself(self, name):
        words = without_folders(command(f"entente-{name}"))
        # A container's own address is no other machine's.
        in_container = [word.replace("127.0.0.1", ALL_ADDRESSES) for word in words]
        assert without_folders(compose()[name]["command"]) == in_container
        assert compose()[name]["environment"] == {"METRICS_FOLDER": "/tmp/metrics"}  # noqa: S108

    def test_gives_the_address_of_the_owner_only_to_what_changes_tables(self):
        services = compose().items()
        assert [name for name, one in services if "owner" in one.get("env_file", "")] == ["migrate"]

    def test_has_nothing_open_to_other_machines(self):
        assert [one["ports"] for one in compose().values() if "ports" in one] == [
            ["127.0.0.1:8000:8000"]
        ]


class TestTheExamplesOfSettings:
    @pytest.mark.parametrize("name", ["environment.example", "owner.example"])
    def test_name_only_settings_that_are_described(self, name):
        lines = (DEPLOY / name).read_text().splitlines()
        names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
        described = (CHECKOUT / "docs" / "operations.md").read_text()
        assert names
        assert {one for one in names if f"`{one}`" not in described} == set()


@pytest.fixture
def installed(template, db, tmp_path) -> Iterator[dict[str, str]]:
    """An installation's environment: the units' settings, and servers of its own."""
    with a_clone(template) as name:
        given = {"DATABASE_URL": address(name), "SPOOL_FOLDER": str(tmp_path)}
        with private_servers(base=given) as servers:
            yield servers.environ({**os.environ, **given})


def as_installed(unit: str, environ: dict[str, str], *, state: Path, port: int) -> ProcessSpec:
    """What a unit starts, in this checkout instead of the folder of an installation."""
    words = [
        word.replace(f"{INSTALLED}/.venv", sys.prefix)
        .replace(STATE, str(state))
        .replace(":8000", f":{port}")
        .replace("%H", "here")
        for word in command(unit)
    ]
    return ProcessSpec(name=unit, command=words, folder=CHECKOUT, environ=environ)


@pytest.mark.long
class TestAnInstallation:
    def test_runs_by_the_commands_of_its_units(self, installed, tmp_path):
        port = free_port()
        with ExitStack() as stack:
            for unit in sorted(set(UNITS) - {ONCE}):
                spec = as_installed(unit, installed, state=tmp_path, port=port)
                stack.enter_context(running(spec, output=tmp_path / unit))
            eventually(lambda: answers(port, "/healthz"), what="the web server answers")

            assert "responded in" in manage("doctor", **installed).stdout
            # The schedule is at work.
            eventually((tmp_path / "beat-schedule").exists, what="the schedule is kept")
            assert answers(port, "/status/")


def answers(port: int, path: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
