"""Programs that use the record as people and workers do: until they are done, until they are told
to stop, or until somebody kills them."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from config.embedded import launcher
from tests.kit.builders import BY, a_citation, a_claim, an_actor
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.events import ActorDescribed
from tracker.log import Draft, Recorded
from tracker.operations import (
    actors,
    claims,
    ids,
    links,
    proposed_records,
    seal_keys,
    sealing,
    trays,
)
from tracker.projections import standing
from tracker.queries import moment
from tracker.queries.claims import listing as claims_on_record
from tracker.queries.claims.listing import Filters
from tracker.queries.scores import pairs
from workers.sweeper import sweep


def main() -> None:
    PROGRAMS[sys.argv[1]](*sys.argv[2:])


def crowd(writers: str, each: str) -> None:
    """Append from several processes at once, and acknowledge what came back."""
    launcher.bind_forks()
    for _ in range(int(writers)):
        if os.fork() == 0:
            for number in range(int(each)):
                acknowledge(persistently(number))
            os._exit(0)
    for _ in range(int(writers)):
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


def sealers(count: str, kills: str) -> None:
    """Seal in so many children at the same time, which are killed again and again, soon after one
    has signed. Say what their folder holds after each kill."""
    launcher.bind_forks()
    dice, last = random.Random(int(count)), Path(os.environ["SEAL_FOLDER"], "checkpoint")  # noqa: S311
    for _ in range(int(kills)):
        before, end = last.exists() and last.read_text(), time.monotonic() + 5
        children = [_a_sealer() for _ in range(int(count))]
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


def turns() -> Iterator[int]:
    """Go on until the file `STOP` is there."""
    number = 0
    while not Path(os.environ["STOP"]).exists():
        yield number
        number += 1


@contextmanager
def patience() -> Iterator[None]:
    """Try again in the next turn, if on a busy machine others held something for too long."""
    try:
        yield
    except log.LogBusy:
        pass
    except OperationalError as problem:
        if not isinstance(problem.__cause__, LockNotAvailable):
            raise


def write(seed: str, collection: str, document: str, *countries: str) -> None:
    """Assert claims, link and retract some; say when a turn is over."""
    dice = random.Random(seed)  # noqa: S311 # decides what is claimed
    last: UUID | None = None
    for number in turns():
        one, other = dice.sample(countries, 2)
        claim = a_claim(
            initiator=UUID(one),
            recipient=UUID(other),
            collection=UUID(collection),
            citations=(a_citation(UUID(document)),),
            occurred=Occurred(edtf=f"{dice.randint(2010, 2022)}-03-{dice.randint(1, 28):02}"),
        )
        with patience():
            made = claims.assert_claim(claim, at=timezone.now(), by=BY)
            if last and number % 2:
                links.link("same_as", last, made.stream, at=timezone.now(), by=BY)
            if number % 5 == 0:
                claims.retract_claim(made.stream, reason="no", at=timezone.now(), by=BY)
            last = made.stream
        say("took a turn")
        time.sleep(0.15)


def work() -> None:
    """Follow and score, as the workers do."""
    for _ in turns():
        with patience():
            sweep(at=timezone.now())
        time.sleep(0.05)


def read() -> None:
    """Look at the record all the time; say when there was less of it than before."""
    most, positions = 0, 0
    for _ in turns():
        with patience():
            claims_now = claims_on_record.count(Filters(), reader=Reader.DESK)
            now = moment.now()
            series = pairs.series("KAZ-RUS", direction="KAZ-RUS", lens="standing", as_of=now)
            found = f"{claims_now} {series.position} {len(series.knots)}"
            if claims_now < most or series.position < positions or not series.knots:
                say(f"less {found}, was {most} {positions}")
            most, positions = claims_now, series.position
            say("looked")


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


PROGRAMS: dict[str, Callable[..., None]] = {
    "write": write,
    "work": work,
    "read": read,
    "sealers": sealers,
    "crowd": crowd,
    "hold": hold,
    "tray": tray,
    "settle": settle,
}
