"""The Merkle tree over the log, kept in tiles. It grows after the events, outside of the append.

A leaf is blinded by a random nonce, which is kept with it. So the published tree does not confirm a
guess of an event that is withheld.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from tracker.domain.proofs import tiles
from tracker.domain.proofs.leaves import NO_NONCE, NONCE_SIZE, blinded
from tracker.domain.proofs.merkle import HASH_SIZE, Subtree, root
from tracker.domain.proofs.tiles import HEIGHT, WIDTH, Tile
from tracker.log.messages import select_prepared
from tracker.log.stored import MOST_IN_RUN

# Another sealer that is at work is left alone.
_LOCK = "SELECT size FROM seal_head WHERE id = 1 FOR UPDATE SKIP LOCKED"
_EDGE = (
    "SELECT level, hashes, nonces FROM seal_tile"
    " JOIN unnest(%s::smallint[], %s::bigint[]) AS edge (level, number) USING (level, number)"
)
_LEAVES = (
    "SELECT position, leaf_hash FROM event WHERE position > %(after)s AND position <= %(until)s"  # noqa: S608
    " UNION ALL SELECT greatest(first, %(after)s + 1), substr(leaves,"
    f" {HASH_SIZE} * greatest(%(after)s + 1 - first, 0)::int + 1, {HASH_SIZE} *"
    " (least(last, %(until)s) - greatest(first, %(after)s + 1) + 1)::int) FROM event_run"
    f" WHERE first > %(after)s::bigint - {MOST_IN_RUN} AND first <= %(until)s AND last > %(after)s"
    " ORDER BY 1"
)
_WRITE = (
    "INSERT INTO seal_tile (level, number, hashes, nonces)"
    " SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[], %s::bytea[])"
    " ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes, nonces = excluded.nonces"
)
NO_HEAD = "the head of the tree is missing"


class NotWhole(Exception):
    """The log or its tree has less than its head says."""


class SealedLeaf(NamedTuple):
    """The tree's leaf of an event."""

    hash: bytes
    nonce: bytes


