"""The network of countries on a day: the relations whose direction is known from reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker import lens_names
from tracker.change_wording import by_one_source
from tracker.charts.known_ways import way_in_words
from tracker.domain.lenses import LensVersion
from tracker.domain.movements import LEAST_MOVE, WindowMovement
from tracker.domain.scoring.moments import Score
from tracker.domain.sure_moves import Backing, apart, one_source, probable, turn_of
from tracker.language_formats import month_name
from tracker.level_wording import interval
from tracker.pages import request_params
from tracker.pages.network_ring import Ring, Tie, draw_ring, ring_of
from tracker.pages.page_cache import page_cached_by, render_page, today
from tracker.pages.request_params import InvalidParameter, LinkChoice, PageParams
from tracker.queries import moment, progress
from tracker.queries.evidence import impacts
from tracker.queries.records import names
from tracker.queries.scores import lenses, movements, pair_changes, table
from tracker.queries.scores.movements import LevelOnDay
from tracker.queries.scores.table import Order, RankedPair
from tracker.queries.scores.triads import LEVEL
from tracker.wording import Names, day_in_words

PARAMETERS = ("day", "lens", "show")
# Pairs that are read, those with most claims, and countries on the ring.
MOST_PAIRS, MOST_COUNTRIES = 150, 40
# Impacts that are folded for movements that no search for shifts has found.
MOST_FOLDED = 2_000
# Stops of the slider: months.
MOST_STOPS = 120
# The widest and the narrowest tie, in points, and the movement and the level that have the widest.
WIDEST, THINNEST, LARGEST_MOVE, LARGEST_LEVEL = 9.0, 1.5, 3.0, 9.0

Show = Literal["moved", "level"]
SHOWN: tuple[Show, ...] = ("moved", "level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop of the slider: the last day of a month, or today."""

    day: date
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPage:
    headline: str
    day: date
    show: Show
    ties: Sequence[Tie]
    count: int
    left_out: int
    unknown: int
    rings: Sequence[Ring]
    stops: Sequence[Stop]
    earlier: str
    later: str
    shows: Sequence[LinkChoice]
    lenses: Sequence[LinkChoice]
    lens_name: str
    lens_label: str
    fixed: str
    files: Sequence[LinkChoice]


def build(params: PageParams, show: Show, *, today: date) -> NetworkPage:
    """Build the page.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp: :raises InvalidParameter:
    """
    lens = _lens(params.lens)
    # The first version of this model has no movements.
    show = show if lens.model.levels else "level"
    impacts.served_position(lens.lens.view.id)
    rows = table.page(lens, Order(column="claims", descending=True), limit=MOST_PAIRS)
    day = params.day or today
    known = _on_day(lens, rows, params.day)
    shown = _countries(rows)
    named = Names(by_code=names.countries(shown))
    inside = [row for row in rows if {*row.pair.split("-")} <= {*shown}]
    order = ring_of(inside, shown)
    behind = _backings(lens, inside, known) if show == "moved" else {}
    ties = _ties(inside, known, params, named, behind, show=show)
    return NetworkPage(
        headline=_headline(ties, _count(inside, known, show), day, show),
        day=day,
        show=show,
        ties=ties,
        count=len(shown),
        left_out=table.count(lens, table.BY_NAME) - len(inside),
        unknown=_unknown(inside, known, show),
        rings=[draw_ring(ties, order, named, params, wide=wide) for wide in (True, False)],
        shows=_shows(params, show),
        lenses=request_params.lens_choices(reverse("pages:network"), params, model=LEVEL),
        lens_name=lens_names.reader_name(lens),
        lens_label=lens.label,
        fixed=_link(params, day=day.isoformat(), lens=lens.label),
        files=_files(params, day, lens),
        **_slider(_stops(rows, day, today=today), params),
    )


def _slider(stops: Sequence[Stop], params: PageParams) -> dict[str, Any]:
    """The months of the slider, and the addresses of those before and after the shown one."""
    earlier, later = _neighbours(stops, params)
    return {"stops": stops, "earlier": earlier, "later": later}


def _files(params: PageParams, day: date, lens: LensVersion) -> list[LinkChoice]:
    return [
        LinkChoice(
            label=form.upper(),
            link=request_params.address(
                reverse("pages:network-file", args=[form]),
                params,
                day=day.isoformat(),
                lens=lens.label,
            ),
        )
        for form in ("csv", "json")
    ]


