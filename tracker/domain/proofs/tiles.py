"""Tiles of a Merkle tree (C2SP `tlog-tiles`): 256 hashes of one level, the last tile fewer.

Level 0 has the hashes of leaves; a hash of a level above is the root of a whole tile below.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tracker.domain.proofs.merkle import HASH_SIZE, Subtree, hash_pairs
from tracker.domain.proofs.refusals import Reason, Refused

HEIGHT = 8
WIDTH = 1 << HEIGHT
MOST_LEVEL = 63

# The hashes of a tile, by level and index.
type ReadTile = Callable[[int, int], bytes]

_PATH = re.compile(r"([0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([0-9]{1,3}))?")


class Tile(NamedTuple):
    """The hashes of a tile, one after the other."""

    level: int
    number: int
    hashes: bytes


def width(level: int, index: int, size: int) -> int:
    """How many hashes a tile has in a tree of a size."""
    full, rest = divmod(size >> HEIGHT * level, WIDTH)
    return WIDTH if index < full else rest if index == full else 0


def path(level: int, index: int, width: int = WIDTH) -> str:
    """The address of a tile: `0/x001/x234/067`, `0/000.p/3`."""
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return f"{level}/{text}" + (f".p/{width}" if width < WIDTH else "")


def parse_path(text: str) -> tuple[int, int, int]:
    """The level, index and width of a tile from its address.

    :raises Refused: it is no such address.
    """
    if match := _PATH.fullmatch(text):
        level, index = int(match[1]), int(re.sub("[x/]", "", match[2]))
        found = level, index, int(match[3] or WIDTH)
        # A number has one form.
        if level <= MOST_LEVEL and found[2] and path(*found) == text:
            return found
    raise Refused(Reason.MALFORMED, f"this is not an address of a tile: {text[:60]}")


def root(hashes: bytes) -> bytes:
    """The root of a power of two of hashes."""
    level = _split(hashes)
    while len(level) > 1:
        level = hash_pairs(level)
    return level[0]


def extend(
    size: int, edge: Sequence[bytes], leaves: Iterable[bytes]
) -> tuple[list[bytes], list[Tile]]:
    """Add hashes of leaves to a tree of a size.

    `edge` has the last tile of each level that is not whole, from level 0 up. Return the new edge,
    and the tiles that changed, from level 0 up.
    """
    new, changed, added = [], [], b"".join(leaves)
    level = 0
    while added or level < len(edge):
        old = edge[level] if level < len(edge) else b""
        hashes, index = old + added, size >> HEIGHT * (level + 1)
        whole = len(hashes) // (WIDTH * HASH_SIZE)
        tiles = [
            Tile(level, index + place, hashes[start : start + WIDTH * HASH_SIZE])
            for place, start in enumerate(range(0, whole * WIDTH * HASH_SIZE, WIDTH * HASH_SIZE))
        ]
        rest = hashes[whole * WIDTH * HASH_SIZE :]
        changed += tiles
        if added and rest:
            changed.append(Tile(level, index + whole, rest))
        new.append(rest)
        added = b"".join(root(tile.hashes) for tile in tiles)
        level += 1
    return new, changed


def subtrees(read: ReadTile) -> Subtree:
    """Read a tree by its tiles."""

    def subtree(height: int, index: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        tile, first = divmod(index << within, WIDTH)
        hashes = read(level, tile)[first * HASH_SIZE : (first + (1 << within)) * HASH_SIZE]
        if len(hashes) != HASH_SIZE << within:
            raise Refused(Reason.MALFORMED, f"tile {path(level, tile)} has too few hashes")
        return root(hashes)

    return subtree


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[start : start + HASH_SIZE] for start in range(0, len(hashes), HASH_SIZE)]
