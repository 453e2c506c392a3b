"""Merkle trees against RFC 6962, §2.1, and the vectors of transparency-dev; tiles hold them."""

import json
from base64 import b64decode
from contextlib import nullcontext
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.processes import CHECKOUT
from tests.kit.tables import each
from tools import verify
from tracker.domain.proofs import merkle, tiles
from tracker.domain.proofs.refusals import Reason, Refused

REFUSED = (Refused, verify.Refused)

VECTORS = [
    json.loads(line)
    for line in (CHECKOUT / "fixtures/merkle/vectors.jsonl").read_text().splitlines()
]
# The leaves and roots of the reference tree of Certificate Transparency.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
MOST = 140
# They may pass as equal roots there. Here no root has other than 32 bytes.
NO_HASHES = {"consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"}


@cache
def by_definition(first: int, last: int) -> bytes:
    """MTH of the leaves `first` to before `last` as the RFC defines it; a leaf is its number."""
    if last - first == 1:
        return merkle.hash_leaf(first.to_bytes(4))
    middle = first + 1
    while 2 * (middle - first) < last - first:
        middle = first + 2 * (middle - first)
    return merkle.hash_node(by_definition(first, middle), by_definition(middle, last))


def subtree(height: int, index: int) -> bytes:
    return by_definition(index << height, (index + 1) << height)


def of_entries(height: int, index: int) -> bytes:
    hashes = [merkle.hash_leaf(one) for one in ENTRIES][index << height : (index + 1) << height]
    while len(hashes) > 1:
        hashes = merkle.hash_pairs(hashes)
    return hashes[0]


class TestRoots:
    def test_are_those_of_the_reference_tree(self):
        assert [merkle.root(size, of_entries).hex() for size in range(9)] == [*ROOTS]

    def test_are_as_defined(self):
        for size in range(1, MOST + 1):
            assert merkle.root(size, subtree) == by_definition(0, size)


class TestProofs:
    def test_of_inclusion_verify_for_every_leaf_of_every_size(self):
        for size in range(1, MOST + 1):
            for index in range(size):
                proof = merkle.prove_inclusion(index, size, subtree)
                leaf = by_definition(index, index + 1)
                verify.verify_inclusion(leaf, index, size, proof, by_definition(0, size))

    def test_of_consistency_verify_for_every_two_sizes(self):
        for new in range(1, MOST + 1):
            for old in range(1, new + 1):
                proof = merkle.prove_consistency(old, new, subtree)
                roots = by_definition(0, old), by_definition(0, new)
                merkle.verify_consistency(old, new, proof, *roots)
                verify.verify_consistency(old, new, proof, *roots)

    def test_are_refused_where_there_is_nothing_to_prove(self):
        for index, size in ((0, 0), (3, 3), (-1, 3)):
            with pytest.raises(ValueError, match="no leaf"):
                merkle.prove_inclusion(index, size, subtree)
        for old, new in ((0, 3), (4, 3)):
            with pytest.raises(ValueError, match="cannot be shown to continue"):
                merkle.prove_consistency(old, new, subtree)


class TestProofsOfSeveralLeaves:
    def test_are_right_for_every_choice_of_leaves(self):
        for size in range(1, 9):
            root = by_definition(0, size)
            for choice in range(1, 1 << size):
                indices = [index for index in range(size) if choice >> index & 1]
                proof = merkle.prove_inclusions(indices, size, subtree)
                leaves = {index: by_definition(index, index + 1) for index in indices}

                verify.verify_inclusions(leaves, size, proof, root)
                if len(indices) == size:
                    assert proof == []

    def test_are_shorter_than_one_for_each(self):
        # Four leaves side by side have one sibling less at each of two levels, and share the rest.
        assert len(merkle.prove_inclusions([0, 1, 2, 3], 256, subtree)) == 6

    def test_fail_for_another_leaf_place_size_or_hash(self):
        proof = merkle.prove_inclusions([3, 37], 100, subtree)
        root, third = by_definition(0, 100), by_definition(3, 4)
        right = {3: third, 37: by_definition(37, 38)}
        verify.verify_inclusions(right, 100, proof, root)

        for leaves, size, hashes in (
            ({3: third, 37: third}, 100, proof),
            ({4: third, 37: right[37]}, 100, proof),
            ({3: third}, 100, proof),
            (right, 101, [*proof, root]),
            (right, 100, proof[:-1]),
            (right, 100, [*proof, root]),
            (right, 100, [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]),
            ({}, 100, proof),
            ({-1: third}, 100, proof),
            ({100: third}, 100, proof),
            (right, 100, [b"short", *proof[1:]]),
        ):
            with pytest.raises(REFUSED):
                verify.verify_inclusions(leaves, size, hashes, root)

    def test_are_refused_where_there_is_nothing_to_prove(self):
        for indices, size in (([], 3), ([-1], 3), ([0, 3], 3)):
            with pytest.raises(ValueError, match="does not have these"):
                merkle.prove_inclusions(indices, size, subtree)


