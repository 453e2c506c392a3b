"""Writes events as runs: consecutive events of one append as a row of columns.

The columns of a run are written before the head is locked; then only its positions, its time and
the leaf hashes follow. `tracker.log.stored` reads them.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from struct import Struct
from typing import NamedTuple

from tracker.domain.proofs.leaves import leaf, leaf_prefix, microseconds
from tracker.log import binary
from tracker.log.heads import Head
from tracker.log.messages import Statement, ask
from tracker.log.prepared import Prepared
from tracker.log.stored import HEAD, MOST_IN_RUN, UNBOUND

# Fewer events are stored as rows. An event that withholds words or erases always is: a guard looks
# for it.
LEAST_IN_RUN = 50
ALWAYS_ROWS = ("TextWithheld", "BodyErased")
# The most bytes of bodies and words in a run.
MOST_BYTES = 4_000_000
RUN = ("first", "last", "run", "recorded_at", "recorded_by", "kinds", "schemas", "leaves")
_BODY = ("run", "heads", "bodies")
_TEXT = ("run", "salts", "ends", "texts")
_PLACE = ("run", "stream", "version", "row", "kind")
# A row of places: the number of fields, and each with its length before it.
_PLACE_ROW = Struct(">hiqi16siiihih").pack
_NUMBERS = "SELECT nextval('event_run_number') FROM generate_series(1, %s)"
_NO_SALT = bytes(16)


class Run(NamedTuple):
    """Events that are stored together. `kinds`: each kind with its schema, and its place."""

    number: int
    events: Sequence[Prepared]
    kinds: dict[tuple[str, int], int]


def are_worth_it(events: Sequence[Prepared]) -> bool:
    """Whether these events of an append are stored in runs."""
    return len(events) >= LEAST_IN_RUN and not any(one.kind in ALWAYS_ROWS for one in events)


def write_columns(events: Sequence[Prepared]) -> list[Run]:
    """Write events as runs, without their positions. Nobody can read them yet."""
    parts = list(_parts(events))
    numbers = ask(Statement(_NUMBERS, [len(parts)]))
    runs = [_run(number, part) for (number,), part in zip(numbers, parts, strict=True)]
    binary.copy("event_run_body", _BODY, map(_body_row, runs))
    binary.copy("event_run_text", _TEXT, map(_text_row, runs))
    places = sorted(place for run in runs for place in _place_rows(run))
    # In the order of the index, so that neighbours are added to one page.
    binary.copy("event_place", _PLACE, [row for _, row in places])
    return runs


def place(runs: Sequence[Run], head: Head, *, by: str) -> None:
    """Add written runs to the log; the last event is at the head, which is locked."""
    first = head.position - sum(len(run.events) for run in runs) + 1
    before = microseconds(head.recorded_at) - head.position
    prefix = leaf_prefix(head.log_id)
    rows = []
    for run in runs:
        positions = range(first, first + len(run.events))
        leaves = [
            leaf(prefix, position, before + position, event.leaf)
            for position, event in zip(positions, run.events, strict=True)
        ]
        rows.append(run_row(run, positions, before + first, by, b"".join(leaves)))
        first = positions.stop
    binary.copy("event_run", RUN, rows)


def run_row(run: Run, positions: range, micros: int, by: str, leaves: bytes) -> bytes:
    return binary.row(
        binary.int8(positions[0]),
        binary.int8(positions[-1]),
        binary.int8(run.number),
        binary.int8(micros - binary.EPOCH_MICROS),
        binary.text(by),
        binary.texts(kind for kind, _ in run.kinds),
        binary.int2s(schema for _, schema in run.kinds),
        binary.data(leaves),
    )


def _body_row(run: Run) -> bytes:
    ends = accumulate(len(event.body) for event in run.events)
    heads = [
        HEAD.pack(
            event.stream.bytes,
            event.version,
            run.kinds[event.kind, event.schema],
            end,
            event.bound or UNBOUND,
        )
        for event, end in zip(run.events, ends, strict=True)
    ]
    bodies = b"".join([event.body for event in run.events])
    return binary.row(binary.int8(run.number), binary.data(b"".join(heads)), binary.data(bodies))


def _text_row(run: Run) -> bytes:
    ends = accumulate(len(event.words) for event in run.events)
    return binary.row(
        binary.int8(run.number),
        binary.data(b"".join([event.salt or _NO_SALT for event in run.events])),
        binary.data(Struct(f">{len(run.events)}i").pack(*ends)),
        binary.data(b"".join([event.words for event in run.events])),
    )


def _place_rows(run: Run) -> Iterator[tuple[bytes, bytes]]:
    """The stream of each event, and its row in the table of places."""
    for row, event in enumerate(run.events):
        stream, kind = event.stream.bytes, run.kinds[event.kind, event.schema]
        yield stream, _PLACE_ROW(5, 8, run.number, 16, stream, 4, event.version, 2, row, 2, kind)


def _parts(events: Sequence[Prepared]) -> Iterator[Sequence[Prepared]]:
    """Cut events into parts of which each can be a run."""
    start = size = 0
    for end, event in enumerate(events):
        own = len(event.body) + len(event.words)
        if end > start and (size + own > MOST_BYTES or end - start == MOST_IN_RUN):
            yield events[start:end]
            start, size = end, 0
        size += own
    yield events[start:]


def _run(number: int, events: Sequence[Prepared]) -> Run:
    kinds = dict.fromkeys((event.kind, event.schema) for event in events)
    return Run(number, events, {kind: place for place, kind in enumerate(kinds)})
