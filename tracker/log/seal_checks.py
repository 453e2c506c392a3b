"""Checks that the seal of the log is whole: that its tiles fit each other and its checkpoints."""

from collections.abc import Iterator
from typing import NamedTuple

from tracker.domain.proofs import checkpoints, notes, tiles
from tracker.domain.proofs.merkle import HASH_SIZE
from tracker.domain.proofs.refusals import Refused
from tracker.domain.proofs.tiles import WIDTH
from tracker.log import seal
from tracker.log.heads import head
from tracker.log.messages import select_prepared

# Checkpoints that are compared each time: the last ones.
CHECKPOINTS = 20
_TILES = (
    f"SELECT t.number, t.hashes, coalesce(substr(a.hashes, {HASH_SIZE} *"  # noqa: S608
    f" (t.number %% {WIDTH})::int + 1, {HASH_SIZE}), '') FROM seal_tile t LEFT JOIN seal_tile a"
    f" ON a.level = t.level + 1 AND a.number = t.number / {WIDTH}"
    " WHERE t.level = %(level)s AND t.number > %(after)s AND t.number <= %(last)s"
    " ORDER BY t.number LIMIT 256"
)
_STAMPED = (
    "SELECT format('the checkpoint of %s events, which has a timestamp, is missing', size)"
    " FROM seal_timestamp LEFT JOIN seal_checkpoint USING (size) WHERE note IS NULL ORDER BY size"
)


class HostProblem(NamedTuple):
    """Why a host does not seal, by its settings, its folder and what it has seen of the log.
    `went_back`: events that it has seen are missing, or others are in their place."""

    text: str
    went_back: bool = False


def problems(*, whole: bool) -> Iterator[str]:
    """What is wrong with the end of the tree and the last checkpoints, and with `whole` with all
    tiles and the checkpoints that have a timestamp."""
    try:
        if problem := seal.end_problem(seal.size(), head().position):
            yield problem
    except seal.NotWhole as problem:
        yield str(problem)
    rows = select_prepared(
        "SELECT size, note FROM seal_checkpoint ORDER BY size DESC LIMIT %s", [CHECKPOINTS]
    )
    for size, note in rows:
        try:
            signed = checkpoints.parse(notes.parse(note).text)
            fits = (signed.size, signed.root) == (size, seal.root_at(size))
        except Refused as problem:
            yield f"the checkpoint of {size} events cannot be compared: {problem}"
        else:
            if not fits:
                yield f"the checkpoint of {size} events is of another log"
    if whole:
        yield from wrong_tiles(first=1, last=seal.size_or_zero())
        yield from (row[0] for row in select_prepared(_STAMPED))


def wrong_tiles(*, first: int, last: int) -> Iterator[str]:
    """Tiles over some events, and those above them, that are missing, of another width than the
    tree's size says, or whose root is not in the tile above."""
    size, level = seal.size_or_zero(), 0
    begin, end = first - 1, min(last, size) - 1
    while begin <= end and size >> tiles.HEIGHT * level:
        expected = begin >> tiles.HEIGHT * (level + 1)
        until = end >> tiles.HEIGHT * (level + 1)
        for number, hashes, above in _of_level(level, expected, until):
            if number != expected:
                yield f"tile {tiles.path(level, expected)} of the seal is missing"
            expected = number + 1
            if len(hashes) != HASH_SIZE * tiles.width(level, number, size):
                yield f"tile {tiles.path(level, number)} of the seal has another width"
            elif len(hashes) == HASH_SIZE * WIDTH and above != tiles.root(hashes):
                yield f"tile {tiles.path(level, number)} of the seal does not fit the one above"
        if expected <= until and tiles.width(level, expected, size):
            yield f"tile {tiles.path(level, expected)} of the seal is missing"
        level += 1


def _of_level(level: int, first: int, last: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Tiles of a level: number, hashes, and what the tile above has for it."""
    after = first - 1
    parameters = {"level": level, "last": last}
    while rows := select_prepared(_TILES, parameters | {"after": after}, binary=True):
        yield from ((number, bytes(hashes), bytes(above)) for number, hashes, above in rows)
        after = rows[-1][0]
