"""What the text of a cell must be for a rule."""

import pytest

from tests.importers.test_values import a_row
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.conditions import LONGEST_COMPARED, LONGEST_PATTERN, Condition, read
from tracker.imports.formats.sections import BadMapping, Section


def condition(content: object) -> Condition:
    return read(Section("codes[1].when", {"scale": content}), "scale")


def fits(content: object, text: str) -> bool:
    return condition(content).fits(a_row(scale=text), "scale")


class TestFits:
    @pytest.mark.parametrize(
        ("content", "text", "expected"),
        [
            ("visit", "visit", True),
            ("visit", "Visit", False),
            (["visit", "call"], "call", True),
            ([], "", False),
            ({"like": "*visit*"}, "A State VISIT.", True),
            ({"like": ["meets ?", "talks"]}, "meets x", True),
            ({"like": ["meets ?", "talks"]}, "meets", False),
            ({"like": "*"}, "", True),
            ({"like": "-1*"}, "-10", True),
        ],
    )
    def test_compares_texts_and_patterns(self, content, text, expected):
        assert fits(content, text) is expected

    @pytest.mark.parametrize(
        ("numbers", "inside", "outside"),
        [
            ("1..5", "1 5 5.0 +3 2.5 1e0 01", "0.99 5.01 -3"),
            ("-10 .. -5", "-10 −7.5 -5", "-4.9 5"),
            ("<0", "-0.1 -1e9", "0 -0 0.0 1"),
            ("<=0", "-3 0 -0.0", "0.1"),
            (">7", "7.01 8", "7 7.0 6"),
            (">= 7", "7 7.0 1000000", "6.999"),
            ("7", "7 7.0 007", "7.1 6"),
            (["<-5", "9"], "-6 9", "-5 8"),
            ("3..3", "3", "2.9 3.1"),
        ],
    )
    def test_compares_numbers(self, numbers, inside, outside):
        assert [one for one in inside.split() if not fits({"number": numbers}, one)] == []
        assert [one for one in outside.split() if fits({"number": numbers}, one)] == []

    @pytest.mark.parametrize(
        "text",
        ["", "many", "1,5", "40%", "1 000", "NaN", "Infinity", "1e999", "1_0", "٣", "1" * 31],
    )
    def test_takes_other_texts_for_no_number(self, text):
        assert not fits({"number": [">=-99", "<99"]}, text)

    def test_needs_only_one_of_a_pattern_and_a_range(self):
        both = {"like": "none", "number": "<0"}

        assert [fits(both, text) for text in ("none", "-1", "1")] == [True, True, False]

    def test_refuses_to_compare_long_texts_with_patterns(self):
        assert fits({"like": "x*"}, "x" * LONGEST_COMPARED)
        with pytest.raises(BadCell, match="is 1001 characters long; at most 1000 are compared"):
            fits({"like": "x*"}, "x" * (LONGEST_COMPARED + 1))

    def test_takes_no_time_for_patterns_that_nearly_fit(self):
        assert not fits({"like": "*a" * (LONGEST_PATTERN // 2 - 1) + "b"}, "a" * LONGEST_COMPARED)


class TestRead:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (5, 'codes[1].when.scale: must be a text or a list such as ["x", "y"]'),
            ([5], "codes[1].when.scale: must be a text or a list"),
            ({}, "codes[1].when.scale: must have `like` or `number`, such as {number"),
            ({"likes": "x"}, "codes[1].when.scale.likes: is an unknown key; did you mean like?"),
            ({"like": 5}, "codes[1].when.scale.like: must be a text or a list"),
            ({"like": "x" * 201}, "codes[1].when.scale.like: one is longer than 200 characters"),
            ({"number": 5}, "codes[1].when.scale.number: must be a text or a list"),
            ({"number": "5..1"}, "codes[1].when.scale.number: '5..1' is empty: write the lower"),
            ({"number": "1-5"}, "codes[1].when.scale.number: '1-5' is no range such as 1..5, <0"),
            ({"number": "<"}, "codes[1].when.scale.number: '<' is no range"),
            ({"number": "=>5"}, "codes[1].when.scale.number: '=>5' is no range"),
        ],
    )
    def test_names_what_is_wrong(self, content, says):
        with pytest.raises(BadMapping) as problem:
            condition(content)
        assert str(problem.value).startswith(says)


class TestAPattern:
    @pytest.mark.parametrize(
        ("text", "expected"), [("The [Update] of May", True), ("a date", False)]
    )
    def test_means_its_brackets_as_they_are(self, text, expected):
        assert fits({"like": "*[update]*"}, text) is expected
