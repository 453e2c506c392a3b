"""The text that is read, and its sentences."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.reading.text import TextTooLong, normalised, sentences, sha256

_WORDS = 'Gen. U.S. Mali left the " ” “ 3.5 - ? ! . … A. No. e\u0301 \u0301 \u200b [1]'
_SPACES = ("\n", "\n\n", " ", "\r\n", "\t", "\u2028")
TEXTS = st.lists(st.sampled_from([*_WORDS.split(), *_SPACES]), max_size=60).map("".join)


def split(text: str) -> list[str]:
    return [one.text for one in sentences(normalised(text))]


class TestNormalised:
    def test_composes_letters(self):
        assert normalised("Goi\u0308ta") == "Goïta"

    @each("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x85"])
    def test_ends_lines_with_a_line_feed(self, end):
        assert normalised(f"One.{end}Two.") == "One.\nTwo."

    def test_leaves_out_spaces_at_the_end_of_lines_and_around_the_text(self):
        assert normalised("\n\n  One. \u00a0\nTwo.\t\n\n") == "One.\nTwo."

    def test_leaves_out_what_nobody_sees(self):
        assert normalised("a\x00b\u200bc\ufeffd\xade\u202ef\ud800") == "abcdef"

    def test_writes_all_spaces_alike(self):
        assert normalised("5\u202f%\u00a0of\tall") == "5 % of all"

    @given(st.text() | TEXTS)
    def test_is_the_same_when_done_twice(self, text):
        once = normalised(text)

        assert normalised(once) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not {unicodedata.category(sign) for sign in once.replace("\n", "")} & {"Cc", "Cs"}

    def test_refuses_too_many_characters(self):
        assert len(normalised("a" * 200_000)) == 200_000
        with pytest.raises(TextTooLong, match="has 200001 characters; at most 200000") as caught:
            normalised("a" * 200_001)
        assert [one.pointer for one in caught.value.problems] == ["/text"]

    def test_refuses_characters_that_become_too_many(self):
        # U+0958 is two characters in NFC.
        with pytest.raises(TextTooLong, match="has 300000 characters"):
            normalised("\u0958" * 150_000)

    def test_refuses_too_many_words(self):
        assert normalised("a " * 20_000)
        with pytest.raises(TextTooLong, match="has 20001 words; at most 20000"):
            normalised("a " * 20_001)


class TestSha256:
    def test_is_that_of_the_text_in_utf_8(self):
        assert sha256("Goïta") == hashlib.sha256(b"Go\xc3\xafta").hexdigest()


class TestSentences:
    @given(st.text() | TEXTS)
    def test_are_parts_of_the_text_in_order(self, text):
        text = normalised(text)
        found = sentences(text)

        assert [one.number for one in found] == list(range(1, len(found) + 1))
        assert all(one.text == text[one.start : one.end] != "" for one in found)
        assert all(one.text == one.text.strip() for one in found)
        places = [place for one in found for place in (one.start, one.end)]
        assert places == sorted(places)

    @given(TEXTS)
    def test_lose_no_letter(self, text):
        text = normalised(text)
        inside = {place for one in sentences(text) for place in range(one.start, one.end)}

        assert not any(sign.isalpha() for place, sign in enumerate(text) if place not in inside)

    @each(
        "sentence",
        [
            "Gen. Tchiani met Mr. Smith, Dr. Li and Lt. Col. Goïta.",
            "The U.S. Department of State, i.e. Washington, paid the U.K. in St. Petersburg.",
            "The order, No. 5 of 12, cost $3.5 million.",
            "J. D. Vance and Donald J. Trump met on Jan. 5 and Sept. 11.",
            "It left e.g. Gao, Kidal etc. and went on.",
            "“We go.” is what he said.",
            "He asked “Why?” and left.",
            "Rosneft Ltd. Chairman Schröder resigned.",
            "They waited… and waited.",
        ],
    )
    def test_do_not_end_within(self, sentence):
        assert split(sentence) == [sentence]

    @each(
        ("first", "second"),
        [
            ("Mali left.", "Niger stayed."),
            ("“We go.”", "Mali left."),
            ('He said: "No."', "Then he left."),
            ("Did it leave?", "It did!"),
            ("It was in the U.S.", "The others left."),
            ("It cost $3.5 million.", "Nobody paid."),
            ("He said no.", "Five left."),
            ("They left.[12]", "Nobody stayed."),
            ("It ended (at last).", "“Good,” he said."),
            ("They left on 5 May.", "2,000 men stayed."),
            ("It was plan B.", "It failed."),
        ],
    )
    def test_end_at_a_full_stop(self, first, second):
        assert split(f"{first} {second}") == [first, second]

    def test_can_go_over_lines_of_one_paragraph(self):
        wrapped = (
            "The junta in Bamako told the French ambassador to leave\n"
            "Mali within three days, and then it told the soldiers\n"
            "of the mission to go. They\n"
            "went."
        )

        assert split(wrapped) == [
            wrapped.split(" They", maxsplit=1)[0],
            "They\nwent.",
        ]

    def test_do_not_go_over_paragraphs_of_one_line(self):
        lines = "Mali and its neighbours " * 8 + "met\nNiger left"

        assert len(split(lines)) == 2

    def test_number_lines_that_are_headings(self):
        text = "Who pays\n\nMali pays.\n\nMali pays\nwho wins:\n\nA very long line"
        found = sentences(normalised(text))

        assert [(one.text, one.heading) for one in found] == [
            ("Who pays", True),
            ("Mali pays.", False),
            ("Mali pays\nwho wins:", False),
            ("A very long line", True),
        ]

    def test_is_no_heading_if_it_is_long(self):
        longest, too_long = " ".join(["word"] * 20), " ".join(["word"] * 21)

        assert [one.heading for one in sentences(f"{longest}\n\n{too_long}")] == [True, False]
        assert not sentences("a" * 151)[0].heading

    @each("mark", ["-", "*", "•", "–", "1.", "(2)", "12)", "a)"])
    def test_are_the_items_of_a_list_without_their_marks(self, mark):
        text = normalised(f"The terms:\n{mark} Mali leaves\n{mark} Niger stays. Chad\nwaits")
        found = sentences(text)

        assert [(one.text, one.heading) for one in found] == [
            ("The terms:", False),
            ("Mali leaves", False),
            ("Niger stays.", False),
            ("Chad\nwaits", False),
        ]

    def test_of_nothing_are_none(self):
        assert sentences("") == ()


def test_a_long_title_stands_apart_from_the_author_and_the_date_below_it():
    title = "A Ceasefire at Midnight, and Doubts by Breakfast"

    found = sentences(f"{title}\nEleanor Marchbank\n29 July 2025\n\nThe war began.")

    assert [one.text for one in found if one.heading] == [
        title,
        "Eleanor Marchbank",
        "29 July 2025",
    ]
