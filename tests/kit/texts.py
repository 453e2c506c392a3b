"""Texts as a reader sees them, without their line breaks and marks."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any


def together(lines: Iterable[str]) -> str:
    """The text of some lines, wherever they break."""
    return re.sub(r"\s+", " ", " ".join(lines))


def without_tags(page: str) -> str:
    """The text of a page of HTML."""
    return unescape(together([re.sub(r"<[^>]+>", " ", page)]))


def text_of(answer: Any, status: int = 200) -> str:
    """The text of a page. Its response must have the status."""
    assert answer.status_code == status, answer.text
    return without_tags(answer.text)
