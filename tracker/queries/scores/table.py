"""The table of pairs under a lens, in any of its orders, page by page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Literal

from tracker.domain.lenses import LensVersion
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Knot, Score, Scorer
from tracker.domain.shifts import CHANGES, WINDOW, Shift
from tracker.queries import progress
from tracker.queries.evidence import impacts
from tracker.queries.moment import At, TooManyImpacts, now
from tracker.queries.scores import knots, lenses
from tracker.queries.sql import select, select_value

Column = Literal[
    "pair", "value", "claims", "roots", "last_claim_day", "change_7", "change_30", "change_365"
]
# The fields of the changes.
CHANGED = tuple(f"change_{days}" for days in CHANGES)
# The column that each order goes by; the pair's name makes it unique.
_COLUMNS: dict[str, str] = {
    "pair": "s.direction",
    "value": "s.value",
    "claims": "s.claims",
    "roots": "s.roots",
    "last_claim_day": "coalesce(s.last_claim_day, DATE '0001-01-01')",
    **{f"change_{days}": f"coalesce(w.change_{days}, 0)" for days in CHANGES},
}

# The pairs of the table, with the changes that were found when shifts were looked for last. That a
# series is undirected is asked as its indexes say it; of `direction = pair` the planner knows
# nothing, and would read and sort the whole table for every page.
_PAIRS = (
    "FROM current_score s LEFT JOIN watched w ON w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair"
    " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
    " AND s.direction NOT LIKE '%%>%%'"
)
_NARROWED = {
    "country": " AND %(country)s = ANY(string_to_array(s.pair, '-'))",
    "fresh": " AND s.last_claim_day > s.day - %(fresh)s",
    "shifted": (
        " AND EXISTS (SELECT FROM shift h WHERE h.lens = s.lens"
        " AND h.lens_version = s.lens_version AND h.pair = s.pair AND h.seen <= s.day"
        " AND h.peak > s.day - %(window)s)"
    ),
}
# Each of a page's pairs with its last knot, up to its day, the day of its first, and a shift that
# is still on.
SHOWN = (
    "s.place, s.pair, s.day, s.last_claim_day, s.change_7, s.change_30, s.change_365, f.day,"
    " h.start, h.seen, h.peak, h.amount, h.sd, k.day, k.moments, k.claims, k.roots, k.state_roots,"
    " k.last_claim_day FROM paged s CROSS JOIN LATERAL (SELECT * FROM knot k"
    " WHERE k.lens = s.lens AND k.lens_version = s.lens_version AND k.pair = s.pair"
    " AND k.direction = s.direction AND k.day <= s.day ORDER BY k.day DESC LIMIT 1) k"
    " CROSS JOIN LATERAL (SELECT min(k.day) AS day FROM knot k WHERE k.lens = s.lens"
    " AND k.lens_version = s.lens_version AND k.pair = s.pair AND k.direction = s.direction) f"
    " LEFT JOIN LATERAL (SELECT * FROM shift h WHERE h.lens = s.lens"
    " AND h.lens_version = s.lens_version AND h.pair = s.pair AND h.seen <= s.day"
    " AND h.peak > s.day - %(window)s ORDER BY h.seen DESC, h.start DESC LIMIT 1) h ON true"
)
# Reads the place of a row in an order from text.
PLACES: dict[str, Callable[[str], Any]] = {
    "pair": str,
    "value": float,
    "claims": int,
    "roots": int,
    "last_claim_day": date.fromisoformat,
    **{f"change_{days}": float for days in CHANGES},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of the table. It is narrowed to the pairs of a `country`, to those with a claim in
    the last `fresh` days, to those that `shifted` in the last 14."""

    column: Column
    descending: bool = False
    country: str | None = None
    fresh: int | None = None
    shifted: bool = False

    @property
    def narrowing(self) -> str:
        return "".join(sql for name, sql in _NARROWED.items() if getattr(self, name))

    @property
    def asked(self) -> dict[str, Any]:
        return {"country": self.country, "fresh": self.fresh, "window": WINDOW}


