"""Measures the seal of the log: how fast events are sealed, verified and proved, and what sealing
costs those who append.

`events_per_s`: all events of a log of N claims, added to the tree in turns of ten thousand, each
signed. `verify_per_s`: each event's hash is computed from its columns, blinded, and compared with
the tree. `proof_ms`: the median time to prove one event. `append_ratio`: claims per second of
eight writers while the sealer runs as often as the timetable says, over those without it, in turns
of one run.

Measured at a million events, on a quiet machine of two slow cores: 88,000 to 125,000 sealed and
33,000 to 39,000 verified a second, 6 to 7 ms a proof, and a ratio of 1.02 to 1.04 in two runs: it
is 1, within what such turns vary.
"""

import random
import statistics
import tempfile
import threading
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks import logs, records
from benchmarks.figures import note, print_line, seconds_of
from benchmarks.options import Options
from benchmarks.processes import Action, ProcessPool, process_pool
from benchmarks.records import Records
from config import web_process
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.log import appended
from tracker.operations import seal_keys, sealing
from tracker.queries import seals
from workers.schedule import BY_TASK

WRITERS = 8
ROUNDS = 12
# A turn has one run of the sealer, near its end: it seals what the turn has appended.
SECONDS = BY_TASK["seal"].every.total_seconds()
PROOFS = 200
VERIFIED = 100_000
LATE = 0.9
STEP = 10_000


def run(options: Options) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        logs.large(options.claims) as (_, made),
    ):
        settings.SEAL_FOLDER = Path(folder)
        seal_keys.make_key("news.example")
        number = log.head().position
        sealed = number / seconds_of(_seal_all)
        verified = min(number, VERIFIED) / seconds_of(lambda: _verify(min(number, VERIFIED)))
        proof = _proof_ms(number)
        size = _tiles_bytes() / number
        with process_pool(WRITERS, _append, made.records) as pool:
            ratio = _append_ratio(pool, options)
    note(f"{number} events")
    print_line(
        "seal",
        events_per_s=f"{sealed:.0f}",
        append_ratio=f"{ratio:.3f}",
        verify_per_s=f"{verified:.0f}",
        proof_ms=f"{proof:.1f}",
        tiles_bytes_per_event=f"{size:.1f}",
    )


def _seal_all() -> None:
    while sealing.seal_next(at=timezone.now(), most=sealing.MOST):
        pass


def _verify(until: int) -> None:
    """
    :raises RuntimeError: an event is not as it was sealed.
    """
    for after in range(0, until, STEP):
        _, problems = log.damage(after=after, limit=min(STEP, until - after))
        if problems:
            raise RuntimeError(problems[0])


def _proof_ms(number: int) -> float:
    draw = random.Random(1)
    events = [log.at(draw.randint(1, number)) for _ in range(PROOFS)]
    prove = partial(seals.inclusion, size=number, reader=Reader.PUBLIC)
    times = [seconds_of(partial(prove, event)) for event in events if event]
    return statistics.median(times) * 1e3


def _tiles_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(octet_length(hashes)) FROM seal_tile")
        return int(cursor.fetchone()[0])


def _append(made: Records, number: int) -> dict[str, Action]:
    web_process.prepare()
    draw = random.Random(number)
    appended.disconnect(dispatch_uid="workers")
    return {"append": lambda: records.append_claim(made, draw=draw)}


def _append_ratio(pool: ProcessPool, options: Options) -> float:
    """Both in turns, in one order and in the other; the first pair is to warm up."""
    pairs, seconds = [], options.seconds(SECONDS)
    for number in range(options.times(ROUNDS) + 1):
        rates = {}
        for sealing_too in (False, True) if number % 2 else (True, False):
            _seal_all()
            sealer = threading.Timer(seconds * LATE, _seal_apart if sealing_too else _rest)
            sealer.start()
            rates[sealing_too] = pool.run_for("append", seconds=seconds).rate
            sealer.join()
        pairs.append(rates[True] / rates[False])
    return statistics.median(pairs[1:])


def _rest() -> None:
    """Do nothing, in a thread of its own."""


def _seal_apart() -> None:
    """In a thread of its own, with its own connection."""
    _seal_all()
    connection.close()