def extend(*, most: int) -> int | None:
    """Add up to `most` events to the tree; return how many, or None if another sealer is at work.

    :raises NotWhole:
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        row = cursor.fetchone()
        if row is None:
            size()
            return None
        begin = row[0]
        cursor.execute("SELECT position FROM log_head")
        end = cursor.fetchone()[0]
        if problem := end_problem(begin, end):
            raise NotWhole(problem)
        until = min(end, begin + most)
        if until > begin:
            _add(begin, _leaf_hashes(begin, until))
            cursor.execute("UPDATE seal_head SET size = %s WHERE id = 1", [until])
        return int(until - begin)


def end_problem(sealed: int, end: int) -> str:
    """What is wrong with the end of a tree of so many events, in a log that ends at a position:
    the log ends before, or its last sealed event is another one. Empty if nothing is."""
    if end < sealed:
        return f"{sealed} events are sealed, but the log ends at {end}"
    last = leaves(after=sealed - 1, until=sealed).get(sealed) if sealed else None
    # Of an erased event the record of its erasure binds the columns.
    if last is None or last.nonce == NO_NONCE:
        return ""
    if blinded(last.nonce, _leaf_hashes(sealed - 1, sealed)) != last.hash:
        return f"event {sealed} is not what was sealed"
    return ""


def size() -> int:
    """How many events the tree has.

    :raises NotWhole:
    """
    found = select_prepared("SELECT size FROM seal_head WHERE id = 1", [])
    if not found:
        raise NotWhole(NO_HEAD)
    return int(found[0][0])


def size_or_zero() -> int:
    """How many events the tree has; 0 if its head is missing, which `seal_checks` reports."""
    try:
        return size()
    except NotWhole:
        return 0


def read_tile(level: int, number: int, width: int = WIDTH) -> bytes | None:
    """The first hashes of a tile; None if it has fewer."""
    found = select_prepared(
        f"SELECT substr(hashes, 1, {HASH_SIZE} * %s) FROM seal_tile"  # noqa: S608
        f" WHERE level = %s AND number = %s AND octet_length(hashes) >= {HASH_SIZE} * %s",
        [width, level, number, width],
        binary=True,
    )
    return bytes(found[0][0]) if found else None


def subtrees(tiles_read: Mapping[tuple[int, int], bytes] | None = None) -> Subtree:
    """Read the tree by its tiles, each once; those not again that were read already."""
    known = dict(tiles_read or {})

    def read(level: int, number: int) -> bytes:
        if (level, number) not in known:
            found = select_prepared(
                "SELECT hashes FROM seal_tile WHERE level = %s AND number = %s",
                [level, number],
                binary=True,
            )
            known[level, number] = bytes(found[0][0]) if found else b""
        return known[level, number]

    return tiles.subtrees(read)


def root_at(size: int) -> bytes:
    """The root of the tree when it had a size.

    :raises Refused: the tree is not whole, or has fewer leaves.
    """
    return root(size, subtrees())


def leaves(*, after: int, until: int) -> dict[int, SealedLeaf]:
    """The leaves of the events after one position up to another, by position, as far as they are
    sealed."""
    rows = select_prepared(
        "SELECT number, hashes, nonces FROM seal_tile WHERE level = 0"
        " AND number BETWEEN %s AND %s ORDER BY number",
        [after // WIDTH, (until - 1) // WIDTH],
        binary=True,
    )
    return {position: leaf for position, leaf in _leaves_of(rows) if after < position <= until}


def leaves_at(positions: Collection[int]) -> tuple[dict[int, SealedLeaf], Subtree]:
    """The leaves of some events, by position, as far as they are sealed; and the tree, whose tiles
    with these leaves are not read again."""
    wanted: dict[int, list[int]] = {}
    for position in positions:
        wanted.setdefault((position - 1) // WIDTH, []).append(position)
    rows = select_prepared(
        "SELECT number, hashes, nonces FROM seal_tile WHERE level = 0 AND number = ANY(%s)",
        [sorted(wanted)],
        binary=True,
    )
    found, read = {}, {}
    for number, *both in rows:
        hashes, nonces = map(bytes, both)
        read[0, number] = hashes
        for position in wanted[number]:
            begin = (position - 1) % WIDTH * HASH_SIZE
            at = slice(begin, begin + HASH_SIZE)
            if begin < len(hashes):
                found[position] = SealedLeaf(hashes[at], nonces[at])
    return found, subtrees(read)


def _leaves_of(tiles: Iterable[Sequence[Any]]) -> Iterator[tuple[int, SealedLeaf]]:
    """The leaves in tiles of level 0, with their positions."""
    for number, hashes, nonces in tiles:
        for place in range(len(hashes) // HASH_SIZE):
            at = slice(place * HASH_SIZE, (place + 1) * HASH_SIZE)
            yield number * WIDTH + place + 1, SealedLeaf(bytes(hashes[at]), bytes(nonces[at]))


def _leaf_hashes(after: int, until: int) -> bytes:
    rows = select_prepared(_LEAVES, {"after": after, "until": until}, binary=True)
    found = b"".join(bytes(row[1]) for row in rows)
    if len(found) != HASH_SIZE * (until - after):
        raise NotWhole(f"of the events {after + 1} to {until} some are missing")
    return found


def _add(size: int, hashes: bytes) -> None:
    edge, kept = _edge(size)
    nonces = secrets.token_bytes(len(hashes))
    leaves = [
        blinded(nonces[at : at + NONCE_SIZE], hashes[at : at + HASH_SIZE])
        for at in range(0, len(hashes), HASH_SIZE)
    ]
    _, changed = tiles.extend(size, edge, leaves)
    _write(changed, kept + nonces, first=size // WIDTH)


def _edge(size: int) -> tuple[list[bytes], bytes]:
    """The last tile of each level that is not whole, and the nonces of that of level 0."""
    levels = range((size.bit_length() + HEIGHT - 1) // HEIGHT)
    numbers = [size >> HEIGHT * (level + 1) for level in levels]
    rows = select_prepared(_EDGE, [[*levels], numbers], binary=True)
    found = {level: (bytes(hashes), bytes(nonces or b"")) for level, hashes, nonces in rows}
    edge = [found.get(level, (b"", b""))[0] for level in levels]
    for level, hashes in enumerate(edge):
        wanted = HASH_SIZE * tiles.width(level, numbers[level], size)
        if len(hashes) != wanted or (level == 0 and len(found.get(0, (b"", b""))[1]) != wanted):
            raise NotWhole(f"the tree does not have the {size} events that its head says")
    return edge, found.get(0, (b"", b""))[1]


def _write(changed: Sequence[Tile], nonces: bytes, *, first: int) -> None:
    """Write tiles. The nonces are those of level 0 from its tile `first` on."""
    size = WIDTH * NONCE_SIZE
    own = [
        None if level else nonces[(number - first) * size : (number - first + 1) * size]
        for level, number, _ in changed
    ]
    columns = [[*column] for column in zip(*changed, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*columns, own])