def _shows(params: PageParams, show: Show) -> list[LinkChoice]:
    labels = {"moved": _("Which way they moved"), "level": _("Where they stand")}
    return [
        LinkChoice(
            label=label,
            link=_link(params, show="" if name == "moved" else name),
            chosen=show == name,
        )
        for name, label in labels.items()
    ]


def _on_day(
    lens: LensVersion, rows: Sequence[RankedPair], day: date | None
) -> Mapping[str, LevelOnDay]:
    """The levels and movements of today, mostly as they were found last, or those of a day."""
    if day is None:
        current = movements.with_movements(lens, rows, most=MOST_FOLDED)
        return {
            row.pair: LevelOnDay(row.score, row.movement, known=row.moved_known) for row in current
        }
    return movements.on_day(lens, rows, day, most=MOST_FOLDED)


def _countries(rows: Sequence[RankedPair]) -> list[str]:
    """The countries with most claims in these pairs, by code."""
    claims: dict[str, int] = {}
    for row in rows:
        for code in row.pair.split("-"):
            claims[code] = claims.get(code, 0) + row.claims
    return sorted(sorted(claims, key=lambda code: (-claims[code], code))[:MOST_COUNTRIES])


def _ties(
    rows: Sequence[RankedPair],
    known: Mapping[str, LevelOnDay],
    params: PageParams,
    named: Names,
    behind: Mapping[str, Backing],
    *,
    show: Show,
) -> list[Tie]:
    """The relations whose direction is known, the largest first; `behind` is what backs their
    movements."""
    found = []
    for row in rows:
        if row.pair in known:
            tie = (
                _moved_tie(row, known[row.pair].movement, behind.get(row.pair), params, named)
                if show == "moved"
                else _level_tie(row, known[row.pair].score, params, named)
            )
            found += [tie] if tie else []
    return sorted(found, key=lambda tie: (-abs(tie.value), tie.pair))


def _backings(
    lens: LensVersion, rows: Sequence[RankedPair], known: Mapping[str, LevelOnDay]
) -> Mapping[str, Backing]:
    """What is behind the movements that may be drawn, while the impacts are few."""
    large = {
        row.pair: moved
        for row in rows
        if row.pair in known and (moved := known[row.pair].movement)
        if abs(moved.value) >= LEAST_MOVE and (apart(moved) or probable(moved))
    }
    return pair_changes.backings(lens, large, position=None, most=MOST_FOLDED)


def _moved_tie(
    row: RankedPair,
    moved: WindowMovement | None,
    behind: Backing | None,
    params: PageParams,
    named: Names,
) -> Tie | None:
    """The tie of a relation that is known to have moved by half a point; none where acts pulled
    both ways, for which a line has no room."""
    turn = turn_of(moved, behind)
    if moved is None or turn == "unchanged" or (behind and behind.torn):
        return None
    alone = one_source(moved, turn)
    words = way_in_words(turn, moved)
    return Tie(
        pair=row.pair,
        name=named.direction(row.pair),
        link=_pair_link(row.pair, params),
        good=turn == "better",
        value=moved.value,
        low=moved.low,
        high=moved.high,
        says=_("%(turn)s, one source reports") % {"turn": words} if alone else words,
        interval=interval(moved.low, moved.high),
        claims=row.claims,
        width=_width(moved.value, LARGEST_MOVE),
        one_source=alone,
    )


def _level_tie(row: RankedPair, score: Score, params: PageParams, named: Names) -> Tie | None:
    if score.silent or not (score.low > 0 or score.high < 0):
        return None
    good = score.low > 0
    return Tie(
        pair=row.pair,
        name=named.direction(row.pair),
        link=_pair_link(row.pair, params),
        good=good,
        value=score.value,
        low=score.low,
        high=score.high,
        says=_("▲ friendly side") if good else _("▼ hostile side"),
        interval=interval(score.low, score.high),
        claims=row.claims,
        width=_width(score.value, LARGEST_LEVEL),
    )


def _width(value: float, largest: float) -> float:
    return round(THINNEST + (WIDEST - THINNEST) * min(1.0, abs(value) / largest), 1)


def _pair_link(pair: str, params: PageParams) -> str:
    return request_params.address(
        reverse("pages:pair", args=pair.split("-")), replace(params, show="chart")
    )


def _link(params: PageParams, **changes: str) -> str:
    return request_params.address(reverse("pages:network"), params, **changes)


