"""What would change the finding about a pair: the claims it depends on, a grade, and new acts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from tracker import change_wording
from tracker.domain import decisive
from tracker.domain.decisive import DecisiveSet
from tracker.domain.disclosure import Reader
from tracker.pages import pair_page, request_params
from tracker.pages.page_cache import begin_long_work, cached_page, render_page
from tracker.pages.pair_context import PairContext
from tracker.queries.claims import detail
from tracker.queries.claims.detail import Sheet
from tracker.queries.evidence import what_would_change
from tracker.queries.evidence.what_would_change import GradeEffect, WhatWouldChange


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSet:
    """A sentence, the claims that it is about, and whether it is the smallest set."""

    says: str
    claims: list[Sheet]
    exact: bool


@cached_page(*request_params.OF_PAIR)
def show(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """It may take several seconds, so it counts as long work."""
    pair = pair_page.requested_context(request, first, second)
    begin_long_work(request)
    found = what_would_change.of_series(
        pair.series, pair.day, since=pair.params.since, reader=Reader.PUBLIC
    )
    return render_page(request, "pages/what_would_change_page.html", _context(pair, found))


def _context(pair: PairContext, found: WhatWouldChange) -> dict[str, Any]:
    search = found.search
    sheets = detail.sheets_at(
        what_would_change.titles_of(found), pair.series.position, reader=Reader.PUBLIC
    )
    return {
        "pair": pair,
        # Not for search engines: it takes too long.
        "hidden": True,
        "link": request_params.address(pair.path, pair.params),
        "headline": pair_page.headline(pair),
        "sets": [*_sets(search.found, sheets)],
        "open": change_wording.open_questions(search.open),
        "search": search,
        "most_members": decisive.MOST_MEMBERS,
        "grade": found.grade,
        "grades": [*_grades(found)],
        "acts": change_wording.acts_needed(found.acts, most=decisive.MOST_ACTS),
        "now": found.now,
        "suffix": f"?as_of={pair.params.as_of_text}" if pair.params.as_of_text else "",
    }


def _sets(found: Iterable[DecisiveSet], sheets: Mapping[UUID, Sheet]) -> Iterator[ShownSet]:
    """The sets with their claims; sets with the same claims are merged."""
    alike: dict[frozenset[UUID], list[DecisiveSet]] = {}
    for one in found:
        alike.setdefault(frozenset(one.claims), []).append(one)
    for sets in alike.values():
        yield ShownSet(
            says=change_wording.hangs_on(sets),
            claims=[sheets[claim] for claim in sets[0].claims if claim in sheets],
            exact=all(one.exact for one in sets),
        )


def _grades(found: WhatWouldChange) -> Iterator[str]:
    """The finding with the next lower and the next higher grade of one source."""
    effect: GradeEffect | None = found.grade
    for one in (effect.lower, effect.higher) if effect else ():
        if one is None or effect is None:
            continue
        moved = found.values.movement is not None and one.values.movement is not None
        now, then = (
            (found.values.movement or 0.0, one.values.movement or 0.0)
            if moved
            else (found.values.level, one.values.level)
        )
        yield change_wording.regraded(effect.name, one.grade, now=now, then=then, moved=moved)
