"""How often the reader finds the event of PLOVER's gold-standard sentences.

The sentences are split in halves by the SHA-256 of their text: the reader was developed on those
whose hash is even. No sentence was a source of cues.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from tracker.domain import codebooks
from tracker.domain.reading.codes import ranked

# Events of earlier versions of PLOVER.
_RENAMED = {
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "FIGHT": "ASSAULT",
    "INVESTIGATE": "ACCUSE",
}
_NO_SENTENCE = "DOCUMENT"
_FIRST = 3


class Share(NamedTuple):
    """The shares of sentences whose event is that of the first code, and of one of the first
    three."""

    sentences: int
    top1: float
    top3: float


class GsrFigures(NamedTuple):
    """The figures of all sentences and of both halves."""

    all: Share
    development: Share
    held_out: Share


def gsr(path: Path) -> GsrFigures:
    """Return how often the events of a file are found; shares are from 0 to 1.

    :param path: `PLOVER_GSR_CAMEO.json`, or a file of this shape: a list of objects with `event`
        and `text`.
    :raises OSError: if the file cannot be read.
    :raises ValueError: if it is no JSON.
    """
    records = [one for one in json.loads(path.read_text("utf-8")) if one["event"] != _NO_SENTENCE]
    halves: tuple[list[Mapping[str, str]], list[Mapping[str, str]]] = ([], [])
    for record in records:
        halves[sha256(record["text"].encode()).digest()[-1] % 2].append(record)
    return GsrFigures(_share(records), *map(_share, halves))


def _share(records: Sequence[Mapping[str, str]]) -> Share:
    places = [_place(record) for record in records]
    number = len(records) or 1
    return Share(
        sentences=len(records),
        top1=sum(place == 0 for place in places) / number,
        top3=sum(place is not None for place in places) / number,
    )


def _place(record: Mapping[str, str]) -> int | None:
    """The place of the first code with the event, from 0, among the first three."""
    event = _RENAMED.get(record["event"], record["event"])
    events = [codebooks.find(one.code).event for one in ranked(record["text"])[:_FIRST]]
    return events.index(event) if event in events else None
