"""The page of a pair: headline, chart, reasons, sources, downloads and what was known when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.charts import level_strip
from tracker.charts.level_strip import LevelStrip
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.domain.robustness import FACTORS, NotWorkedOut, has_settings, robustness
from tracker.exports import cited_scores
from tracker.findings import words
from tracker.findings.moves import Move
from tracker.level_wording import is_assessed, robust, since_when
from tracker.pages import (
    findings,
    headlines,
    month_table,
    pair_context,
    pair_pictures,
    pair_reasons,
    request_params,
    structured_data,
)
from tracker.pages.findings import Finding
from tracker.pages.listed_claims import ListedClaim
from tracker.pages.page_cache import begin_long_work, cached_page, embed_code, render_page, today
from tracker.pages.pair_context import PairContext
from tracker.pages.pair_pictures import Chart
from tracker.pages.request_params import LinkChoice
from tracker.queries import seals
from tracker.queries.claims.listing import ClaimEntry
from tracker.queries.evidence import causes
from tracker.queries.evidence.causes import ChangePoint
from tracker.queries.records import names, pair_names
from tracker.queries.scores import measures, table
from tracker.queries.scores.measures import Measure
from tracker.queries.scores.pairs import Reading, Series
from tracker.queries.scores.table import Order
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names

# Tabs, and what is only computed when a link asks for it.
SHOWN = (*request_params.TABS, "robustness")
MOST_STOPS = 12
MOST_RETRACTED = 10
MOST_MEASURES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What was known when: the last positions that changed the score (`stops`), and claims that
    were retracted. `position` is the page's own. The slider goes from `first`, before anything was
    known, to `last`, after the last change."""

    position: int
    first: int
    last: int
    stops: Sequence[ChangePoint]
    retracted: Sequence[ClaimEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelParts:
    """What is known of a level: whether it is `known` where it stands, since somebody assessed it;
    the `assessed` levels, the latest first; what they, the acts and what nobody reported add to
    its `value`; its place among the bands, and its course."""

    known: bool
    assessed: Sequence[ListedClaim]
    of_assessed: float
    of_acts: float
    unreported: float
    value: float
    strip: LevelStrip | None
    chart: Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPage:
    """What every tab of the page shows. `robustness` is the address of the spreads over settings,
    empty for a model without; `proof` that of the score with its proof, empty if there is none."""

    name: str
    finding: Finding
    headline: str
    asof: str
    evidence: str
    disagreement: str
    series: Series
    reading: Reading
    tab: str
    tabs: Sequence[LinkChoice]
    directions: Sequence[LinkChoice]
    lenses: Sequence[LinkChoice]
    api: Sequence[LinkChoice]
    robustness: str
    proof: str


def build(pair: PairContext) -> PairPage:
    """Build what every tab of the page shows."""
    params, series = pair.params, pair.series
    found = findings.pair_finding(pair)
    return PairPage(
        name=pair.name,
        finding=found,
        headline=found.text,
        asof=headlines.as_of(pair.day, pair.reported),
        evidence=evidence(pair, found.move),
        disagreement=headlines.disagreement(series, pair.day, as_of=params.as_of),
        series=series,
        reading=pair.reading,
        tab=params.show,
        tabs=request_params.tab_choices(pair.path, params),
        directions=request_params.direction_choices(pair.path, params, series, pair.naming),
        lenses=request_params.lens_choices(pair.path, params),
        api=request_params.api_links(params, series, pair.span, pair.day.isoformat()),
        robustness=_robustness_link(pair),
        proof=_proof_link(pair),
    )


def _proof_link(pair: PairContext) -> str:
    """None without claims, with more than a proof holds, and where no checkpoint is signed yet."""
    if not pair.reading.claims or seals.published_checkpoint() is None:
        return ""
    if not cited_scores.is_small_enough(pair.series):
        return ""
    return request_params.proof_link(pair.series, pair.day)


def _robustness_link(pair: PairContext) -> str:
    if not (has_settings(pair.series.scorer) and pair.reading.claims):
        return ""
    return request_params.address(pair.path, pair.params, show="robustness")


def chart_link(pair: PairContext) -> str:
    """The address of the page's chart with the current parameters."""
    return request_params.address(pair.path, pair.params, show="")


def permanent_link(pair: PairContext) -> str:
    """An address whose content never changes: it names lens version, day and position."""
    return request_params.address(pair.path, pair.params, show="", **_fixed(pair))


def citation(pair: PairContext, address: str) -> str:
    """The citation of the page."""
    return headlines.citation(
        pair.name,
        lens=pair.series.lens.label,
        position=pair.series.position,
        day=pair.day.isoformat(),
        address=address,
    )


def headline(pair: PairContext) -> str:
    """The finding in one line, for cards, pictures and files."""
    return findings.pair_finding(pair).text


def evidence(pair: PairContext, told: Move | None) -> str:
    """The numbers beside the finding, each with its interval, and what they rest on. The movement
    is that of the move that the finding tells of, else the whole one."""
    if pair.begins:
        return headlines.before(pair.day, pair.begins)
    if pair.moved is None:
        return headlines.evidence(pair.reading)
    if told is None:
        when = since_when(pair.moved, chosen=pair.params.since is not None)
        return headlines.evidence(pair.reading, pair.moved, when=when)
    when = words.when(told, pair.reported, pair.day)
    return headlines.evidence(pair.reading, told.window, when=when)


def levels(pair: PairContext) -> LevelParts:
    """The levels that were assessed, and how the level of the day adds up."""
    assessed = pair.listed(pair.levels)
    parts = pair.explanation.parts
    acts = {pull.claim for pull in pair.pulls if pull.sd is None}
    return LevelParts(
        known=is_assessed(pair.reading.score),
        assessed=assessed,
        of_assessed=sum(part.amount for part in parts if part.claim not in acts),
        of_acts=sum(part.amount for part in parts if part.claim in acts),
        unreported=pair.explanation.unreported,
        value=pair.reading.score.value,
        strip=level_strip.strip(pair.reading.score),
        chart=pair_pictures.level_chart(pair),
    )


def knowledge(pair: PairContext) -> Knowledge:
    lens, code, position = pair.series.lens, pair.series.pair, pair.series.position
    course = causes.timeline(lens, code, until=position, limit=MOST_STOPS, reader=Reader.PUBLIC)
    return Knowledge(
        position=position,
        first=course.first - 1,
        last=course.last,
        stops=course.stops,
        retracted=causes.retracted_claims(
            lens, code, until=position, limit=MOST_RETRACTED, reader=Reader.PUBLIC
        ),
    )


def measurements(pair: PairContext) -> Sequence[Measure]:
    """Measures between the two countries, the latest first; they move no score."""
    found = measures.measures_of(
        pair.series.pair,
        measures.DayRange(),
        lens=pair.series.lens.label,
        as_of=pair.params.as_of,
        reader=Reader.PUBLIC,
    )
    return found.measures[:MOST_MEASURES]


@cached_page(*request_params.OF_PAIR, "show")
def show(request: HttpRequest, first: str, second: str) -> HttpResponse:
    pair = requested_context(request, first, second)
    if pair.params.show not in SHOWN:
        text = _("show is one of %(names)s") % {"names": ", ".join(SHOWN)}
        raise request_params.InvalidParameter(text)
    # What is too much work is refused before the headline is written, which takes long then.
    early = _robustness(request, pair) if pair.params.show == "robustness" else None
    page = build(pair)
    tab = early or _SHOWN[pair.params.show](request, pair, page)
    values = {
        "page": page,
        "params": pair.params,
        "pair": pair,
        "kept": request_params.kept(pair.params, without="since"),
        "since": pair.moved.since if pair.moved else None,
        "citation": citation(pair, request.build_absolute_uri(permanent_link(pair))),
        "card": request.build_absolute_uri(_link(pair, "pair-card")) if pair.span else "",
        "structured": structured_data.of_pair(
            request,
            pair,
            says=page.headline,
            link=permanent_link(pair),
            files=[_link(pair, "pair-scores", form) for form in ("csv", "json")],
        ),
        **tab,
    }
    return render_page(request, "pages/pair.html", values)


def requested_context(request: HttpRequest, first: str, second: str) -> PairContext:
    """Read the series that a request for a page, picture or file names.

    :raises pair_names.NoSuchPair: and the errors of `pair_context.read`.
    """
    params = request_params.read(request.GET)
    return pair_context.read(pair_names.pair_name(first, second), params, today=today())


def _chart(_request: HttpRequest, pair: PairContext, page: PairPage) -> dict[str, Any]:
    why = pair_reasons.reasons(pair, page.finding.move)
    return {
        "why": why.whole,
        "told": why.told,
        # Quotes stand once: beside the claims of the finding.
        "quoted": why.told is None,
        "roots": pair_reasons.roots_behind(why.whole.causes, number=pair.reading.roots),
        "level": levels(pair) if pair.series.lens.model.levels and not pair.begins else None,
        "both": () if pair.reading.claims else pair.about_both,
        "chart": pair_pictures.chart(pair, why.marked, pair_reasons.part_told(why)),
        "knowledge": knowledge(pair),
        "measures": measurements(pair),
        "triangles": triangles(pair),
    }


def _table(_request: HttpRequest, pair: PairContext, _page: PairPage) -> dict[str, Any]:
    return {"table": month_table.months(pair)}


def _sources(_request: HttpRequest, pair: PairContext, _page: PairPage) -> dict[str, Any]:
    return {"cited_documents": pair_reasons.documents_behind(pair)}


def _download(request: HttpRequest, pair: PairContext, _page: PairPage) -> dict[str, Any]:
    files = [
        LinkChoice(label=str(label), link=_link(pair, *place))
        for label, place in pair_pictures.FILES.items()
    ]
    return {
        "files": files if pair.span else files[3:],
        "embed": embed_code(request, _link(pair, "embed-pair"), pair.name),
        "frozen": embed_code(request, _link(pair, "embed-pair", **_fixed(pair)), pair.name),
    }


def _fixed(pair: PairContext) -> dict[str, str]:
    """The parameters that fix the content of a page."""
    return {
        "lens": pair.series.lens.label,
        "day": pair.day.isoformat(),
        "as_of": str(pair.series.position),
    }


def _robustness(request: HttpRequest, pair: PairContext) -> dict[str, Any]:
    """How much depends on the settings."""
    begin_long_work(request)
    found = robustness(pair.series.scorer, pair.pulls, pair.day, since=pair.params.since)
    if isinstance(found, NotWorkedOut) and found.reason == "too much work":
        raise request_params.InvalidParameter(found.detail)
    return {"robust": robust(found), "factors": FACTORS}


def _link(pair: PairContext, name: str, *form: str, **changes: str) -> str:
    """The address of another view of the same series."""
    path = reverse(f"pages:{name}", args=(pair.one, pair.other, *form))
    return request_params.address(path, pair.params, show="", **changes)


_SHOWN = {
    "chart": _chart,
    "table": _table,
    "sources": _sources,
    "download": _download,
}


MOST_TRIANGLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangle:
    """A third country that shares claims with both of a pair, and the page of the three."""

    name: str
    link: str


def triangles(pair: PairContext) -> Sequence[Triangle]:
    """The triangles of a pair with the most claims on their other two sides."""
    lens = pair.series.lens
    if lens.lens.model != LEVEL:
        return []
    ends = pair.series.pair.split("-")
    claims = [_claims_by_country(lens, end) for end in ends]
    third = (claims[0].keys() & claims[1].keys()) - {*ends}
    best = sorted(third, key=lambda code: (-min(counts[code] for counts in claims), code))
    named = Names(by_code=names.countries(best[:MOST_TRIANGLES]))
    return [
        Triangle(
            name=named.country(country),
            link=reverse("pages:triad", args=sorted((*ends, country))),
        )
        for country in best[:MOST_TRIANGLES]
    ]


def _claims_by_country(lens: LensVersion, country: str) -> dict[str, int]:
    """The number of claims that a country shares with each other country."""
    rows = table.page(lens, Order(column="pair", country=country), limit=None)
    return {
        next(code for code in row.pair.split("-") if code != country): row.claims for row in rows
    }