class TestTheVectors:
    @each("vector", VECTORS)
    def test_are_judged_as_they_say(self, vector):
        refused = vector["wantErr"] or vector["path"] in NO_HASHES
        for module in (merkle, verify):
            with pytest.raises(REFUSED) if refused else nullcontext():
                judge(vector, module)


def judge(vector, module):
    """Verify a proof of inclusion by the verifier, which alone can, one of consistency by each."""
    proof = [b64decode(one) for one in vector["proof"] or ()]
    if vector["path"].startswith("inclusion"):
        leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
        verify.verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], proof, root)
    else:
        roots = b64decode(vector["root1"]), b64decode(vector["root2"])
        module.verify_consistency(vector["size1"], vector["size2"], proof, *roots)


class Grown:
    """A tree that grew in steps, kept as a site keeps it."""

    def __init__(self):
        self.size, self.edge, self.tiles = 0, [], {}

    def grow(self, number):
        leaves = [by_definition(one, one + 1) for one in range(self.size, self.size + number)]
        self.edge, changed = tiles.extend(self.size, self.edge, leaves)
        self.tiles |= {(level, index): hashes for level, index, hashes in changed}
        self.size += number
        return changed

    def root(self, size=None):
        subtree = tiles.subtrees(lambda level, index: self.tiles.get((level, index), b""))
        return merkle.root(self.size if size is None else size, subtree)


class TestATreeOfTiles:
    @given(steps=st.lists(st.integers(0, 700), max_size=6))
    def test_has_the_root_of_its_leaves_after_each_step(self, steps):
        tree = Grown()
        for step in steps:
            tree.grow(step)
            assert tree.root() == (by_definition(0, tree.size) if tree.size else merkle.EMPTY_ROOT)

    def test_keeps_its_former_roots(self):
        tree = Grown()
        tree.grow(700)

        assert [tree.root(size) for size in range(1, 701)] == [
            by_definition(0, size) for size in range(1, 701)
        ]

    def test_has_tiles_as_wide_as_the_specification_says(self):
        """The example of C2SP `tlog-tiles`: 70,000 leaves, and 256."""
        tree = Grown()
        tree.grow(70_000)

        found = {place: len(hashes) // 32 for place, hashes in tree.tiles.items()}
        assert found == {
            **{(0, index): 256 for index in range(273)},
            (0, 273): 112,
            (1, 0): 256,
            (1, 1): 17,
            (2, 0): 1,
        }
        assert found == {(at, n): tiles.width(at, n, 70_000) for at, n in found}
        assert tiles.width(0, 274, 70_000) == tiles.width(3, 0, 70_000) == 0
        assert (tiles.width(0, 0, 256), tiles.width(0, 1, 256), tiles.width(1, 0, 256)) == (
            256,
            0,
            1,
        )

    def test_changes_only_tiles_that_got_hashes(self):
        tree = Grown()
        tree.grow(300)

        assert [(level, index) for level, index, _ in tree.grow(1)] == [(0, 1)]
        assert [(level, index) for level, index, _ in tree.grow(211)] == [(0, 1), (1, 0)]
        assert tree.grow(0) == []

    def test_is_not_read_beyond_its_end(self):
        tree = Grown()
        tree.grow(300)

        with pytest.raises(Refused, match="too few hashes"):
            tree.root(301)


class TestAddresses:
    @each(
        ("tile", "text"),
        [
            ((0, 0, 256), "0/000"),
            ((0, 999, 256), "0/999"),
            ((1, 1000, 256), "1/x001/000"),
            ((0, 1234067, 256), "0/x001/x234/067"),
            ((63, 5, 7), "63/005.p/7"),
            ((0, 1001001, 255), "0/x001/x001/001.p/255"),
        ],
    )
    def test_are_those_of_the_specification(self, tile, text):
        assert tiles.path(*tile) == text
        assert tiles.parse_path(text) == tile

    @each(
        "text",
        [
            *("", "0", "0/0", "0/0000", "00/000", "64/000", "-1/000", "0/x000/001", "0/001/002"),
            *(
                "0/000.p/0",
                "0/000.p/256",
                "0/000.p/999",
                "0/000.p/01",
                "0/000/",
                "0/x001/000.p/",
                "0/٠٠٠",
            ),
        ],
    )
    def test_that_are_written_otherwise_are_refused(self, text):
        with pytest.raises(Refused) as caught:
            tiles.parse_path(text)
        assert caught.value.reason is Reason.MALFORMED
