"""What programs read from a page: `citation_*` tags for reference managers, and schema.org as
JSON-LD for search engines and fact-checkers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.domain import events as e
from tracker.lens_names import reader_name, version_name
from tracker.pages.pair_context import PairContext
from tracker.queries import moment
from tracker.queries.claims.detail import NamedCitation, Sheet
from tracker.queries.claims.history import DescribedEvent
from tracker.queries.scores.editions import StoredEdition
from tracker.queries.scores.triads import TriadPoint, TriadReading
from tracker.wording import day_in_words

SITE = "Entente"
# The longest description that search engines read.
LONGEST = 4_000
# A "<" could end the script.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
# The rating of a claim by its verdict, from 1 (false) to 5 (true); an unverifiable one has none.
_RATINGS = {"confirmed": 5, "disputed": 3, "false": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredData:
    """The `citation_*` tags of a page, and its schema.org object."""

    tags: Sequence[tuple[str, str]]
    schema: Mapping[str, Any]

    @property
    def script(self) -> SafeString:
        """The object as JSON-LD. It is data: a browser does not run it."""
        text = json.dumps({"@context": "https://schema.org", **self.schema}, ensure_ascii=False)
        return mark_safe(  # noqa: S308 # escaped
            f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>'
        )


def of_pair(
    request: HttpRequest, pair: PairContext, *, says: str, link: str, files: Iterable[str]
) -> StructuredData:
    """The scores of a pair as a data set. `link` is the permanent address, `files` the tables."""
    title = _("Relations of %(pair)s") % {"pair": pair.name}
    address = request.build_absolute_uri(link)
    day = pair.params.as_of.day() or pair.today
    knots, lens = pair.series.knots, pair.series.lens
    description = (
        _("%(finding)s Scores by month from the reports on record, with 90 %% intervals.")
        if lens.model.levels
        else _("%(finding)s Scores by month from the reports on record.")
    )
    schema = _dataset(request, title, description % {"finding": says}, address)
    schema |= {
        "version": str(pair.series.position),
        "dateModified": day.isoformat(),
        "variableMeasured": _("Level of the relation, from −9 to 9")
        if lens.model.levels
        else reader_name(lens),
        "distribution": [_download(request, path) for path in files],
    }
    if knots:
        schema["temporalCoverage"] = f"{knots[0].day.isoformat()}/{pair.day.isoformat()}"
    return StructuredData(tags=_tags(title, says, address, day), schema=schema)


def of_triad(
    request: HttpRequest,
    reading: TriadReading,
    points: Sequence[TriadPoint],
    *,
    name: str,
    says: str,
    link: str,
) -> StructuredData:
    """The history of a triangle as a data set. `link` is the permanent address; its tables have
    the same parameters."""
    title = _("Relations within the triangle of %(names)s") % {"names": name}
    address = request.build_absolute_uri(link)
    text = _("%(finding)s Levels and balance over time from the reports on record.")
    schema = _dataset(request, title, text % {"finding": says}, address) | {
        "version": str(reading.position),
        "dateModified": reading.day.isoformat(),
        "variableMeasured": [
            _("Level of each relation, from −9 to 9"),
            _("Balance of the triangle: balanced, unbalanced or undetermined"),
        ],
        "distribution": [
            _download(request, f"{_triad_table(reading, form)}?{link.partition('?')[2]}")
            for form in ("csv", "json")
        ],
    }
    if points:
        first, last = points[0].day, points[-1].day
        schema["temporalCoverage"] = f"{first.isoformat()}/{last.isoformat()}"
    return StructuredData(tags=_tags(title, says, address, reading.day), schema=schema)


def _triad_table(reading: TriadReading, form: str) -> str:
    return reverse("pages:triad-history", args=[*reading.name.split("-"), form])


def of_edition(request: HttpRequest, edition: StoredEdition) -> StructuredData:
    """An edition as a data set."""
    day = day_in_words(edition.day)
    title = _("Scores of %(day)s: %(lens)s") % {"day": day, "lens": version_name(edition.lens)}
    path = reverse("pages:edition", args=[edition.lens.label, edition.day.isoformat()])
    address = request.build_absolute_uri(path)
    says = _(
        "The scores of all pairs of states on %(day)s, as known then, from the reports on record."
    ) % {"day": day}
    schema = _dataset(request, title, says, address) | {
        "version": str(edition.position),
        "datePublished": edition.made_at.date().isoformat(),
        "temporalCoverage": edition.day.isoformat(),
    }
    return StructuredData(tags=_tags(title, says, address, edition.made_at.date()), schema=schema)


def of_claim(
    request: HttpRequest, sheet: Sheet, history: Sequence[DescribedEvent], *, says: str
) -> StructuredData:
    """A claim with the documents that report it; with a verdict, the review of the claim. The title
    carries speaker and verdict."""
    path = reverse("pages:claim", args=[sheet.filed.state.id])
    known = moment.known_at(sheet.filed.last.position).day()
    address = request.build_absolute_uri(f"{path}?as_of={sheet.filed.last.position}")
    claim: dict[str, Any] = {
        "@type": "Claim",
        "name": sheet.filed.title,
        "url": request.build_absolute_uri(path),
        "dateModified": known.isoformat() if known else None,
        "appearance": [_document(one) for one in sheet.citations],
    }
    claim = {name: value for name, value in claim.items() if value}
    reviews = [*_reviews(request, sheet, history, claim)]
    schema = reviews[-1] if reviews else claim
    return StructuredData(tags=_tags(sheet.filed.title, says, address, known), schema=schema)


def _reviews(
    request: HttpRequest, sheet: Sheet, history: Sequence[DescribedEvent], claim: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """The verdicts on a claim, in their order, as reviews."""
    given = [one.recorded for one in history if one.recorded.kind == e.VerdictGiven.__name__]
    for named, recorded in zip(sheet.verdicts, given, strict=False):
        verdict = named.verdict.verdict
        rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdict}
        if verdict in _RATINGS:
            rating |= {"ratingValue": _RATINGS[verdict], "bestRating": 5, "worstRating": 1}
        is_desk = named.verdict.source is None
        yield {
            "@type": "ClaimReview",
            "url": claim["url"],
            "claimReviewed": sheet.filed.title,
            "datePublished": recorded.recorded_at.date().isoformat(),
            "author": _maker(request)
            if is_desk
            else {"@type": "Organization", "name": named.judge or _("[name withheld]")},
            "reviewRating": rating,
            "itemReviewed": dict(claim),
        }


def _document(cited: NamedCitation) -> dict[str, Any]:
    """A document that reports a claim. Without title and address it is named by its publisher."""
    document = cited.document.document
    publisher = cited.provenance[0].name if cited.provenance else ""
    found = {
        "@type": "CreativeWork",
        "name": document.title or _("A document of %(source)s") % {"source": publisher or SITE},
        "url": document.url,
        "datePublished": document.date,
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
    }
    return {name: value for name, value in found.items() if value}


def _dataset(request: HttpRequest, title: str, says: str, address: str) -> dict[str, Any]:
    licence, link = data_licence()
    found = {
        "@type": "Dataset",
        "name": title,
        "description": says[:LONGEST],
        "url": address,
        "identifier": address,
        "inLanguage": get_language(),
        "isAccessibleForFree": True,
        "creator": _maker(request),
        "measurementTechnique": request.build_absolute_uri(reverse("pages:method")),
        "license": link or None,
        "usageInfo": request.build_absolute_uri(reverse("pages:licence")),
    }
    if licence and not link:
        found["copyrightNotice"] = licence
    return {name: value for name, value in found.items() if value}


def _maker(request: HttpRequest) -> dict[str, str]:
    """Who makes the site: the operator, or the site by its name."""
    return {
        "@type": "Organization",
        "name": settings.ABOUT["OPERATOR"] or SITE,
        "url": request.build_absolute_uri(reverse("pages:about")),
    }


def _download(request: HttpRequest, path: str) -> dict[str, str]:
    is_csv = ".csv" in path
    return {
        "@type": "DataDownload",
        "contentUrl": request.build_absolute_uri(path),
        "encodingFormat": "text/csv" if is_csv else "application/json",
    }


def _tags(title: str, says: str, address: str, day: date | None) -> list[tuple[str, str]]:
    """Highwire's tags. With an institution, reference managers file a page as a report."""
    found = [
        ("citation_title", title),
        ("citation_author", SITE),
        ("citation_publication_date", f"{day:%Y/%m/%d}" if day else ""),
        ("citation_technical_report_institution", settings.ABOUT["OPERATOR"] or SITE),
        ("citation_public_url", address),
        ("citation_abstract", says),
        ("citation_language", get_language() or "en"),
    ]
    return [(name, content) for name, content in found if content]


def data_licence() -> tuple[str, str]:
    """The licence of the data: its name, and its address; empty where none is set."""
    words = settings.ABOUT["DATA_LICENCE"].split()
    links = [word for word in words if is_web(word)]
    return " ".join(word for word in words if not is_web(word)), links[0] if links else ""


def is_web(text: str) -> bool:
    return urlsplit(text).scheme in ("http", "https")
