"""How alike two sentences are."""

import pytest

from tracker.domain.likeness import likeness, name_key, nearest, suggestion


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


WORDS = ("embargo", "embark", "embers", "emblem", "visit")


class TestNearest:
    def test_are_at_most_three_and_the_likest_first(self):
        # Twice the letters in common, of all letters: 12/13, 10/12.
        assert nearest("embarg", WORDS)[:2] == ["embargo", "embark"]
        assert len(nearest("emb", ["emba", "embb", "embc", "embd"])) == 3

    def test_of_a_text_are_found_by_its_beginning(self):
        assert nearest("x" * 100 + "y" * 20_000, ["x" * 100]) == ["x" * 100]

    def test_are_none_where_nothing_is_alike(self):
        assert nearest("Zzz", WORDS) == []


class TestSuggestion:
    def test_names_what_is_near_or_else_three_examples(self):
        assert suggestion("visits", WORDS) == "nearest: visit"
        assert suggestion("Zzz", WORDS) == "for example: embargo, embark, embers"


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("KAZAKHSTAN", "kazakhstan"), ("São Tomé", "sao  tome"), ("Türkiye ", "turkiye")],
    )
    def test_is_that_of_other_spellings(self, one, other):
        assert name_key(one) == name_key(other)

    def test_is_not_that_of_other_names(self):
        assert name_key("Niger") != name_key("Nigeria")
