"""Programs that write into the log until they are done, or until somebody kills them."""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from config.embedded import launcher
from tests.kit.builders import BY, an_actor
from tracker import log
from tracker.domain.events import ActorDescribed
from tracker.log import Draft, Recorded
from tracker.operations import actors, ids, proposed_records, seal_keys, sealing, trays
from tracker.projections import standing


def main() -> None:
    name, *numbers = sys.argv[1:]
    PROGRAMS[name](*map(int, numbers))


def crowd(writers: int, each: int) -> None:
    """Append from several processes at once, and acknowledge what came back."""
    launcher.bind_forks()
    for _ in range(writers):
        if os.fork() == 0:
            for number in range(each):
                acknowledge(persistently(number))
            os._exit(0)
    for _ in range(writers):
        os.wait()


def hold() -> None:
    """Append in a transaction that does not end before a line comes in."""
    with transaction.atomic():
        recorded = append(0)
        say(f"holds {recorded[0].stream}")
        wait_for_file()


def tray() -> None:
    """Record a tray, once it may."""
    wait_to_go()
    try:
        outcome = trays.record(UUID(os.environ["TRAY"]), by=BY, at=datetime.now(UTC))
    except log.LogBusy:
        say("busy")
    else:
        say(f"cards {len(outcome.cards)} {outcome.waiting} {len(outcome.problems)}")


def settle() -> None:
    """Accept a name from an article as a record, once it may."""
    wait_to_go()
    proposed, record = (UUID(os.environ[name]) for name in ("PROPOSED", "RECORD"))
    done = proposed_records.accept(proposed, record, by="carl", at=datetime.now(UTC))
    say(f"settled {done.recorded} {done.returned} {done.waiting}")


def sealers(count: int, kills: int) -> None:
    """Seal in so many children at the same time, which are killed again and again, soon after one
    has signed. Say what their folder holds after each kill."""
    launcher.bind_forks()
    dice, last = random.Random(count), Path(os.environ["SEAL_FOLDER"], "checkpoint")  # noqa: S311
    for _ in range(kills):
        before, end = last.exists() and last.read_text(), time.monotonic() + 5
        children = [_a_sealer() for _ in range(count)]
        while (last.exists() and last.read_text()) == before and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.1))
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        _, size, root, *_ = last.read_text().split("\n")
        say(f"signed {size} {root}")


def _a_sealer() -> int:
    """Fork a child that seals a few events at a time, until it is killed; its number."""
    child = os.fork()
    while child == 0:
        try:
            sealing.seal_next(at=datetime.now(UTC), most=7)
        except seal_keys.NotSealed as problem:
            say(f"problem {problem}")
    return child


def wait_to_go() -> None:
    """Be ready to write at once: a start takes longer than others wait for a lock."""
    connection.ensure_connection()
    say(f"ready {os.getpid()}")
    wait_for_file()


def wait_for_file() -> None:
    while not os.path.exists(os.environ["GO"]):  # noqa: PTH110
        time.sleep(0.05)


def persistently(number: int) -> list[Recorded]:
    """Append as a client does that is told to try again."""
    while True:
        try:
            return append(number)
        except log.LogBusy:
            time.sleep(0.1)


def append(number: int) -> list[Recorded]:
    """A whole append with its standing rows; every third is of three events."""
    at = datetime.now(UTC)
    company = an_actor(None, kind="company")
    if number % 3:
        return [actors.describe_actor(company, at=at, by=BY)]
    event = ActorDescribed(actor=company)
    drafts = [Draft(stream=ids.new_id(at), event=event, expected=0) for _ in range(3)]
    return log.append(drafts, at=at, by=BY, project=standing.project)


def acknowledge(recorded: list[Recorded]) -> None:
    say(*(f"ack {one.position} {one.stream}" for one in recorded))


def say(*lines: str) -> None:
    """Say it in one piece, whoever else is talking."""
    os.write(1, "".join(f"{line}\n" for line in lines).encode())


PROGRAMS = {
    "sealers": sealers,
    "crowd": crowd,
    "hold": hold,
    "tray": tray,
    "settle": settle,
}
