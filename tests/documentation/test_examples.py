"""Every example of README.md and docs/*.md is run against the record that is shipped, as a reader
would run it. Those of OpenAPI are run by tests/api/test_reference.py."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.kit import example_runner, examples
from tests.kit.databases import of_owner
from tests.kit.examples import Example, of_kind
from tests.kit.processes import CHECKOUT
from tests.kit.sites import Site, a_site
from tracker.imports.formats import mappings

pytestmark = pytest.mark.faults

# By how an example begins: what is not run, and why. A command is read by its own parser still.
NOT_RUN = {
    "make": "starts everything, runs the tests or measures: its target is looked up",
    "manage.py withhold": "deletes words for ever",
    "manage.py erase": "erases a claim for ever: tests/operations/test_erasing.py runs it",
    "manage.py sweep": "never ends",
    "manage.py sealkey": "makes and changes keys: tests/documentation/test_runbook.py runs it",
    "manage.py log ": "reopens and moves the log: tests/documentation/test_runbook.py runs it",
    "manage.py rebuild": "runs as the owner, which manage.py sees to: tests/faults/test_rebuild.py",
    "manage.py mfa reset": "for an account that has a second factor",
    "manage.py doctor": "asks for workers, which do not run here",
    "psql ": "for a PostgreSQL of one's own: tests/test_rights.py runs the SQL",
    "TOKEN=": "reads what `make run` has left: the tests give a token of their own",
    "/var/lib/": "a folder of the machine",
    "/etc/": "a folder of the machine",
    "block sparql": "for Wikidata: tests/importers/test_office_holders.py reads its columns",
    "block csv": "a table: tests/importers/test_office_holders.py reads it",
    "block ini": "for a pooler: tests/faults/test_pooler.py runs one that is set so",
    "sslmode=": "for PostgreSQL: tests/faults/test_tls.py connects so",
    "sslrootcert=": "for PostgreSQL: tests/faults/test_tls.py connects so",
    "waited=": "a label of a metric: tests/documentation/test_alerts.py knows them",
    "block console": "needs systemd or containers: tests/deploy runs what they start",
    "block dotenv": "for servers with TLS: tests/faults/test_tls.py starts such ones",
    "block yaml": "for Prometheus: tests/documentation/test_alerts.py reads its rules",
    "block sql": "for a database's owner",
    "block ": "a picture of folders",
}
# Statuses of pages that say something by themselves: nothing works here on files and scores.
STATUSES = {"/readyz": {200, 503}}
# Records of the article that stand for a reader's own: "/claims/…/".
SHOWN = {
    "/claims/…": f"/claims/{example_runner.CLAIM}",
    "/documents/…": "/documents/106517d7-1bea-5511-828c-1838dcaf57ed",
    "/sources/…": "/sources/e2cb2da3-f2c5-5a7b-9ca5-51620f60f714",
    "/organisations/…": "/organisations/f2d2c825-e38c-5c08-95ff-f2f60071c234",
}
# As docs/api.md says, shifts of the past are asked for by pair.
PAST = {"GET shifts/": "/api/v1/shifts/?pair=KAZ-RUS"}
# What must be done first: a command that the documentation has too.
BEFORE = {"/editions/standing@1/2022-05-24/": "manage.py edition 2022-05-24"}
# Pages that have pictures and tables below their addresses.
BELOW = ("/pairs/KAZ-RUS/", "/triads/CHN-KAZ-RUS/")


def named(*kinds: str, piped: bool = False) -> list[object]:
    found = of_kind(*kinds)
    return [pytest.param(one, id=str(one)) for one in found if not piped or " >" in one.text]


@pytest.fixture(scope="module")
def site(seed_template, django_db_blocker):
    with a_site(seed_template) as opened:
        with django_db_blocker.unblock():
            opened.sign()
        yield opened


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Path:
    return example_runner.folder(tmp_path_factory.mktemp("entente"))


@pytest.fixture(scope="module")
def description(site: Site) -> dict[str, Any]:
    """The API's description of itself."""
    with urlopen(f"{site.url}/api/v1/openapi.json", timeout=60) as answer:  # noqa: S310
        return dict(json.load(answer))


