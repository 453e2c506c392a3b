"""`docs/method.md` as a page: the formulas have one source."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "method.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A heading of the text, and where it stands."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    title: str
    html: SafeString
    chapters: tuple[Chapter, ...]


@cache
def text() -> Text:
    """Render the text once for as long as the program runs."""
    return rendered(SOURCE.read_text(encoding="utf-8"))


def rendered(source: str) -> Text:
    """Render Markdown without HTML of its own: headings get anchors, wide parts can be scrolled by
    keyboard, and links to other files of the project become plain words."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    parser.add_render_rule("code_block", _code)
    parser.add_render_rule("fence", _code)
    tokens = parser.parse(source)
    chapters = tuple(_chapters(tokens))
    body = parser.renderer.render(tokens, parser.options, {})
    body = re.sub(r'<a href="(?!https?:|#|/)[^"]*">(.*?)</a>', r"\1", body)
    title = next((one.title for one in _headings(tokens, "h1")), "")
    return Text(title=title, html=mark_safe(body), chapters=chapters)  # noqa: S308 # of our own file


def _chapters(tokens: list[Token]) -> list[Chapter]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slugify(inline.content))
    return _headings(tokens, "h2")


def _headings(tokens: list[Token], tag: str) -> list[Chapter]:
    return [
        Chapter(title=inline.content, anchor=slugify(inline.content))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.tag == tag
    ]


def _table_open(*_: Any) -> str:
    return '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>'


def _code(_self: Any, tokens: list[Token], place: int, *_: Any) -> str:
    words = tokens[place].content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<pre tabindex="0" role="region" aria-label="Formula"><code>{words}</code></pre>\n'
