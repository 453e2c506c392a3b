"""Where a quote is in its document: what may be recorded, and the link that opens a page there."""

from dataclasses import replace
from hashlib import sha256
from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.kit.claim_checks import found, told
from tests.kit.domain_builders import a_claim, an_id
from tests.kit.placed_quotes import QUOTE, TEXT, a_placed_citation, a_selector
from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain.claims import Citation, citation_problems
from tracker.domain.plain import plain_claim
from tracker.domain.selectors import Selector, source_link

CITATION = a_placed_citation(an_id("article"))
PAGE = "https://gazette.example/oil"


def with_selector(**given):
    return replace(CITATION, selector=replace(a_selector(), **given))


class TestASelector:
    def test_is_where_its_quote_is(self):
        assert a_selector() == Selector(
            start=33,
            end=57,
            text_sha256=sha256(TEXT.encode()).hexdigest(),
            prefix="n 11 May the ministry said that ",
            suffix=", as it had before. Nobody repli",
        )
        assert list(citation_problems(CITATION)) == []

    def test_keeps_its_words_where_they_can_be_withheld(self):
        body, words = codec.split(CITATION)

        assert body["selector"].keys() == {"start", "end", "text_sha256"}
        assert words["selector"].keys() == {"prefix", "suffix"}
        assert codec.build(Citation, codec.merge(body, words)) == CITATION

    def test_can_be_read_when_its_words_are_withheld(self):
        body, _ = codec.split(CITATION)

        assert codec.build(Citation, body) == replace(
            CITATION, quote="", selector=replace(CITATION.selector, prefix="", suffix="")
        )

    def test_leaves_a_claim_plain(self):
        body, _ = codec.split(a_claim(citations=(CITATION,)))
        plain, _ = codec.split(a_claim(citations=(Citation(document=an_id("article")),)))

        assert plain_claim(body) == plain_claim(plain) is not None


class TestAProblem:
    @pytest.mark.parametrize("quote", ["", "  \n"])
    def test_is_a_selector_without_a_quote(self, quote):
        problems = list(citation_problems(replace(CITATION, quote=quote)))

        assert found(problems) == [("/selector", "invalid")]
        assert "add the quote or omit it" in told(problems)
        assert problems[0].rests_on == ("/quote",)

    @each(
        ("given", "problems"),
        [
            *(({"end": end}, [("/selector/end", "invalid")]) for end in (33, 32)),
            ({"start": -1}, [("/selector/start", "out_of_range")]),
            ({"text_sha256": ""}, [("/selector/text_sha256", "required")]),
            ({"prefix": "x" * 32}, []),
            ({"suffix": "x" * 32}, []),
            ({"prefix": "x" * 33}, [("/selector/prefix", "too_long")]),
            ({"suffix": "x" * 33}, [("/selector/suffix", "too_long")]),
        ],
    )
    def test_is_what_no_place_can_have(self, given, problems):
        assert found(citation_problems(with_selector(**given))) == problems

    def test_is_told_with_the_other_end(self):
        problems = list(citation_problems(with_selector(end=32)))

        assert told(problems) == "must be greater than start, 33"

    @pytest.mark.parametrize("digest", ["A" * 64, "a" * 63, "a" * 65, "g" * 64])
    def test_is_a_digest_of_another_form(self, digest):
        problems = found(citation_problems(with_selector(text_sha256=digest)))

        assert problems[0][0] == "/selector/text_sha256"


def directive(link: str) -> list[str]:
    """The parts of the text directive of an address, as a browser reads them."""
    _, _, sent = link.partition("#")
    _, _, text = sent.partition(":~:text=")
    return text.split(",")