@pytest.fixture(scope="module")
def described(description: dict[str, Any]) -> dict[str, Any]:
    """Its operations, by method and address."""
    return {
        f"{method.upper()} {path.removeprefix('/api/v1/')}": operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


@pytest.fixture(scope="module")
def ended(site: Site, here: Path) -> dict[str, tuple[int, str]]:
    """How each command that is run ended, and what it said. Those of a moment come first: of a day
    that has an edition there is no other."""
    lines = {
        example_runner.filled(line)
        for one in of_kind("command")
        for line in example_runner.variants(one.text)
        if example_runner.is_complete(line) and example_runner.is_whole(line) and not skipped(line)
    }
    ordered = sorted(lines, key=lambda line: ("--as-of" not in line, line))
    return example_runner.manage(ordered, at=here, environ=_databases(site))


def _databases(site: Site) -> dict[str, str]:
    """What somebody at the console has: `rebuild` needs the owner's address."""
    return {
        "DATABASE_URL": site.database,
        "DATABASE_OWNER_URL": of_owner(site.database),
        "SEAL_FOLDER": site.environ["SEAL_FOLDER"],
    }


def run(command: str, site: Site, here: Path) -> subprocess.CompletedProcess[str]:
    environ = {"TOKEN": site.token, **_databases(site)}
    return example_runner.shell(command, at=here, environ=environ)


def skipped(text: str) -> bool:
    return text.removeprefix(".venv/bin/python ").startswith(tuple(NOT_RUN))


class TestWhatIsFound:
    def test_holds_the_examples_of_each_kind(self):
        """So that a finder that finds nothing is seen."""
        texts = {one.text for one in examples.examples()}
        kinds = {one.kind for one in examples.examples()}

        assert texts >= {"as_of=118", "as_of=2022-05-24T12:00:00Z", "log/events/?after=118"}
        assert ".venv/bin/python manage.py explain KAZ-RUS --day 2022-05-24" in texts
        assert len(of_kind("curl")) >= 5
        assert len(of_kind("command")) >= 20
        assert kinds >= {"page", "address", "request", "file", "make", "block python", "block toml"}

    def test_has_no_command_that_nobody_knows_how_to_run(self):
        assert of_kind("shell") == []

    def test_has_no_block_that_nobody_knows_how_to_run(self):
        known = {"block python", "block r", "block toml"}
        blocks = [one for one in examples.examples() if one.kind.startswith("block")]

        assert [one for one in blocks if one.kind not in known and one.kind not in NOT_RUN] == []


class TestInAShell:
    @pytest.mark.parametrize("example", named("curl"))
    @pytest.mark.long
    def test_curl_is_answered(self, site, here, example: Example):
        if shutil.which("curl") is None:
            pytest.skip("there is no curl")

        done = run(example_runner.curl(example.text, site=site.url), site, here)

        assert (done.stdout[:1], done.returncode) == ("2", 0), done.stdout + done.stderr

    @pytest.mark.parametrize("example", named("command"))
    @pytest.mark.long
    def test_a_command_ends_well(self, ended, example: Example):
        for line in example_runner.variants(example.text):
            complete = example_runner.is_complete(line)
            if complete and example_runner.is_whole(line) and not skipped(line):
                status, said = ended[example_runner.filled(line)]
                assert status == 0, f"{line}\n{said}"

    @pytest.mark.parametrize("example", named("command", piped=True))
    @pytest.mark.long
    def test_a_command_in_a_pipe_ends_well(self, site, here, example: Example):
        done = run(example.text, site, here)

        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize("example", named("verify"))
    @pytest.mark.long
    def test_what_is_downloaded_is_verified(self, site, here, example: Example):
        [download] = [one for one in of_kind("curl") if "scores.proof.json" in one.text]
        address = re.search(r"http://[^']+", download.text)[0].replace(
            example_runner.SITES[0], site.url
        )
        asked = Request(address, headers={"Authorization": f"Bearer {site.token}"})  # noqa: S310
        with urlopen(asked, timeout=60) as answer:  # noqa: S310
            (here / "scores.proof.json").write_bytes(answer.read())

        done = run(example.text, site, here)

        assert done.stdout.startswith("KAZ-RUS on 2022-05-24 under standing@"), done.stderr

    @pytest.mark.parametrize("example", named("make"))
    def test_a_target_of_make_is_one(self, example: Example):
        target = re.search(r"make ([a-z-]+)", example.text)[1]

        assert re.search(rf"^{target}:", Path(CHECKOUT, "Makefile").read_text(), re.MULTILINE)


@pytest.mark.long
class TestOverTheApi:
    @pytest.mark.parametrize("example", named("address", "request"))
    def test_an_address_is_answered(self, site, described, example: Example):
        method, path = examples.request(example.text)
        if method == "GET" and "{" not in path:
            path = f"{path}0" if path.endswith("=") else path
            assert example_runner.status(f"{site.url}/api/v1/{path}", token=site.token) == 200
            return
        assert _is_described(described, method, path), example

    @pytest.mark.parametrize("example", named("parameter"))
    def test_a_parameter_is_taken(self, site, description, described, example: Example):
        """`as_of` by every read that has it: a record that was not there yet is a 404."""
        if example.text.startswith("?"):
            assert example_runner.status(f"{site.url}{_page_beside(example)}") == 200
            return
        if example.text.startswith(tuple(NOT_RUN)):
            return
        name, value = examples.parameter(example.text)
        answers = {
            address: example_runner.status(
                f"{site.url}{example_runner.with_parameter(address, name, value)}", token=site.token
            )
            for address in _reads_with(described, name)
        }
        if name == "as_of":
            assert {one for one in answers.values() if one != 200} <= {404}, answers
            assert all("-" in one or "lenses/" in one for one in answers if answers[one] == 404)
        elif answers:
            assert 200 in answers.values(), answers
        else:
            assert _is_sent(description, name), f"nothing takes {name}"


@pytest.mark.long
class TestOnTheSite:
    @pytest.mark.parametrize("example", named("page"))
    def test_a_page_is_there(self, site, ended, described, example: Example):
        path = example.text
        if path.startswith(tuple(NOT_RUN)):
            return
        if "{" in path:
            assert _is_described(described, "GET", path.removeprefix("/api/v1/"))
            return
        for name, one in SHOWN.items():
            path = path.replace(name, one)

        if path in BEFORE:
            assert ended[BEFORE[path]][0] == 0
        answer = example_runner.status(f"{site.url}{path}", token=site.token)

        assert answer in STATUSES.get(path, {200}), path

    @pytest.mark.parametrize("example", named("picture"))
    def test_a_picture_or_table_is_below_one(self, site, example: Example):
        assert 200 in {example_runner.status(f"{site.url}{one}{example.text}") for one in BELOW}


@pytest.mark.long
class TestBlocks:
    @pytest.mark.parametrize("example", named("block python"))
    def test_of_python_run(self, site, example: Example):
        text = example.text
        for one in example_runner.SITES:
            text = text.replace(one, site.url)
        environ = {"TOKEN": site.token, "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            [sys.executable, "-c", text],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("example", named("block r"))
    def test_of_r_ask_what_is_answered(self, site, example: Example):
        """R is not among what the tests need."""
        for path in re.findall(r"\"((?:pairs|triads|claims)/[^\"]+)\"", example.text):
            assert example_runner.status(f"{site.url}/api/v1/{path}", token=site.token) == 200

    @pytest.mark.parametrize("example", named("block toml"))
    def test_of_toml_are_mappings(self, example: Example):
        mapping = mappings.read(example.text)

        # Only levels have no code.
        assert mapping.rules or mapping.claim["/kind"].constant == "level"


class TestFiles:
    @pytest.mark.parametrize("example", named("file"))
    def test_that_are_named_are_there(self, example: Example):
        assert Path(CHECKOUT, example.text).exists()


def _page_beside(example: Example) -> str:
    """The page that a parameter is written beside, with it."""
    before = example.line.partition(f"`{example.text}`")[0]
    pages = re.findall(r"`(/[^`…?]*)`", before) or ["/"]
    return pages[-1] + example.text


def _reads_with(described, name: str) -> list[str]:
    """The example of each read that has a parameter."""
    return [
        PAST.get(key, re.search(r"Example: `GET (\S+)`", operation["description"])[1])
        for key, operation in described.items()
        if key.startswith("GET ")
        and "Example: `GET" in operation["description"]
        and any(one["name"] == name for one in operation.get("parameters", ()))
    ]


def _is_described(described, method: str, path: str) -> bool:
    """Whether the API has such an address, whatever its parts are called."""
    pattern = re.sub(r"\\{\w+\\}", r"{\\w+}", re.escape(path.partition("?")[0]))
    return any(re.fullmatch(f"{method} {pattern}", one) for one in described)


def _is_sent(description, name: str) -> bool:
    """Whether a body has a field of that name."""
    kinds = description["components"]["schemas"].values()
    return any(name in one.get("properties", ()) for one in kinds)
