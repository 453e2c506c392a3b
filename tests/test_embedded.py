"""`make run`, as processes: what it starts, what it keeps, and that nothing of it is left."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
import redis

from tests.kit.checkouts import CTRL_C, EMBEDDED, UP, Checkout
from tests.kit.processes import CHECKOUT, Terminal, eventually

pytestmark = pytest.mark.faults
README = CHECKOUT / "README.md"
OWNER = "embedded.owner_url(os.environ)"
PROCESSES = ("gunicorn", "config worker")


def who(url: str) -> tuple[str, bool]:
    """As whom an address connects, and whether that is a superuser."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row
    return row[0], row[1]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A clone whose path is awkward in every way at once."""
    folder = tmp_path_factory.mktemp("private").joinpath(*["Größe, Tiefe & 'co'"] * 8)
    folder.parent.mkdir(parents=True)
    folder.parent.chmod(0o700)
    checkout = Checkout(folder)
    yield checkout
    checkout.forget()


@pytest.fixture(scope="module")
def first(checkout: Checkout) -> Iterator[Terminal]:
    """The clone's first run, up. What it prints goes into a pipe."""
    command = " ".join(shlex.quote(word) for word in (*EMBEDDED, "run"))
    terminal = checkout.start("sh", "-c", f"{command} | cat")
    try:
        terminal.reads(UP, within=600)
        yield terminal
    finally:
        terminal.put_away()


class Again(NamedTuple):
    """A run after one that was killed: what was kept before, and who survived the kill."""

    terminal: Terminal
    kept: tuple[object, ...]
    survivors: list[str]


@pytest.fixture(scope="module")
def second(checkout: Checkout, first: Terminal) -> Iterator[Again]:
    """In a terminal, after the first was killed."""
    kept = checkout.kept()
    os.kill(supervisor(first), signal.SIGKILL)
    survivors = first.survivors()
    terminal = checkout.run()
    try:
        terminal.reads(UP, within=600)
        yield Again(terminal, kept, survivors)
    finally:
        terminal.put_away()


def supervisor(run: Terminal) -> int:
    """The process that started all others of a run in a shell."""
    [found] = run.runs("config.embedded run") - {run.process.pid}
    return found