BY_NAME = Order(column="pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table of pairs, at the end of `day`. `place` is what the order goes by; `shift`
    is one whose peak lies in the last 14 days; the changes are those of so many days, None where
    nobody has looked yet."""

    pair: str
    day: date
    score: Score
    words: str
    claims: int
    roots: int
    state_roots: int
    last_claim_day: date | None
    shift: Shift | None
    change_7: float | None
    change_30: float | None
    change_365: float | None
    place: Any

    @property
    def state_share(self) -> float | None:
        return state_share(roots=self.roots, state_roots=self.state_roots)

    @property
    def days_since(self) -> int | None:
        return (self.day - self.last_claim_day).days if self.last_claim_day else None


def state_share(*, roots: int, state_roots: int) -> float | None:
    """Of the independent roots, the share that a state owns; None without roots."""
    return state_roots / roots if roots else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """A part of the table, and the lens version that it is under.

    It holds what its view has taken in up to `position`, but for the pairs that are `waiting`.
    """

    lens: LensVersion
    position: int
    waiting: int
    rows: list[Row]


def table_page(
    lens: str, order: Order, *, after: tuple[Any, str] | None, limit: int | None
) -> TablePart:
    """Give up to `limit` rows of the table under a lens that follow the place and pair `after`.

    :raises lenses.NoSuchLens: if there is none. :raises impacts.CatchingUp:
    """
    chosen = lenses.named(lens, position=now().position)
    view = chosen.lens.view.id
    return TablePart(
        lens=chosen,
        position=impacts.served(view),
        waiting=progress.count_pending(view),
        rows=page(chosen, order, after=after, limit=limit),
    )


def page(
    lens: LensVersion, order: Order, *, limit: int | None, after: tuple[Any, str] | None = None
) -> list[Row]:
    """Give up to `limit` rows that follow the place and pair `after`, in one statement."""
    column, way = _COLUMNS[order.column], "DESC" if order.descending else "ASC"
    beyond = f"AND ({column}, s.direction) {'<' if order.descending else '>'} (%(place)s, %(pair)s)"
    return [
        row_of(lens, row)
        for row in select(
            f"WITH paged AS (SELECT {column} AS place, s.*, w.change_7, w.change_30, w.change_365"
            f" {_PAIRS}{order.narrowing} {beyond if after else ''}"
            f" ORDER BY {column} {way}, s.direction {way} LIMIT %(limit)s)"
            f" SELECT {SHOWN} ORDER BY s.place {way}, s.direction {way}",
            {
                "lens": lens.id,
                "version": lens.version,
                "place": after[0] if after else None,
                "pair": after[1] if after else None,
                "limit": limit,
                **order.asked,
            },
        )
    ]


def count(lens: LensVersion, order: Order) -> int:
    """How many pairs the table has."""
    return int(
        select_value(
            f"SELECT count(*) {_PAIRS}{order.narrowing}",
            {"lens": lens.id, "version": lens.version, **order.asked},
        )
    )


def row_of(lens: LensVersion, columns: Sequence[Any]) -> Row:
    """The line of a row of the columns `SHOWN`."""
    place, pair, day, last_claim_day, *others = columns
    changes, since, moved, knot = others[:3], others[3], others[4:9], knots.knot(others[9:])
    scorer = lens.scorer(pair)
    score = scorer.at(knot, day)
    return Row(
        pair=pair,
        day=day,
        score=score,
        words=scorer.words(score, since=since),
        claims=knot.claims,
        roots=knot.roots,
        state_roots=knot.state_roots,
        last_claim_day=last_claim_day or knot.newest,
        shift=shift(moved) if moved[0] else None,
        **dict(zip(CHANGED, changes, strict=True)),
        place=place,
    )


def shift(columns: Sequence[Any]) -> Shift:
    """The shift of a row of start, seen, peak, amount, sd."""
    start, seen, peak, amount, sd = columns
    return Shift(start=start, seen=seen, peak=peak, amount=amount, sd=sd)


_EVERY = (
    "SELECT direction AS place, pair, direction, lens, lens_version, %(day)s::date AS day,"
    " NULL::date AS last_claim_day, NULL::float AS change_7, NULL::float AS change_30,"
    " NULL::float AS change_365 FROM current_score"
    " WHERE lens = %(lens)s AND lens_version = %(version)s AND direction NOT LIKE '%%>%%'"
)


def rows_on_day(lens: LensVersion, day: date) -> list[Row]:
    """Give the pairs of which anything was told by the end of a day, by name, with what they came
    to then. The changes are those of no day: nobody has looked."""
    asked: dict[str, Any] = {"lens": lens.id, "version": lens.version, "day": day, "window": WINDOW}
    found = [
        row_of(lens, columns)
        for columns in select(f"WITH paged AS ({_EVERY}) SELECT {SHOWN} ORDER BY s.place", asked)
    ]
    return [row for row in found if row.claims]


# Impacts that one answer folds; of more, a country's or a pair's can be asked for.
MOST_PAST = 100_000


def past_table(
    lens: str, order: Order, *, day: date, as_of: At, most: int | None = None
) -> TablePart:
    """Give all rows of the table under a lens as known at a moment, in order, at the end of a day.
    `most` is how many impacts may be folded, where that is less than else.

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog: :raises impacts.CatchingUp:
    :raises TooManyThen: without a country, where too much was known.
    """
    asked = as_of.position
    chosen = lenses.named(lens, position=asked)
    view = chosen.lens.view.id
    position = min(asked, impacts.served(view))
    most = min(MOST_PAST, most or MOST_PAST)
    known = impacts.everywhere(view, position=position, country=order.country, most=most)
    if len(known) > most:
        raise TooManyImpacts(
            f"more than {most} impacts were known: ask for one country, or one pair"
        )
    every = _rows(chosen, known, order, day)
    rows = sorted(filter(partial(_wanted, order), every), key=_place, reverse=order.descending)
    return TablePart(lens=chosen, position=position, waiting=0, rows=rows)


def rows_after(found: TablePart, order: Order, *, after: tuple[Any, str] | None) -> list[Row]:
    """The rows that follow a place and pair."""
    if after is None:
        return found.rows
    return [
        row
        for row in found.rows
        if (_place(row) < after if order.descending else _place(row) > after)
    ]


def _wanted(order: Order, row: Row) -> bool:
    """Whether a row is left when the table is narrowed; nothing shifts in one of the past."""
    fresh = order.fresh is None or (row.days_since is not None and row.days_since < order.fresh)
    return fresh and not order.shifted


def _place(row: Row) -> tuple[Any, str]:
    return row.place, row.pair


def _rows(lens: LensVersion, known: list[Impact], order: Order, day: date) -> Iterator[Row]:
    for pair, own in groupby(known, key=impacts.pair_of_impact):
        scorer = lens.scorer(pair)
        knots = scorer.knots(lens.pulls(own, pair))
        knot = moments.latest(knots, day)
        if knot is not None:
            score = scorer.at(knot, day)
            changes = {
                name: score.value - _value(scorer, knots, day, ago=days)
                for name, days in zip(CHANGED, CHANGES, strict=True)
            }
            places = {
                **changes,
                "pair": pair,
                "value": score.value,
                "claims": knot.claims,
                "roots": knot.roots,
                "last_claim_day": knot.newest or date.min,
            }
            yield Row(
                pair=pair,
                day=day,
                score=score,
                words=scorer.words(score, since=knots[0].day),
                claims=knot.claims,
                roots=knot.roots,
                state_roots=knot.state_roots,
                last_claim_day=knot.newest,
                shift=None,
                **changes,
                place=places[order.column],
            )


def _value(scorer: Scorer, knots: Sequence[Knot], day: date, *, ago: int) -> float:
    then = day - timedelta(days=ago)
    return scorer.at(moments.latest(knots, then), then).value


# So many pairs make more triangles than anybody lists.
KNOWN = 2_000
_TABLE = (
    "FROM current_score WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND direction NOT LIKE '%%>%%'"
)
_KNOWN = f"SELECT pair, claims {_TABLE} ORDER BY claims DESC, direction DESC LIMIT %(pairs)s"
_TRIANGLES = (
    f"WITH best AS ({_KNOWN}), known AS (SELECT split_part(pair, '-', 1) AS one,"  # noqa: S608 # ours
    " split_part(pair, '-', 2) AS other, claims FROM best)"
    " SELECT a.one, a.other, b.other, least(a.claims, b.claims, c.claims)"
    " FROM known a JOIN known b ON b.one = a.other"
    " JOIN known c ON c.one = a.one AND c.other = b.other"
    " ORDER BY 4 DESC, 1, 2, 3 LIMIT %(limit)s"
)


def countries(lens: LensVersion) -> set[str]:
    """Give the codes of the countries that have a pair in the table under a lens."""
    return {
        row[0]
        for row in select(
            "SELECT DISTINCT unnest(string_to_array(pair, '-')) FROM current_score"
            " WHERE lens = %s AND lens_version = %s AND direction = pair",
            [lens.id, lens.version],
        )
    }


def pairs(lens: LensVersion) -> list[str]:
    """Give the pairs in the table under a lens, by name."""
    return [row[0] for row in _asked(f"SELECT pair {_TABLE} ORDER BY pair", lens)]


def triangles(lens: LensVersion, *, limit: int) -> list[tuple[str, str, str]]:
    """Give up to `limit` triangles whose three pairs are all in the table, by code, those with most
    claims on their least known pair first. Only the pairs with most claims are looked through."""
    return [
        (one, two, three)
        for one, two, three, _ in _asked(_TRIANGLES, lens, pairs=KNOWN, limit=limit)
    ]


def _asked(question: str, lens: LensVersion, **given: int) -> list[tuple[Any, ...]]:
    return list(select(question, {"lens": lens.id, "version": lens.version, **given}))
