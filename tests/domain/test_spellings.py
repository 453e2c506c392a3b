"""Spellings of one name."""

import pytest

from tracker.domain.likeness import name_key


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("KAZAKHSTAN", "kazakhstan"), ("São Tomé", "sao  tome"), ("Türkiye ", "turkiye")],
    )
    def test_is_that_of_other_spellings(self, one, other):
        assert name_key(one) == name_key(other)

    def test_is_not_that_of_other_names(self):
        assert name_key("Niger") != name_key("Nigeria")
