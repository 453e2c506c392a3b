"""Trays recorded by processes of their own, which are stopped in the middle."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from config.embedded.processes import Child
from tests.kit.builders import AT, BY, a_desk, an_actor
from tests.kit.processes import a_writer, eventually, running
from tests.kit.trays import a_denial, a_draft, a_draft_about, a_new_name, a_tray, puts, records
from tracker import log
from tracker.operations import actors
from tracker.queries import trays
from tracker.queries.records import states
from tracker.queries.sql import select_value

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.long]


def waiting_for_locks(number: int) -> bool:
    found = select_value("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
    return int(found) == number


@contextmanager
def ready(name: str, url: str, output: Path, **given: object) -> Iterator[tuple[Child, Path]]:
    """A program that is ready to write, and the file that lets it go on."""
    go = output.with_name(uuid4().hex)
    environ = {key: str(value) for key, value in given.items()}
    environ["PGOPTIONS"] = "-c lock_timeout=60s"  # on a busy machine two seconds are too few
    with running(a_writer(name), output=output, DATABASE_URL=url, GO=str(go), **environ) as child:
        ready = f"ready {child.process.pid}\n"
        eventually(lambda: ready in output.read_text(), what="it is ready")
        yield child, go


@contextmanager
def head_held() -> Iterator[None]:
    """Hold the head of the log until the end of the block, or until `connection.rollback`."""
    connection.set_autocommit(False)
    try:
        log.hold_head()
        yield
    finally:
        connection.rollback()
        connection.set_autocommit(True)


def goes_as_far_as_a_lock(go: Path, number: int = 1) -> None:
    go.touch()
    eventually(lambda: waiting_for_locks(number), what="it waits for a lock")


def answers(output: Path, number: int) -> list[str]:
    """What the programs wrote when they were done."""

    def lines() -> list[str]:
        return [line for line in output.read_text().splitlines() if "ready" not in line]

    eventually(lambda: len(lines()) == number, what="all are done")
    return lines()


def a_full_tray():
    """A tray with a claim, a denial of it, and a claim that will wait; and its drafts."""
    desk = a_desk()
    tray, known = a_tray(desk), a_draft(desk.claim())
    denial = a_denial(desk, known.id, sentence=2)
    some = [known, denial, a_draft_about(desk, a_new_name(), sentence=3)]
    for draft in some:
        puts(tray, draft)
    return tray, some


def is_untouched(tray, some) -> bool:
    kept = {card.id: (card.state, trays.draft_of(card)) for card in trays.cards(tray)}
    return kept == {draft.id: ("taken", draft) for draft in some} and trays.proposals() == []


class TestATrayThatIsBeingRecorded:
    def test_is_kept_if_its_process_is_killed(self, database, output):
        tray, some = a_full_tray()
        head = log.head().position
        with ready("tray", database, output, TRAY=tray) as (child, go), head_held():
            goes_as_far_as_a_lock(go)
            child.send_signal(signal.SIGKILL)
            child.process.wait()

        assert answers(output, 0) == []
        assert log.head().position == head
        assert is_untouched(tray, some)
        outcome = records(tray)
        assert (outcome.cards, outcome.waiting) == ((some[0].id, some[1].id), 1)

    def test_is_recorded_once_by_two_at_once(self, database, output):
        tray, some = a_full_tray()
        with (
            ready("tray", database, output, TRAY=tray) as (_, first),
            ready("tray", database, output, TRAY=tray) as (_, second),
            head_held(),
        ):
            goes_as_far_as_a_lock(first)
            goes_as_far_as_a_lock(second, 2)
            connection.rollback()
            found = answers(output, 2)

        # Whoever is first has all of it.
        assert sorted(found) == ["cards 0 0 0", "cards 2 1 0"]
        assert len(states.claim(some[0].id).claim.citations) == 2

    def test_beside_a_name_that_is_settled_leaves_no_card_behind(self, database, output):
        """The denial begins to wait for a claim while a curator lets that claim through."""
        desk = a_desk()
        tray, unknown = a_tray(desk), a_draft_about(desk, a_new_name())
        puts(tray, unknown)
        records(tray)
        [name] = trays.proposals()
        group = actors.describe_actor(an_actor(None, kind="group"), at=AT, by=BY).stream
        puts(tray, a_draft(desk.claim()))
        puts(tray, a_denial(desk, unknown.id))
        with (
            ready("tray", database, output, TRAY=tray) as (_, records_it),
            ready("settle", database, output, PROPOSED=name.id, RECORD=group) as (_, settles),
            head_held(),
        ):
            goes_as_far_as_a_lock(records_it)
            goes_as_far_as_a_lock(settles, 2)
            connection.rollback()
            found = answers(output, 2)

        assert found == ["cards 1 1 0", "settled 2 0 0"]
        assert trays.cards(tray) == []
        assert states.claim(unknown.id).claim.citations[-1].stance == "denies"