def _headline(ties: Sequence[Tie], count: int, day: date, show: Show) -> str:
    """How many relations went which way, or stand on which side, and of how many that is open."""
    good = sum(tie.good for tie in ties)
    told = {
        "day": day_in_words(day),
        "good": good,
        "bad": len(ties) - good,
        "others": count - len(ties),
    }
    alone = by_one_source(sum(tie.one_source for tie in ties))
    says = _HEADLINES[show, bool(ties), count > len(ties)]() % told
    return " ".join(filter(None, [says, alone]))


# Headlines by what is shown, whether a relation is drawn, and whether others are not.
_HEADLINES: dict[tuple[Show, bool, bool], Callable[[], str]] = {
    **dict.fromkeys(
        [("level", False, False), ("level", False, True)],
        lambda: _("On %(day)s no relation is surely friendly or hostile."),
    ),
    ("level", True, False): lambda: _(
        "Relations on %(day)s: surely friendly %(good)d, surely hostile %(bad)d."
    ),
    ("level", True, True): lambda: _(
        "Relations on %(day)s: surely friendly %(good)d, surely hostile %(bad)d, not known"
        " %(others)d."
    ),
    **dict.fromkeys(
        [("moved", False, False), ("moved", False, True)],
        lambda: _("Up to %(day)s no relation clearly changed by half a point or more."),
    ),
    ("moved", True, False): lambda: _("Relations up to %(day)s: worse %(bad)d, better %(good)d."),
    ("moved", True, True): lambda: _(
        "Relations up to %(day)s: worse %(bad)d, better %(good)d, no clear change of half a point"
        " or more %(others)d."
    ),
}


def _count(
    rows: Sequence[RankedPair],
    known: Mapping[str, LevelOnDay],
    show: Show,
) -> int:
    """The number of relations that have something to show: a level, or an act that moved it."""
    if show == "level":
        return sum(row.pair in known for row in rows)
    return sum(row.pair in known and known[row.pair].movement is not None for row in rows)


def _unknown(rows: Sequence[RankedPair], known: Mapping[str, LevelOnDay], show: Show) -> int:
    """The relations whose movement is not worked out, since too many reports are behind it."""
    if show == "level":
        return 0
    return sum(row.pair in known and not known[row.pair].known for row in rows)


def _stops(rows: Sequence[RankedPair], day: date, *, today: date) -> list[Stop]:
    """The ends of the months from the first act to the last claim, the last ten years of them, and
    today."""
    starts = [row.movement.since for row in rows if row.movement]
    lasts = [row.last_claim_day for row in rows if row.last_claim_day]
    if not lasts:
        return []
    end = _month_end(min(max(lasts), today))
    start = min([*starts, *lasts])
    days: list[date] = []
    while end >= start and len(days) < MOST_STOPS:
        days.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    days = [one for one in reversed(days) if one < today] + [today]
    chosen = max((one for one in days if one <= day), default=days[0])
    return [
        Stop(
            day=one,
            label=_("Today") if one == today else month_name(one),
            chosen=one == chosen,
        )
        for one in days
    ]


def _lens(name: str) -> LensVersion:
    """The lens of the page, which measures a level."""
    lens = lenses.find(name, position=moment.now().position)
    if lens.lens.model != LEVEL:
        raise InvalidParameter(
            _("%(lens)s measures no level, so it has no network: choose another lens.")
            % {"lens": lens_names.version_name(lens)}
        )
    return lens


def _neighbours(stops: Sequence[Stop], params: PageParams) -> tuple[str, str]:
    """The addresses of the stops before and after the chosen one; empty where there is none."""
    place = next((n for n, stop in enumerate(stops) if stop.chosen), len(stops))
    earlier = _link(params, day=stops[place - 1].day.isoformat()) if place > 0 else ""
    later = _link(params, day=stops[place + 1].day.isoformat()) if place + 1 < len(stops) else ""
    return earlier, later


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@page_cached_by(progress.of_tables, PARAMETERS)
def network(request: HttpRequest) -> HttpResponse:
    params = request_params.read(request.GET)
    context = {
        "page": requested(request),
        "params": params,
        "kept": request_params.kept(params, without="day"),
    }
    return render_page(request, "pages/network.html", context)


def requested(request: HttpRequest) -> NetworkPage:
    """Build the page that a request names.

    :raises InvalidParameter: and the errors of `build`.
    """
    show = next((one for one in SHOWN if one == request.GET.get("show", "moved")), None)
    if show is None:
        raise InvalidParameter(
            _("The parameter show is one of %(all)s.") % {"all": ", ".join(SHOWN)}
        )
    return build(request_params.read(request.GET), show, today=today())
