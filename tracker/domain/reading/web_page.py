"""The text of an article on a web page, and what the page says of it: title, authors, date, site.

A plain reader of paragraphs: it leaves out what pages mark as menus, forms and notes aside, and
lines that are mostly links.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

from tracker.domain.problems import Problem
from tracker.domain.reading.article import Head, date_in_line, people_in
from tracker.domain.reading.text import TextTooLong, normalised, word_set

MOST_HTML = 2_000_000

_IS_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|article|main|section|div|p|h[1-6])\b", re.I)
_TEXT_BLOCKS = word_set("p h2 h3 h4 h5 h6 li blockquote pre dd")
# These end a block of text, too. The headline of a page is its title.
_BREAKS = _TEXT_BLOCKS | word_set("h1 div br td dt figcaption article main section body")
_LEFT_OUT = word_set(
    "script style nav footer aside header form figure noscript template button svg select iframe"
)
_BODIES = word_set("article main")
# By which names pages give what, the best first.
_META = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "author": ("author", "article:author", "parsely-author", "dc.creator", "byl"),
    "date": ("article:published_time", "datepublished", "date", "pubdate", "dc.date"),
    "site": ("og:site_name", "application-name"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The paragraphs of a page as a normalised text, and its head, whose body is the whole text."""

    head: Head
    text: str


def is_html(text: str) -> bool:
    """Return whether a pasted text is HTML."""
    return _IS_HTML.match(text) is not None


def page(html: str) -> Page:
    """Read a web page.

    :raises TextTooLong: if the page or its text is longer than is read.
    """
    if len(html) > MOST_HTML:
        detail = f"has {len(html)} characters of HTML; at most {MOST_HTML} are read: paste the text"
        raise TextTooLong([Problem(pointer="/text", code="too_long", detail=detail)])
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    title = reader.meta("title") or reader.headline or reader.title
    return Page(
        head=Head(
            title=" ".join(title.split()),
            authors=people_in(reader.meta("author")),
            date=_day(reader.meta("date")) or _day(reader.time),
            publisher_hint=reader.meta("site"),
        ),
        text=normalised("\n\n".join(reader.paragraphs())),
    )


def _day(text: str) -> str:
    """The EDTF of a date on a page: a day of ISO 8601 with a time, or a date in words."""
    with suppress(ValueError):
        return date.fromisoformat(text.strip()[:10]).isoformat()
    return date_in_line(text)[1]


@dataclass(slots=True)
class _Block:
    """A block of text: how many of its letters are in links, and whether it is in the article."""

    tag: str
    inside: bool
    text: str = ""
    linked: int = 0
    # As the parser hands it over, which can be by characters.
    pieces: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects blocks of text, and what the page says of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.headline = self.time = ""
        self._titles: list[str] = []
        self._meta: dict[str, str] = {}
        self._blocks: list[_Block] = []
        self._block: _Block | None = None
        # How many of these are open.
        self._left_out = self._bodies = self._links = 0
        self._in_title = False

    @property
    def title(self) -> str:
        """The title of the page as browsers show it."""
        return "".join(self._titles)

    def meta(self, what: str) -> str:
        """Return what the page says of its title, author, date or site; empty if it does not."""
        return next((self._meta[name] for name in _META[what] if self._meta.get(name)), "")

    def paragraphs(self) -> Iterator[str]:
        """Yield the blocks of the article, or of the whole page if it marks none."""
        blocks = [one for one in self._blocks if one.tag in _TEXT_BLOCKS and one.text]
        inside = [one for one in blocks if one.inside]
        for block in inside or blocks:
            if block.linked * 2 <= len(block.text):
                yield block.text

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "meta":
            self._take_meta({name: value or "" for name, value in attrs})
        elif tag == "time":
            self.time = self.time or dict(attrs).get("datetime") or ""
        self._count(tag, 1)
        if tag in _BREAKS:
            self.end_block()
            self._block = _Block(tag, self._bodies > 0)

    def handle_endtag(self, tag: str) -> None:
        self._count(tag, -1)
        if tag in _BREAKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._titles.append(data)
        elif self._block and not self._left_out:
            self._block.pieces.append(data)
            self._block.linked += len(data) * (self._links > 0)

    def end_block(self) -> None:
        """End a block of text."""
        if self._block:
            self._block.text = " ".join("".join(self._block.pieces).split())
            self._block.pieces.clear()
            self._blocks.append(self._block)
            if self._block.tag == "h1":
                self.headline = self.headline or self._block.text
        self._block = None

    def _take_meta(self, attributes: dict[str, str]) -> None:
        for key in ("property", "name", "itemprop"):
            name = attributes.get(key, "").casefold()
            if name and not self._meta.get(name):
                self._meta[name] = " ".join(attributes.get("content", "").split())

    def _count(self, tag: str, step: int) -> None:
        if tag in _LEFT_OUT:
            self._left_out = max(0, self._left_out + step)
        elif tag in _BODIES:
            self._bodies = max(0, self._bodies + step)
        elif tag == "a":
            self._links = max(0, self._links + step)
        elif tag == "title":
            self._in_title = step > 0
