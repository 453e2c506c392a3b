"""The first page: one finding, a map and a matrix, what got worse and better, and all pairs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.charts import picture
from tracker.domain.lenses import Lens, LensVersion
from tracker.language_formats import grouped
from tracker.pages import (
    findings,
    front_rows,
    matrix,
    moved_pairs,
    pair_list,
    pair_table,
    relations,
    request_params,
    stories,
    world_map,
)
from tracker.pages.findings import Finding
from tracker.pages.front_rows import FrontRows
from tracker.pages.matrix import Group, MatrixRow
from tracker.pages.moved_pairs import MovedPairs
from tracker.pages.page_cache import cached_page, render_page, today
from tracker.pages.pair_list import LINES, MOST_THEN, PairList
from tracker.pages.pair_table import PairLine
from tracker.pages.request_params import InvalidParameter, LinkChoice, PageParams
from tracker.pages.stories import Story
from tracker.pages.world_map import WorldMap
from tracker.queries.evidence import impacts
from tracker.queries.records import names
from tracker.queries.scores import pairs, shifts, uncounted
from tracker.queries.scores.table import RankedPair
from tracker.wording import Names, capitalised, claims_in_words, in_words

# The code of a country.
CODE = re.compile(r"[A-Z]{3}")
# Claims are counted up to this number.
MOST_COUNTED = 10_001


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    finding: Finding
    headline: str
    lead: str
    country: str
    country_name: str
    map: WorldMap | None
    matrix: Sequence[MatrixRow]
    matrix_words: Sequence[Group]
    moved: MovedPairs | None
    story: Story | None
    lines: Sequence[PairLine]
    count: int
    lens: LensVersion
    day: date | None
    position: int | None
    now: str
    fixed: str
    top: float
    ends: tuple[str, str]
    lenses: Sequence[LinkChoice]
    orders: Sequence[LinkChoice]
    earlier: str
    later: str
    countries: Sequence[tuple[str, str]]
    kept: Mapping[str, str]


def build(params: PageParams, *, today: date) -> Overview:
    """Build the first page.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises moment.AheadOfLog:
    :raises moment.TooManyThen: :raises InvalidParameter:
    """
    _check_country(params.country)
    page_pairs = pair_list.read(params, today=today)
    table_rows = _page(page_pairs.shown, params)
    front = front_rows.read(page_pairs, table_rows, params, today=today)
    rows = [front.by_pair[row.pair] for row in table_rows]
    country_names = Names(
        by_code=names.countries({*page_pairs.codes, *filter(None, [front.country])})
    )
    lens = page_pairs.lens
    found = findings.table_finding(page_pairs, params, today=today)
    path = reverse("pages:overview")
    return Overview(
        finding=found,
        headline=found.text,
        lead=_lead(page_pairs, country_names),
        country=front.country,
        country_name=country_names.country(front.country),
        **_pictures(front, page_pairs, country_names, params, today),
        story=next((story for story, _position in stories.on_record()), None),
        lines=_lines(page_pairs, rows, country_names, params, today),
        count=page_pairs.count,
        lens=lens,
        day=page_pairs.day,
        position=page_pairs.position,
        fixed=_fixed(path, params, page_pairs, today),
        ends=picture.ends(lens),
        top=lens.model.top,
        countries=sorted((country_names.country(code), code) for code in page_pairs.codes),
        **_links(path, params, page_pairs.count),
    )


def _links(path: str, params: PageParams, count: int) -> dict[str, Any]:
    """The other views of the page: now, under other lenses, in other orders, and its other parts;
    and what a form keeps of its address."""
    return {
        "now": request_params.address(path, params, as_of=""),
        "lenses": request_params.lens_choices(path, params),
        "orders": pair_table.order_choices(path, params),
        "earlier": _page_link(path, params, -1) if params.page > 1 else "",
        "later": _page_link(path, params, 1) if count > params.page * LINES else "",
        "kept": request_params.kept(replace(params, page=1), without="country"),
    }


def _check_country(code: str | None) -> None:
    """Check that there is a country with a code.

    :raises InvalidParameter:
    """
    if code and not (CODE.fullmatch(code) and names.countries([code])):
        raise InvalidParameter(
            _("The country %(code)s is not a country on record. Write its code, such as KAZ.")
            % {"code": code[:40]}
        )


def _pictures(
    front: FrontRows, page_pairs: PairList, country_names: Names, params: PageParams, today: date
) -> dict[str, Any]:
    """The map, the matrix and the lists of pairs that moved. Only a level has movements."""
    links = pair_table.pair_links(front.by_pair, params)
    titles = {pair: country_names.direction(pair) for pair in front.by_pair}
    by_code = {code: country_names.country(code) for code in page_pairs.codes}
    levels = page_pairs.lens.model.levels
    moved = _moved_pairs(front, page_pairs, titles, links, today) if levels else None
    return {
        "map": world_map.draw(front.country, front.neighbours, by_code, links, levels=levels)
        if front.country
        else None,
        "matrix": matrix.draw(front.busiest, front.among, by_code, titles, links),
        "matrix_words": matrix.in_words(front.among, titles, links, levels=levels),
        "moved": moved,
    }


def _moved_pairs(
    front: FrontRows,
    page_pairs: PairList,
    titles: Mapping[str, str],
    links: Mapping[str, str],
    today: date,
) -> MovedPairs:
    """The lists of what moved, and why."""
    found = moved_pairs.grouped(
        front,
        titles,
        links,
        day=page_pairs.day or today,
        whole=page_pairs.whole and len(front.listed) == len(page_pairs.shown),
        backings=moved_pairs.backings(front, page_pairs.lens, page_pairs.position),
    )
    return moved_pairs.explained(found, page_pairs.lens, page_pairs.position)


def _lines(
    page_pairs: PairList,
    rows: Sequence[RankedPair],
    country_names: Names,
    params: PageParams,
    today: date,
) -> list[PairLine]:
    codes = [row.pair for row in rows]
    series = pairs.series_of_pairs(page_pairs.lens, codes, position=page_pairs.position)
    marks = {} if page_pairs.position is not None else shifts.last_shifts(page_pairs.lens, codes)
    day = page_pairs.day or today
    return pair_table.lines(rows, series, marks, country_names, params, day)


def _fixed(path: str, params: PageParams, page_pairs: PairList, today: date) -> str:
    """The address at which the page stays as it is; empty where that would be too many pairs."""
    if page_pairs.total > MOST_THEN:
        return ""
    lens, position = page_pairs.lens, page_pairs.position
    if position is None:
        position = impacts.served_position(lens.lens.view.id)
    day = (page_pairs.day or today).isoformat()
    return request_params.address(path, params, as_of=str(position), day=day, lens=lens.label)


def _page(rows: Sequence[RankedPair], params: PageParams) -> Sequence[RankedPair]:
    return pair_table.ordered(rows, params.order)[(params.page - 1) * LINES : params.page * LINES]


def _page_link(path: str, params: PageParams, by: int) -> str:
    return request_params.address(path, params, page=str(params.page + by))


def _lead(page_pairs: PairList, country_names: Names) -> str:
    """State how many claims the lens counts and, for a scale without movements, which pairs are
    clear. Claims are not counted for a past moment."""
    if not page_pairs.total:
        return ""
    lens = page_pairs.lens
    number = page_pairs.total
    if page_pairs.position is None:
        text = ngettext(
            "%(claims)s on record, %(number)s pair of countries with a score.",
            "%(claims)s on record, %(number)s pairs of countries with a score.",
            number,
        )
        first = text % {"claims": _claim_count(lens.lens), "number": grouped(number)}
    else:
        first = ngettext(
            "%(number)s pair of countries had a score.",
            "%(number)s pairs of countries had a score.",
            number,
        ) % {"number": grouped(number)}
    if lens.model.levels:
        return first
    return " ".join([first, *_strongest(page_pairs, country_names)])


def _strongest(page_pairs: PairList, country_names: Names) -> Iterator[str]:
    """The strongest pairs that lean one way, and how many lean neither way."""
    clear = [row for row in page_pairs.clear if row.score.sign]
    strongest = sorted(clear, key=lambda row: (-abs(row.score.value), row.pair))[:3]
    yield from (
        f"{country_names.direction(row.pair)}: {relations.where(row)}." for row in strongest
    )
    silent = sum(row.score.silent is not None for row in page_pairs.clear)
    others = len(page_pairs.clear) - len(clear) - silent
    if others and page_pairs.whole:
        yield _not_clear(others, more=bool(clear))


def _not_clear(number: int, *, more: bool) -> str:
    """How many pairs lean neither way; `more`: others do."""
    if more:
        text = ngettext(
            "%(number)s more pair leans neither way.",
            "%(number)s more pairs lean neither way.",
            number,
        )
    else:
        text = ngettext(
            "%(number)s pair leans neither way.",
            "%(number)s pairs lean neither way.",
            number,
        )
    return text % {"number": capitalised(in_words(number))}


def _claim_count(lens: Lens) -> str:
    """The number of standing claims that a lens counts, up to a limit: an archive takes too long to
    count."""
    collections = uncounted.admitted_collections(lens.view)
    number = sum(uncounted.standing_claims(one, most=MOST_COUNTED) for one in collections)
    if number >= MOST_COUNTED:
        return _("More than %(number)s claims") % {"number": grouped(MOST_COUNTED - 1)}
    return claims_in_words(number)


@cached_page(*request_params.OF_COUNTRIES, "country", "order", "page")
def first_page(request: HttpRequest) -> HttpResponse:
    params = request_params.read(request.GET)
    context = {"page": build(params, today=today()), "params": params}
    return render_page(request, "pages/overview.html", context)