class TestALink:
    def test_leads_to_the_quote_between_its_context(self):
        assert source_link(PAGE, QUOTE, a_selector()) == (
            "https://gazette.example/oil#:~:text=11%20May%20the%20ministry%20said%20that-,"
            "Russia%20shut%20the%20pipeline,-%2C%20as%20it%20had%20before.%20Nobody"
        )

    def test_leads_to_the_quote_alone_without_a_selector(self):
        assert source_link(PAGE, "a shut-off, R&D") == f"{PAGE}#:~:text=a%20shut%2Doff%2C%20R%26D"

    def test_leads_to_the_words_of_a_shortened_quote(self):
        assert directive(source_link(PAGE, "Russia shut …")) == ["Russia%20shut"]

    def test_is_the_address_without_a_quote(self):
        assert source_link(PAGE, " \n", a_selector()) == PAGE
        assert source_link(f"{PAGE}#part", "") == f"{PAGE}#part"

    @pytest.mark.parametrize(
        ("address", "link"),
        [
            (f"{PAGE}#part", f"{PAGE}#part:~:text=oil"),
            (f"{PAGE}#", f"{PAGE}#:~:text=oil"),
            (f"{PAGE}?a=1&b=2#/7", f"{PAGE}?a=1&b=2#/7:~:text=oil"),
            (f"{PAGE}#part:~:text=gas", f"{PAGE}#part:~:text=oil"),
            (f"{PAGE}#:~:text=gas", f"{PAGE}#:~:text=oil"),
        ],
    )
    def test_keeps_the_fragment_of_the_address(self, address, link):
        assert source_link(address, "oil") == link

    def test_leads_from_the_first_to_the_last_words_of_a_long_quote(self):
        words = [f"word{n}" for n in range(1, 22)]

        assert directive(source_link(PAGE, " ".join(words[:20]))) == ["%20".join(words[:20])]
        assert directive(source_link(PAGE, " ".join(words))) == [
            "word1%20word2%20word3%20word4%20word5",
            "word17%20word18%20word19%20word20%20word21",
        ]

    def test_cuts_a_long_quote_without_spaces(self):
        assert directive(source_link(PAGE, "a" * 60 + "m" * 100 + "z" * 60)) == [
            "a" * 60,
            "z" * 60,
        ]

    @pytest.mark.parametrize(
        "quote",
        [
            "Russia shut\nthe pipeline",
            "Russia shut … the pipeline",
            "Russia shut [...] the pipeline",
        ],
    )
    def test_spans_what_is_left_out_and_new_paragraphs(self, quote):
        assert directive(source_link(PAGE, quote)) == ["Russia%20shut", "the%20pipeline"]

    def test_has_no_context_of_other_paragraphs(self):
        placed = replace(a_selector(), prefix="said so.\n\nThen ", suffix=" again.\n\nNo")
        apart = replace(a_selector(), prefix="said so.\n\n", suffix="\nNo")

        assert directive(source_link(PAGE, "it", placed)) == ["Then-", "it", "-again."]
        assert directive(source_link(PAGE, "it", apart)) == ["it"]

    def test_has_no_context_that_is_only_part_of_a_word(self):
        placed = replace(a_selector(), prefix="x" * 32, suffix="y" * 32)

        assert directive(source_link(PAGE, "it", placed)) == ["it"]

    @given(st.text(min_size=1, max_size=300), st.text(max_size=32), st.text(max_size=32))
    def test_divides_into_parts_whose_texts_are_in_the_document(self, quote, prefix, suffix):
        """Whatever the words are, the directive has its form and says nothing else."""
        assume(quote.strip())
        text = prefix + quote + suffix
        selector = replace(a_selector(), prefix=prefix, suffix=suffix)
        link = source_link(PAGE, quote, selector)
        if link == PAGE:  # nothing but ellipses
            return

        parts = directive(link)
        before = [part for part in parts if part.endswith("-")]
        after = [part for part in parts if part.startswith("-")]
        between = [part for part in parts if part not in (*before, *after)]

        assert link.startswith(f"{PAGE}#:~:text=")
        assert link.isascii()
        assert not set(link.removeprefix(PAGE)) & set(" \"<>&'")
        assert (len(before) <= 1, len(after) <= 1) == (True, True)
        assert len(between) in (1, 2)
        assert parts == [*before, *between, *after]
        for part in parts:
            assert "-" not in part.removesuffix("-").removeprefix("-")
            spoken = unquote(part.removesuffix("-").removeprefix("-"), errors="strict")
            assert "".join(spoken.split()) in "".join(text.split())
