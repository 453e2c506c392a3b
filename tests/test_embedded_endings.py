"""Every way to end `make run`, at every moment, leaves no process and a record that starts."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.kit.checkouts import CTRL_C, EMBEDDED, UP, Checkout
from tests.kit.processes import Terminal

pytestmark = [pytest.mark.faults, pytest.mark.long]

MOMENTS = (
    "starting a private PostgreSQL",
    "starting a private Valkey",
    "migrating the tables",
    "loading the first record",
    "loading the levels at which pairs start",
    "starting web and workers",
    "waiting for the scores",
    UP,
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A clone."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout") / "clone")
    yield checkout
    checkout.forget()


def ctrl_c(terminal: Terminal) -> None:
    """Press it once."""
    terminal.press(CTRL_C)


def ctrl_c_twice(terminal: Terminal) -> None:
    """Press it again when that takes too long."""
    terminal.press(CTRL_C)
    terminal.reads("stopping")
    terminal.press(CTRL_C)


def term(terminal: Terminal) -> None:
    """What a service manager does."""
    os.kill(terminal.process.pid, signal.SIGTERM)


def kill(terminal: Terminal) -> None:
    """What nobody can guard against."""
    os.kill(terminal.process.pid, signal.SIGKILL)


ENDINGS: tuple[Callable[[Terminal], None], ...] = (
    ctrl_c,
    ctrl_c_twice,
    term,
    kill,
    Terminal.close,
)


class TestEndings:
    @pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
    def test_leave_nothing_and_a_record_that_starts_again(
        self, checkout: Checkout, ending: Callable[[Terminal], None]
    ) -> None:
        terminal = checkout.run()
        try:
            terminal.reads(UP, within=600)
            ending(terminal)
            assert terminal.survivors() == []
        finally:
            terminal.put_away()


class TestAProcessThatEnds:
    @pytest.mark.parametrize(
        "words", ["bin/postgres", "valkey-server", "config worker", "gunicorn"]
    )
    def test_ends_the_others_and_says_so(self, checkout: Checkout, words: str) -> None:
        terminal = checkout.run()
        try:
            terminal.reads(UP, within=600)
            os.kill(min(terminal.runs(words)), signal.SIGKILL)
            terminal.reads("has ended (-9), so everything stops")

            assert terminal.ends() == 1
            assert terminal.survivors() == []
        finally:
            terminal.put_away()


class TestGivenServers:
    def test_are_used_instead_of_private_ones(self, checkout: Checkout) -> None:
        terminal = checkout.start(*EMBEDDED, "exec", "--", *EMBEDDED, "run")
        try:
            text = terminal.reads(UP, within=600)
            assert text.count("starting a private PostgreSQL") == 1
            assert text.count("starting a private Valkey") == 1

            terminal.press(CTRL_C)
            terminal.ends()
            assert terminal.survivors() == []
        finally:
            terminal.put_away()


class TestSetUp:
    @pytest.mark.parametrize("ending", [ctrl_c, kill], ids=lambda ending: ending.__name__)
    @pytest.mark.parametrize("moment", MOMENTS)
    def test_can_be_broken_off_at_any_moment(
        self, checkout: Checkout, moment: str, ending: Callable[[Terminal], None]
    ) -> None:
        checkout.forget()
        terminal = checkout.run()
        try:
            terminal.reads(moment, within=600)
            ending(terminal)
            assert terminal.survivors() == []
        finally:
            terminal.put_away()

    def test_goes_on_from_where_it_was_broken_off(self, checkout: Checkout) -> None:
        terminal = checkout.run()
        try:
            terminal.reads(UP, within=600)
        finally:
            terminal.put_away()
