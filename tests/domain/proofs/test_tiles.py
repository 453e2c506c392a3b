"""Tiles hold the tree as it is defined, in whatever steps it grew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.proofs.test_merkle import by_definition
from tests.kit.tables import each
from tracker.domain.proofs import merkle, tiles
from tracker.domain.proofs.refusals import Reason, Refused


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
