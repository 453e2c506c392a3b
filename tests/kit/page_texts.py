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
SHOWN = {"aria-label", "alt", "title", "placeholder", "content", "data-label"}
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
_WEB = re.compile(r"https?://\S+|\S+@\S+")
_ADDRESS = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Z]{3}\b|system:\w+")


class _Texts(HTMLParser):
    """Collects the texts outside marks. A text in an element with its own language, or in `code`,
    `blockquote`, `script` or `textarea`, does not count."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[bool] = []
        self.depth = 0
        self.drawn = False
        # Each text, and whether it is drawn in a picture.
        self.left: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = given.get("lang") or self.language
        apart = foreign != self.language or tag in ("code", "blockquote", "script", "textarea")
        if tag == "meta" and not _is_told(given):
            return
        self.drawn = self.drawn or tag == "svg"
        if not self.depth and not any(self.open) and not apart:
            shown = SHOWN & {*given}
            self.left += [(_outside(given[name] or ""), self.drawn) for name in shown]
        if tag not in _EMPTY:
            self.open.append(apart)

    def handle_endtag(self, tag: str) -> None:
        self.drawn = self.drawn and tag != "svg"
        if tag not in _EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for part in re.split(f"([{OPEN}{CLOSE}])", data):
            if part in (OPEN, CLOSE):
                self.depth += 1 if part == OPEN else -1
            elif not self.depth and not any(self.open):
                self.left.append((part, self.drawn))


def untranslated(page: str, language: str, record: set[str], stays: set[str]) -> list[str]:
    """Return the English texts of a page that are neither translated nor of the record.

    :param record: texts of the record. :param stays: words that are the same in all languages.
    """
    parser = _Texts(language)
    parser.feed(page)
    longest_first = sorted((text for text in record if len(text) > 2), key=len, reverse=True)
    found = []
    for text, drawn in parser.left:
        rest = _WEB.sub(" ", " ".join(text.split()))
        if drawn and _is_line(rest, record):
            continue
        if _WORD.search(rest):
            for known in longest_first:
                rest = rest.replace(known, " ") if known in rest else rest
            rest = _ADDRESS.sub(" ", rest)
        if set(_WORD.findall(rest)) - stays:
            found.append(" ".join(rest.split()))
    return found


def _is_line(text: str, record: set[str]) -> bool:
    """Whether a text of a picture is a line of a longer one of the record: with the number of its
    mark before it, or cut."""
    line = re.sub(r"^[0-9]+ | …$", "", text)
    return any(line in known for known in record)


def seed_texts() -> set[str]:
    """Return the texts of the seed that are its own: names, titles, summaries, quotes, and the
    printed sentences of its claims."""
    files = sorted(SEED.glob("*.yaml"))
    texts = [
        text for file in files for text in _own(yaml.safe_load(file.read_text(encoding="utf-8")))
    ]
    claims = listing.listing(Filters(), after=None, limit=1_000, reader=Reader.PUBLIC, at=None)
    whole = {" ".join(text.split()) for text in [*texts, *(claim.title for claim in claims)]}
    # Within a sentence a name has a small "the".
    return whole | {f"the {text[4:]}" for text in whole if text.startswith("The ")}


def _own(node: Any, *, inside: bool = False) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _own(value, inside=inside or key in OF_THE_RECORD)
    elif isinstance(node, list):
        for value in node:
            yield from _own(value, inside=inside)
    elif isinstance(node, str) and inside:
        yield node


# What of a template is none of its own words, and where a reader sees the rest.
_NO_WORDS = re.compile(
    r"\{#.*?#\}|\{% blocktranslate.*?\{% endblocktranslate %\}|<(script|style).*?</\1>", re.DOTALL
)
_TEMPLATE_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>", re.DOTALL)
_READ = re.compile(r'(?:aria-label|title|alt|placeholder|data-label)="([^"{]+)"')
_GIVEN = re.compile(r'(?:{% include [^%]*=|default:)"([A-Z\[][^"]*)"')


def own_words(template: str) -> list[str]:
    """Return the words of a template that no tag translates."""
    rest = _NO_WORDS.sub(" ", template)
    text = _TAGS.sub("\n", _TEMPLATE_TAGS.sub(" ", _READ.sub("", rest))).splitlines()
    return [
        " ".join(one.split())
        for one in (*text, *_READ.findall(rest), *_GIVEN.findall(rest))
        if _WORD.search(_WEB.sub(" ", one))
    ]


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