def readme_blocks() -> list[str]:
    """The blocks of the README with the token of `make run`."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    return [block for block in blocks if "TOKEN=$(cat" in block]


def readme_calls() -> list[str]:
    """The calls of the README whose answers are shown, each by itself."""
    return [
        f"TOKEN=$(cat .run/token)\ncurl {call}"
        for block in readme_blocks()
        for call in block.split("\ncurl ")[1:]
        if not call.startswith("-O")
    ]


class TestRun:
    def test_says_that_a_port_is_taken_before_it_starts_anything(self, checkout: Checkout) -> None:
        with socket.create_server(("127.0.0.1", checkout.port)):
            terminal = checkout.run()
            assert terminal.ends() == 1
        terminal.put_away()

        assert f"Port {checkout.port} cannot be used" in terminal.text
        assert "make run PORT=" in terminal.text
        assert "starting" not in terminal.text

    def test_answers_and_shows_commands_beside_it_the_way_to_its_servers(
        self, checkout: Checkout, first: Terminal
    ) -> None:
        assert checkout.status() < 500
        assert checkout.kept()
        assert redis.Redis.from_url(checkout.ask("there.redis_url")).ping()

    def test_is_the_only_one_in_its_clone(self, checkout: Checkout, first: Terminal) -> None:
        second = checkout.run()

        assert second.ends() == 1
        assert f"already running from this folder, as process {supervisor(first)}" in second.text
        assert second.survivors() == []
        second.put_away()

    def test_names_the_files_of_the_password_and_the_token_in_a_pipe(
        self, checkout: Checkout, first: Terminal
    ) -> None:
        """What is printed there stays: in a log, or with whoever reads it."""
        assert checkout.ask("embedded.admin_password()") not in first.text
        assert re.search("ent_[0-9a-f]", first.text) is None
        assert "admin_password in " in first.text
        for name in ("secrets.json", "token"):
            assert str(checkout.folder / ".run" / name) in first.text
        assert checkout.token().startswith("ent_")

    def test_issues_a_token_that_does_what_the_readme_says(
        self, checkout: Checkout, first: Terminal
    ) -> None:
        if shutil.which("curl") is None:
            pytest.skip("there is no curl")

        said = [json.loads(checkout.curl(block)) for block in readme_calls()]

        # The two calls for a pair, the triangle, and the claim that is entered.
        assert [answer["pair"] for answer in said[:2]] == ["KAZ-RUS", "KAZ-RUS"]
        assert {edge["pair"] for edge in said[2]["edges"]} == {"CHN-KAZ", "CHN-RUS", "KAZ-RUS"}
        assert said[3]["version"] == 1

    def test_gives_a_score_that_is_verified_as_the_readme_says(
        self, checkout: Checkout, first: Terminal
    ) -> None:
        if shutil.which("curl") is None:
            pytest.skip("there is no curl")
        [block] = [one for one in readme_blocks() if "curl -O" in one]
        path = re.findall(r"http://127.0.0.1:8000(.*)'", block)[0]
        token = checkout.token()
        eventually(lambda: checkout.status(path, token=token) == 200, what="the log is signed")

        said = checkout.curl(block.replace(".venv/bin/python", shlex.quote(sys.executable)))

        assert said.startswith("KAZ-RUS on 2022-05-24 under standing@")

    def test_writes_no_file_that_others_can_read(self, checkout: Checkout, first: Terminal) -> None:
        """The log of PostgreSQL has what people entered, and the spool has their files."""
        place = Path(checkout.ask("str(places.permanent_place().home)"))
        found = [*(checkout.folder / ".run").rglob("*"), *place.rglob("*")]
        # The programs are everybody's.
        ours = [path for path in found if "servers-" not in str(path) and path.is_file()]
        open_to_others = [path for path in ours if path.stat().st_mode & 0o077]

        assert len(ours) > 10
        assert open_to_others == []

    def test_keeps_the_owners_address_from_web_and_workers(
        self, checkout: Checkout, first: Terminal
    ) -> None:
        there = {"app": checkout.ask("there.database_url"), "owner": checkout.ask(OWNER)}
        running = [pid for words in PROCESSES for pid in first.runs(words)]
        given = [Path(f"/proc/{pid}/environ").read_text() for pid in running]

        assert len(running) >= len(PROCESSES)
        assert all(there["app"] in one for one in given)
        assert not any(there["owner"] in one for one in given)
        assert not any("DATABASE_OWNER_URL" in one for one in given)
        assert [who(url) for url in there.values()] == [
            ("entente_app", False),
            ("entente_owner", False),
        ]

    def test_lets_commands_beside_it_change_tables(
        self, checkout: Checkout, first: Terminal
    ) -> None:
        # Without the owner's address it could make no tables.
        checkout.manage("rebuild")

        assert "System check identified no issues" in checkout.manage("check")


class TestARunAfterOneThatWasKilled:
    """These come last: they end the first run."""

    def test_finds_nothing_left_and_the_record_as_it_was(
        self, checkout: Checkout, second: Again
    ) -> None:
        assert second.survivors == []
        assert checkout.kept() == second.kept

    def test_prints_the_password_and_a_new_token_to_a_terminal(
        self, checkout: Checkout, second: Again
    ) -> None:
        assert f"password {checkout.ask('embedded.admin_password()')}" in second.terminal.text
        assert checkout.token() in second.terminal.text

    def test_ends_with_ctrl_c(self, second: Again) -> None:
        second.terminal.press(CTRL_C)

        assert second.terminal.ends() == 0
        assert second.terminal.survivors() == []


class TestARunInTheBackground:
    """Of a script, whose shell lets it ignore SIGINT. It comes after those in a terminal."""

    def test_says_how_to_stop_it_and_ends_with_sigint(self, checkout: Checkout) -> None:
        command = " ".join(shlex.quote(word) for word in (*EMBEDDED, "run"))
        terminal = checkout.start("sh", "-c", f"{command} & wait $!")
        try:
            terminal.reads("stops it", within=600)
            started = supervisor(terminal)
            os.kill(started, signal.SIGINT)

            assert terminal.ends() == 0
            assert f"kill {started} stops it" in terminal.text
            assert terminal.survivors() == []
        finally:
            terminal.put_away()


@pytest.mark.long
class TestExecForABenchmark:
    def test_keeps_its_databases_until_they_are_cleaned(self, checkout: Checkout) -> None:
        connect = "import os, psycopg; server = psycopg.connect(os.environ['DATABASE_URL'])"
        create = f"{connect}; server.autocommit = True; server.execute('CREATE DATABASE kept')"
        count = f"{connect}; raise SystemExit(len([*server.execute({FIND_KEPT!r})]))"
        python = (sys.executable, "-c")

        assert ends(checkout, "exec", "--", *python, create) == 0
        assert ends(checkout, "exec", "--", *python, count) == 1
        assert ends(checkout, "clean") == 0
        assert checkout.ask("(places.base_folder() / places.BENCHMARKS).exists()") == "False"
        assert ends(checkout, "exec", "--", *python, count) == 0

    def test_is_for_one_at_a_time(self, checkout: Checkout) -> None:
        terminal = checkout.start(*EMBEDDED, "exec", "--", "sh", "-c", "echo on; sleep 100")
        terminal.reads("on\n")

        for command in (("exec", "--", "true"), ("clean",)):
            second = checkout.start(*EMBEDDED, *command)
            second.reads("A benchmark is running in this clone")
            assert second.ends() == 1
            second.put_away()
        terminal.press(CTRL_C)
        assert terminal.survivors() == []
        terminal.put_away()


FIND_KEPT = "SELECT FROM pg_database WHERE datname = 'kept'"


def ends(checkout: Checkout, *command: str) -> int:
    terminal = checkout.start(*EMBEDDED, *command)
    status = terminal.ends()
    terminal.put_away()
    return status
