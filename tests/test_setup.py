"""`make run` from an empty folder, as the people do it who try this out."""

import os
import pwd
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.kit.checkouts import CTRL_C, UP, Checkout
from tests.kit.processes import Terminal

# Fetches all that the lock file names.
pytestmark = [pytest.mark.faults, pytest.mark.long, pytest.mark.timeout(900)]

ROOT = os.geteuid() == 0
PEOPLE = ["root", "ordinary"] if ROOT else ["ordinary"]


class Person:
    """Someone with a fresh clone, in a folder that nobody else can enter, and a bare shell."""

    def __init__(self, home: Path, *, uid: int) -> None:
        self.home = home
        self.uid = uid
        self.checkout = Checkout(home / "Größe, Tiefe & 'co'" / "/".join(["deep"] * 30) / "entente")
        for path in (home, *home.rglob("*")):
            os.lchown(path, uid, -1)

    def make(self, *words: str) -> Terminal:
        """Run make in the clone, in a terminal."""
        become = ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups"]
        environ = {
            "HOME": str(self.home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "PORT": str(self.checkout.port),
        }
        command = [*(become if ROOT and self.uid else []), "make", *words]
        return Terminal(command, folder=self.checkout.folder, environ=environ)


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest) -> Iterator[Person]:
    """Root, or somebody who is not."""
    uid = os.geteuid()
    if request.param == "ordinary" and ROOT:
        uid = pwd.getpwnam("nobody").pw_uid
    home = Path(tempfile.mkdtemp(prefix="entente-person-"))
    person = Person(home, uid=uid)
    yield person
    forgets = person.make("forget")
    forgets.press("yes\n")
    forgets.ends()
    forgets.put_away()
    shutil.rmtree(home)


@pytest.fixture
def usual_ports_taken() -> Iterator[None]:
    """Other servers where PostgreSQL, Redis and web servers are expected."""
    with ExitStack() as stack:
        for port in (5432, 6379, 8000):
            with suppress(OSError):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
        yield


@pytest.mark.usefixtures("usual_ports_taken")
class TestMakeRun:
    def test_works_from_nothing_again_and_again_and_leaves_nothing(self, person: Person) -> None:
        first = person.make("run")
        first.reads(UP, within=600)
        assert person.checkout.status() < 500
        first.press(CTRL_C)
        first.ends()
        assert first.survivors() == []
        first.put_away()

        second = person.make("run")
        text = second.reads(UP)
        assert "installing" not in text
        os.kill(second.process.pid, signal.SIGTERM)
        assert second.survivors() == []
        second.put_away()

    def test_ends_with_make_itself(self, person: Person) -> None:
        terminal = person.make("run")
        terminal.reads(UP, within=600)
        os.kill(terminal.process.pid, signal.SIGKILL)

        assert terminal.survivors() == []
        terminal.put_away()

    def test_heals_a_folder_that_was_moved(self, person: Person) -> None:
        person.make("run-venv").ends(within=600)
        old = person.checkout.folder
        person.checkout.folder = old.rename(old.with_name("moved"))
        terminal = person.make("run")
        text = terminal.reads(UP, within=600)

        assert "the folder was moved" in text
        terminal.press(CTRL_C)
        terminal.ends()
        assert terminal.survivors() == []
        terminal.put_away()
