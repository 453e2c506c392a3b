"""Where in its document the quote of a citation is, by the selectors of W3C Web Annotation, and the
link that opens a page there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from tracker.domain.fields import DIGEST, NumberRange, Words, text
from tracker.domain.problems import Problem, invalid

# Characters of the text on one side of a quote.
MOST_CONTEXT = 32
_LAST = 2**31 - 1
_Position = Annotated[int, NumberRange(0, _LAST, f"must be a position in the text, 0 to {_LAST}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Where a quote is in the normalised text of its document.

    `start` and `end` are those of a TextPositionSelector: Unicode code points before the quote, and
    up to its end. `text_sha256` identifies the normalised text in UTF-8. `prefix` and `suffix` are
    those of a TextQuoteSelector, at most 32 characters each; its `exact` is the citation's quote.
    """

    start: Annotated[_Position, "code points of the text before the quote"]
    end: Annotated[_Position, "code points of the text up to the end of the quote"]
    text_sha256: Annotated[
        str,
        DIGEST._replace(required="give the SHA-256 of the normalised text"),
        "of the normalised text of the document, in UTF-8",
    ]
    prefix: Annotated[
        str, Words(MOST_CONTEXT, lines=True), "the text immediately before the quote"
    ] = text(default="")
    suffix: Annotated[
        str, Words(MOST_CONTEXT, lines=True), "the text immediately after the quote"
    ] = text(default="")


def selector_problems(selector: Selector, quote: str, citation: str) -> Iterator[Problem]:
    """List what is wrong with the selector of a quote. `citation`: the pointer to its citation."""
    pointer = f"{citation}/selector"
    if not quote.strip():
        detail = "only a citation with a quote has this field: add the quote or omit it"
        yield invalid(pointer, detail, f"{citation}/quote")
    if selector.start >= selector.end:
        detail = f"must be greater than start, {selector.start}"
        yield invalid(f"{pointer}/end", detail, f"{pointer}/start")
