"""The untranslated parts of a page: its texts outside the marks of `pseudo_language`."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import yaml

from tests.kit.processes import CHECKOUT
from tests.kit.pseudo_language import CLOSE, OPEN
from tracker.domain.disclosure import Reader
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters

SEED = CHECKOUT / "fixtures" / "seed"
# Attributes that a reader sees or hears.
SHOWN = {"aria-label", "alt", "title", "placeholder", "content"}
# Fields of the record whose text is the record's own, in whatever language it was entered.
OF_THE_RECORD = {
    *(
        "name",
        "names",
        "title",
        "summary",
        "quote",
        "translation",
        "note",
        "reason",
        "phrase",
        "authors",
    ),
    *("aliases", "criterion", "condition", "hedge", "tags", "locator", "says", "unit"),
}
# Elements without an end.
_EMPTY = {"meta", "link", "input", "br", "img", "hr", "base", "source"}
_WORD = re.compile(r"[A-Za-z]{2,}")
# Addresses, ids, codes of countries, and accounts of programs.
_ADDRESS = re.compile(
    r"https?://\S+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Z]{3}\b|system:\w+"
)


class _Texts(HTMLParser):
    """Collects the texts outside marks. A text in an element with its own language, or in `code`,
    `blockquote`, `script` or `textarea`, does not count."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[bool] = []
        self.depth = 0
        self.left: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = given.get("lang") or self.language
        apart = foreign != self.language or tag in ("code", "blockquote", "script", "textarea")
        if tag == "meta" and not _is_told(given):
            return
        if not self.depth and not any(self.open) and not apart:
            self.left += [_outside(given[name] or "") for name in SHOWN & {*given}]
        if tag not in _EMPTY:
            self.open.append(apart)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for part in re.split(f"([{OPEN}{CLOSE}])", data):
            if part in (OPEN, CLOSE):
                self.depth += 1 if part == OPEN else -1
            elif not self.depth and not any(self.open):
                self.left.append(part)


def untranslated(page: str, language: str, record: set[str], stays: set[str]) -> list[str]:
    """Return the English texts of a page that are neither translated nor of the record.

    :param record: texts of the record. :param stays: words that are the same in all languages.
    """
    parser = _Texts(language)
    parser.feed(page)
    longest_first = sorted((text for text in record if len(text) > 2), key=len, reverse=True)
    found = []
    for text in parser.left:
        rest = " ".join(text.split())
        if _WORD.search(rest):
            for known in longest_first:
                rest = rest.replace(known, " ") if known in rest else rest
            rest = _ADDRESS.sub(" ", rest)
        if set(_WORD.findall(rest)) - stays:
            found.append(" ".join(rest.split()))
    return found


def seed_texts() -> set[str]:
    """Return the texts of the seed that are its own: names, titles, summaries, quotes, and the
    printed sentences of its claims."""
    files = sorted(SEED.glob("*.yaml"))
    texts = [
        text for file in files for text in _own(yaml.safe_load(file.read_text(encoding="utf-8")))
    ]
    claims = listing.listing(Filters(), after=None, limit=1_000, reader=Reader.PUBLIC, at=None)
    return {" ".join(text.split()) for text in [*texts, *(claim.title for claim in claims)]}


def _own(node: Any, *, inside: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _own(value, inside=inside or key in OF_THE_RECORD)
    elif isinstance(node, list):
        for value in node:
            yield from _own(value, inside=inside)
    elif isinstance(node, str) and inside:
        yield node


def _is_told(given: dict[str, str | None]) -> bool:
    """Whether a `meta` has a text that other sites show."""
    name = given.get("name") or given.get("property") or ""
    return name in ("description", "og:title", "og:description", "og:image:alt")


def _outside(text: str) -> str:
    """A text without its marked parts."""
    while OPEN in text:
        shorter = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", text)
        if shorter == text:
            break
        text = shorter
    return text
