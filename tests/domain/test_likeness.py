"""How alike two sentences are."""

import pytest

from tracker.domain.likeness import likeness


class TestLikeness:
    @pytest.mark.parametrize(
        ("one", "other", "common", "everything"),
        [
            ("Russia shut off the oil.", "russia SHUT off the oil!", 5, 5),
            ("Russia shut off the oil.", "The oil, the oil: Russia", 3, 5),
            ("Россия закрыла кран", "Россия открыла кран", 2, 4),
            ("Russia", "China", 0, 2),
            ("", "", 0, 0),
        ],
    )
    def test_counts_the_words_that_both_have(self, one, other, common, everything):
        found = likeness(one, other)

        assert (found.common, found.all) == (common, everything)
        assert likeness(other, one) == found

    def test_is_a_share_of_all_words(self):
        assert likeness("a b c", "b c d").share == 0.5
        assert likeness("", "").share == 0
