"""Programs that use the record as people and workers do, until they are told to stop."""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from config.embedded.processes import ProcessSpec
from tests.kit.builders import BY, a_citation, a_claim
from tests.kit.processes import CHECKOUT
from tests.kit.writers import say
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.disclosure import Reader
from tracker.operations import claims, links
from tracker.queries import moment
from tracker.queries.claims import listing as claims_on_record
from tracker.queries.claims.listing import Filters
from tracker.queries.scores import pairs
from workers.sweeper import sweep

PROGRAM = "import django; django.setup(); from tests.kit.programs import main; main()"


def a_living(*words: str) -> ProcessSpec:
    """One of the programs of this module."""
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", PROGRAM, *words]
    return ProcessSpec(name=words[0], command=command, folder=CHECKOUT, environ=settings)


def main() -> None:
    PROGRAMS[sys.argv[1]](*sys.argv[2:])


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


PROGRAMS: dict[str, Callable[..., None]] = {"write": write, "work": work, "read": read}
