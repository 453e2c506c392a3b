"""Quotes with their places in the text of a document."""

import hashlib
from typing import Any

from tracker.domain.claims import Citation
from tracker.domain.selectors import Selector

TEXT = (
    "On 11 May the ministry said that Russia shut the pipeline, as it had before. Nobody replied."
)
QUOTE = "Russia shut the pipeline"


def a_selector(quote: str = QUOTE, text: str = TEXT) -> Selector:
    """The selector of a quote in a text."""
    start = text.index(quote)
    end = start + len(quote)
    return Selector(
        start=start,
        end=end,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        prefix=text[max(0, start - 32) : start],
        suffix=text[end : end + 32],
    )


def a_placed_citation(document: Any, **given: Any) -> Citation:
    """A citation whose quote has its place in the document."""
    return Citation(**{"document": document, "quote": QUOTE, "selector": a_selector(), **given})
