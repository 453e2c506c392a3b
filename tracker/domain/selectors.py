"""Where in its document the quote of a citation is, by the selectors of W3C Web Annotation, and the
link that opens a page there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote as percent_encoded

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
    those of a TextQuoteSelector, at most 32 characters each; its `exact` is the citation's quote,
    without the ellipsis at the end of a shortened one.
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


# A longer quote is looked up by its first and its last words. Browsers compare within a paragraph.
_MOST_WORDS, _MOST_CHARACTERS = 20, 200
_END_WORDS, _END_CHARACTERS = 5, 60
# A text directive, which browsers remove from the fragment of an address.
_DIRECTIVE = ":~:"
_BREAK = re.compile(r"\s*(?:[\r\n\u2028\u2029]+|\[?(?:…|\.\.\.)\]?)\s*")


def source_link(url: str, quote: str, selector: Selector | None = None) -> str:
    """Return the address at which browsers open a page at a quote: a text fragment (WICG).

    A fragment that the address has stays, without its text directive. Without a quote the address
    is returned as it is.
    """
    pieces = [" ".join(piece.split()) for piece in _BREAK.split(quote)]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return url
    parts = _ends(pieces)
    if selector and (prefix := _prefix(selector.prefix)):
        parts = [f"{_encoded(prefix)}-", *parts]
    if selector and (suffix := _suffix(selector.suffix)):
        parts = [*parts, f"-{_encoded(suffix)}"]
    address, _, fragment = url.partition("#")
    fragment = fragment.partition(_DIRECTIVE)[0]
    return f"{address}#{fragment}{_DIRECTIVE}text={','.join(parts)}"


def _ends(pieces: list[str]) -> list[str]:
    """The words of a quote, or the first and the last of a long one or one in several pieces."""
    first, last = pieces[0], pieces[-1]
    is_short = len(first.split()) <= _MOST_WORDS and len(first) <= _MOST_CHARACTERS
    if len(pieces) == 1 and is_short:
        return [_encoded(first)]
    start = " ".join(first.split()[:_END_WORDS])[:_END_CHARACTERS]
    end = " ".join(last.split()[-_END_WORDS:])[-_END_CHARACTERS:]
    return [_encoded(start.strip()), _encoded(end.strip())]


def _prefix(text: str) -> str:
    """The whole words of a prefix in the paragraph of the quote: browsers find no half words."""
    line = text.splitlines()[-1] if text and not text.endswith(("\n", "\r")) else ""
    is_cut = line == text and len(text) == MOST_CONTEXT
    return " ".join(line.split()) if not is_cut else " ".join(line.partition(" ")[2].split())


def _suffix(text: str) -> str:
    """The whole words of a suffix in the paragraph of the quote."""
    line = text.splitlines()[0] if text else ""
    is_cut = line == text and len(text) == MOST_CONTEXT
    return " ".join(line.split()) if not is_cut else " ".join(line.rpartition(" ")[0].split())


def _encoded(text: str) -> str:
    """Percent-encode a text, also its dashes, commas and ampersands: they divide a directive."""
    return percent_encoded(text, safe="").replace("-", "%2D")
