"""The part of schema.org's vocabulary that the pages use, and a check of JSON-LD by it.

Types with their parents and properties, and the types that a value may have, after release 29.0 of
https://schema.org (CC BY-SA 3.0).
"""

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

PARENTS = {
    "Claim": "CreativeWork",
    "ClaimReview": "Review",
    "CreativeWork": "Thing",
    "DataDownload": "MediaObject",
    "Dataset": "CreativeWork",
    "MediaObject": "CreativeWork",
    "Organization": "Thing",
    "Rating": "Thing",
    "Review": "CreativeWork",
    "Thing": "",
}
URL, TEXT, DATE, NUMBER, BOOLEAN = "URL", "Text", "Date", "Number", "Boolean"
PROPERTIES: dict[str, dict[str, tuple[str, ...]]] = {
    "Thing": {
        "alternateName": (TEXT,),
        "description": (TEXT,),
        "identifier": (URL, TEXT),
        "name": (TEXT,),
        "url": (URL,),
    },
    "CreativeWork": {
        "author": ("Organization",),
        "copyrightNotice": (TEXT,),
        "creator": ("Organization",),
        "dateModified": (DATE,),
        "datePublished": (DATE,),
        "encodingFormat": (TEXT, URL),
        "inLanguage": (TEXT,),
        "isAccessibleForFree": (BOOLEAN,),
        "license": (URL, "CreativeWork"),
        "publisher": ("Organization",),
        "temporalCoverage": (TEXT, URL),
        "usageInfo": (URL, "CreativeWork"),
        "version": (NUMBER, TEXT),
    },
    "MediaObject": {"contentUrl": (URL,)},
    "Dataset": {
        "distribution": ("DataDownload",),
        "measurementTechnique": (TEXT, URL),
        "variableMeasured": (TEXT,),
    },
    "Claim": {"appearance": ("CreativeWork",)},
    "Review": {"itemReviewed": ("Thing",), "reviewRating": ("Rating",)},
    "ClaimReview": {"claimReviewed": (TEXT,)},
    "Rating": {"bestRating": (NUMBER,), "ratingValue": (NUMBER,), "worstRating": (NUMBER,)},
}
# What search engines ask of each.
REQUIRED = {
    "Dataset": {"name", "description"},
    "ClaimReview": {"claimReviewed", "reviewRating", "url"},
    "Rating": {"alternateName"},
    "Organization": {"name"},
    "DataDownload": {"contentUrl", "encodingFormat"},
}


class Page(HTMLParser):
    """The meta tags and the JSON-LD of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.tags[name] = given.get("content") or ""
        self._in_script = tag == "script" and given.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)
            self._in_script = False

    @property
    def schema(self) -> dict[str, Any]:
        [script] = self.scripts
        return dict(json.loads(script))


def problems(value: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """What schema.org has against an object."""
    kind = value.get("@type", "")
    if kind not in PARENTS:
        yield f"{place}: no type {kind!r}"
        return
    for name in REQUIRED.get(kind, set()) - value.keys():
        yield f"{place}: {kind} without {name}"
    for name, given in value.items():
        if not name.startswith("@"):
            for each in given if isinstance(given, list) else [given]:
                yield from _problems_of(each, kind, name, f"{place}/{name}")


def _problems_of(value: Any, kind: str, name: str, place: str) -> Iterator[str]:
    """What is wrong with a value of a property of a type."""
    allowed = _ranges(kind, name)
    if not allowed:
        yield f"{place}: {kind} has no such property"
    elif not _fits(value, allowed):
        yield f"{place}: {value!r} is none of {allowed}"
    if isinstance(value, dict):
        yield from problems(value, place)


def _ranges(kind: str, name: str) -> tuple[str, ...]:
    while kind:
        if name in PROPERTIES.get(kind, {}):
            return PROPERTIES[kind][name]
        kind = PARENTS[kind]
    return ()


def _fits(value: Any, allowed: tuple[str, ...]) -> bool:
    if isinstance(value, dict):
        kinds, kind = set(), value.get("@type", "")
        while kind:
            kinds.add(kind)
            kind = PARENTS.get(kind, "")
        return bool(kinds & set(allowed))
    return any(_is(value, one) for one in allowed)


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "URL":
            return isinstance(value, str) and value.startswith(("https://", "http://"))
        case "Text":
            return isinstance(value, str) and bool(value.strip())
        case "Date":
            form = r"\d{4}(-\d{2}(-\d{2})?)?"
            return isinstance(value, str) and re.fullmatch(form, value) is not None
        case "Number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
    return False


def zotero_item(page: Page) -> dict[str, str]:
    """What Zotero's translator "Embedded Metadata" makes of a page, by its rules: the type from
    Highwire's tags, which comes before the guess from `og:type`, and the fields of Highwire's
    tags."""
    kinds = {
        "citation_journal_title": "journalArticle",
        "citation_technical_report_institution": "report",
        "citation_conference_title": "conferencePaper",
        "citation_book_title": "bookSection",
        "citation_dissertation_institution": "thesis",
    }
    fields = {
        "citation_title": "title",
        "citation_publication_date": "date",
        "citation_technical_report_institution": "institution",
        "citation_abstract": "abstractNote",
        "citation_public_url": "url",
        "citation_language": "language",
        "citation_author": "lastName",
    }
    found = [kind for tag, kind in kinds.items() if page.tags.get(tag)]
    item = {"itemType": found[-1] if found else "journalArticle"}
    return item | {to: page.tags[tag] for tag, to in fields.items() if page.tags.get(tag)}
