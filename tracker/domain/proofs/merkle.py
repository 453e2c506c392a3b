"""The Merkle tree of RFC 6962 over SHA-256: roots, proofs of inclusion and of consistency.

A tree of a size has that many leaves, counted from 0. Trees are read by whole subtrees: `subtree(h,
i)` is the hash of the leaves from i·2^h to (i+1)·2^h.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from tracker.domain.proofs.refusals import Reason, Refused

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

type Subtree = Callable[[int, int], bytes]


def hash_leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def hash_pairs(hashes: Sequence[bytes]) -> list[bytes]:
    """The nodes above an even number of hashes."""
    sha256 = hashlib.sha256
    pairs = zip(hashes[::2], hashes[1::2], strict=True)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root(size: int, subtree: Subtree) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _hash(0, size, subtree) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from a leaf to the root, from the leaf's sibling on.

    :raises ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    first, last, path = 0, size, []
    while last - first > 1:
        middle = first + _left(last - first)
        if index < middle:
            path.append((middle, last))
            last = middle
        else:
            path.append((first, middle))
            first = middle
    return [_hash(*leaves, subtree) for leaves in reversed(path)]


def prove_inclusions(indices: Sequence[int], size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from several leaves, in ascending order, to the root: those of the
    largest parts of the tree that have none of the leaves, from left to right.

    :raises ValueError: the tree has no such leaves.
    """
    if not indices or indices[0] < 0 or indices[-1] >= size:
        raise ValueError(f"a tree of {size} leaves does not have these")
    return [_hash(*leaves, subtree) for leaves in _parts_without(indices, 0, size)]


def prove_consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show that a tree of `new` leaves begins with one of `old`; none for the same
    size.

    :raises ValueError: the old size is 0 or larger than the new one.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves cannot be shown to continue one of {old}")
    first, last, path = 0, new, []
    while last != old:
        middle = first + _left(last - first)
        if old <= middle:
            path.append((middle, last))
            last = middle
        else:
            path.append((first, middle))
            first = middle
    # The verifier knows the old root, which is this subtree if it begins at the first leaf.
    if first:
        path.append((first, last))
    return [_hash(*leaves, subtree) for leaves in reversed(path)]


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Verify that a tree begins with all leaves of an older one.

    :raises Refused: it is not shown. Nothing can be shown of an empty tree.
    """
    _check_hashes(old_root, new_root, *proof)
    if not 0 < old <= new:
        raise Refused(
            Reason.CONSISTENCY, f"a tree of {new} leaves cannot be shown to continue one of {old}"
        )
    if old == new:
        if proof or old_root != new_root:
            raise Refused(Reason.CONSISTENCY, "two trees of the same size have different roots")
        return
    older, newer = _lead(old, new, proof, old_root)
    if older != old_root:
        raise Refused(Reason.CONSISTENCY, "the proof does not lead to the old root")
    if newer != new_root:
        raise Refused(Reason.CONSISTENCY, "the proof does not lead to the new root")


def _lead(old: int, new: int, proof: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """The roots to which a proof of consistency leads, from the largest whole subtree that ends the
    old tree."""
    shift = (old & -old).bit_length() - 1
    start, rest = ([old_root], proof) if old == 1 << shift else (proof[:1], proof[1:])
    index = (old - 1) >> shift
    inner = ((old - 1) ^ (new - 1)).bit_length() - shift
    border = (index >> inner).bit_count()
    if not start or len(rest) != inner + border:
        raise Refused(
            Reason.CONSISTENCY, f"the proof has {len(proof)} hashes, which do not fit the sizes"
        )
    older = newer = start[0]
    for level, one in enumerate(rest):
        if level >= inner or index >> level & 1:
            older, newer = hash_node(one, older), hash_node(one, newer)
        else:
            newer = hash_node(newer, one)
    return older, newer


def _parts_without(indices: Sequence[int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The largest parts of a tree that have none of some leaves, from left to right, each as its
    first leaf and the one after its last."""
    if not indices:
        yield first, last
    elif last - first > 1:
        middle = first + _left(last - first)
        place = bisect_left(indices, middle)
        yield from _parts_without(indices[:place], first, middle)
        yield from _parts_without(indices[place:], middle, last)


def _hash(first: int, last: int, subtree: Subtree) -> bytes:
    """The hash of the leaves from one to before another, as a part of a tree."""
    parts = []
    while first < last:
        size = _left(last - first + 1)
        height = size.bit_length() - 1
        parts.append(subtree(height, first >> height))
        first += size
    found = parts.pop()
    while parts:
        found = hash_node(parts.pop(), found)
    return found


def _left(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _check_hashes(*hashes: bytes) -> None:
    for one in hashes:
        if len(one) != HASH_SIZE:
            raise Refused(Reason.MALFORMED, f"a hash has {len(one)} bytes instead of {HASH_SIZE}")
