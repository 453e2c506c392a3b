"""The table of pairs under a lens, in several orders, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal

from tracker.domain.lenses import LensVersion
from tracker.domain.movements import WindowMovement
from tracker.domain.scoring.moments import Score
from tracker.domain.shifts import CHANGES, WINDOW, Shift
from tracker.log.messages import select_prepared
from tracker.queries.evidence import impacts
from tracker.queries.scores import knots, lenses
from tracker.queries.sql import select, select_value

Column = Literal[
    "pair", "value", "claims", "roots", "last_claim_day", "change_7", "change_30", "change_365"
]
# The fields of the changes.
CHANGED = tuple(f"change_{days}" for days in CHANGES)
# The column of each order; the pair's name makes the order unique.
_COLUMNS: dict[str, str] = {
    "pair": "s.direction",
    "value": "s.value",
    "claims": "s.claims",
    "roots": "s.roots",
    "last_claim_day": "coalesce(s.last_claim_day, DATE '0001-01-01')",
    **{f"change_{days}": f"coalesce(w.change_{days}, 0)" for days in CHANGES},
}

# The pairs of the table, with the changes and movements found by the last search for shifts. NOT
# LIKE matches the condition of the partial indexes; with `direction = pair` the planner would sort
# the whole table.
PAIRS = (
    "FROM current_score s LEFT JOIN watched w ON w.lens = s.lens"
    " AND w.lens_version = s.lens_version AND w.pair = s.pair"
    " WHERE s.lens = %(lens)s AND s.lens_version = %(version)s"
    " AND s.direction NOT LIKE '%%>%%'"
)
_NARROWED = {
    "country": " AND %(country)s IN (left(s.pair, 3), right(s.pair, 3))",
    "among": " AND s.direction = ANY(%(among)s)",
    "fresh": " AND s.last_claim_day > s.day - %(fresh)s",
    # The list narrows the table before each row is checked: few pairs shifted lately.
    "shifted": (
        " AND s.pair = ANY(ARRAY(SELECT h.pair FROM shift h WHERE h.lens = %(lens)s"
        " AND h.lens_version = %(version)s AND h.peak > (SELECT min(c.day) FROM current_score c"
        " WHERE c.lens = %(lens)s AND c.lens_version = %(version)s) - %(window)s))"
        " AND EXISTS (SELECT FROM shift h WHERE h.lens = s.lens"
        " AND h.lens_version = s.lens_version AND h.pair = s.pair AND h.seen <= s.day"
        " AND h.peak > s.day - %(window)s)"
    ),
}
# The columns of a movement in `watched`. It is that of the row if it was found at the same
# position, and if nothing acted since.
MOVED = ("moved_since", "moved", "moved_low", "moved_high", "fell", "rose", "acted")
WATCHED = ", ".join(f"w.{column}" for column in (*CHANGED, *MOVED))
WATCHED += ", w.position AS watched_position, w.day AS watched_day"
# The columns of a shift, as `shift` reads them.
SHIFT = ("start", "seen", "peak", "amount", "sd", "kind")
# Each pair of a page with its last knot up to its day, the day of its first knot, and a current
# shift.
SHOWN = (
    f"s.place, s.pair, s.day, s.last_claim_day, {', '.join(CHANGED)},"  # noqa: S608
    " sc.position, CASE WHEN sc.position = s.watched_position THEN s.watched_day END,"
    f" {', '.join(MOVED)}, f.day,"
    f" {', '.join(f'h.{column}' for column in SHIFT)}, {knots.last_block('s.day')}"
    " FROM paged s JOIN scored sc ON sc.lens = s.lens AND sc.lens_version = s.lens_version"
    " AND sc.pair = s.pair CROSS JOIN LATERAL (SELECT * FROM knot_block k"
    " WHERE k.lens = s.lens AND k.lens_version = s.lens_version AND k.pair = s.pair"
    " AND k.direction = s.direction AND k.day <= s.day ORDER BY k.day DESC LIMIT 1) k"
    " CROSS JOIN LATERAL (SELECT min(k.day) AS day FROM knot_block k WHERE k.lens = s.lens"
    " AND k.lens_version = s.lens_version AND k.pair = s.pair AND k.direction = s.direction) f"
    " LEFT JOIN LATERAL (SELECT * FROM shift h WHERE h.lens = s.lens"
    " AND h.lens_version = s.lens_version AND h.pair = s.pair AND h.seen <= s.day"
    " AND h.peak > s.day - %(window)s ORDER BY h.seen DESC, h.start DESC LIMIT 1) h ON true"
)
# Parsers of a row's place in each order.
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
    """An order of the table. It can be narrowed to the pairs of a `country` or to those `among`
    some, to those with a claim in the last `fresh` days, or to those that `shifted` in the last 14
    days."""

    column: Column
    descending: bool = False
    country: str | None = None
    among: tuple[str, ...] | None = None
    fresh: int | None = None
    shifted: bool = False

    @property
    def narrowing(self) -> str:
        return "".join(
            sql for name, sql in _NARROWED.items() if getattr(self, name) not in (None, False)
        )

    @property
    def parameters(self) -> dict[str, Any]:
        among = None if self.among is None else list(self.among)
        return {"country": self.country, "among": among, "fresh": self.fresh, "window": WINDOW}


BY_NAME = Order(column="pair")


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPair:
    """A row of the table of pairs, at the end of `day`, from what was known at `position`. `place`
    is its value in the order; `shift` is a shift with its peak in the last 14 days; a change is
    None until it has been computed. `movement` is that since the day before the first act, if it
    is `moved_known`; see `movements.with_movements`."""

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
    position: int
    movement: WindowMovement | None = None
    moved_known: bool = False

    @property
    def state_share(self) -> float | None:
        return state_share(roots=self.roots, state_roots=self.state_roots)

    @property
    def days_since(self) -> int | None:
        return (self.day - self.last_claim_day).days if self.last_claim_day else None


def state_share(*, roots: int, state_roots: int) -> float | None:
    """The share of the independent roots that a state owns; None without roots."""
    return state_roots / roots if roots else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePart:
    """Rows of the table, and the lens version.

    The scores reach `position`, except for `waiting` pairs.
    """

    lens: LensVersion
    position: int
    waiting: int
    rows: list[RankedPair]


def table_page(
    lens: str, order: Order, *, position: int, after: tuple[Any, str] | None, limit: int | None
) -> TablePart:
    """Return up to `limit` rows of the table under a lens after the place and pair `after`.
    `position` is the end of the log.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    chosen = lenses.find(lens, position=position)
    served, waiting = impacts.served(chosen.lens.view.id)
    return TablePart(
        lens=chosen,
        position=served,
        waiting=waiting,
        rows=page(chosen, order, after=after, limit=limit),
    )


def page(
    lens: LensVersion, order: Order, *, limit: int | None, after: tuple[Any, str] | None = None
) -> list[RankedPair]:
    """Return up to `limit` rows after the place and pair `after`, with one query."""
    column, sort = _COLUMNS[order.column], "DESC" if order.descending else "ASC"
    place, pair = after or (None, None)
    beyond = f"AND ({column}, s.direction) {'<' if order.descending else '>'} (%(place)s, %(pair)s)"
    # The limit is part of the text: the database would not keep a plan for any limit.
    most = "" if limit is None else f" LIMIT {limit:d}"
    rows = select_prepared(
        f"WITH paged AS (SELECT {column} AS place, s.*, {WATCHED}"
        f" {PAIRS}{order.narrowing} {beyond if after else ''}"
        f" ORDER BY {column} {sort}, s.direction {sort}{most})"
        f" SELECT {SHOWN} ORDER BY s.place {sort}, s.direction {sort}",
        knots.key(lens) | order.parameters | {"place": place, "pair": pair},
        binary=True,
    )
    return [row_of(lens, row) for row in rows]


def count(lens: LensVersion, order: Order) -> int:
    """Return the number of pairs in the table."""
    return int(
        select_value(
            f"SELECT count(*) {PAIRS}{order.narrowing}", knots.key(lens) | order.parameters
        )
    )


def row_of(lens: LensVersion, columns: Sequence[Any]) -> RankedPair:
    """The row of the columns `SHOWN`."""
    cells = iter(columns)
    place, pair, day, last_claim_day = islice(cells, 4)
    changes = [*islice(cells, len(CHANGED))]
    position, searched = islice(cells, 2)
    moved = [*islice(cells, len(MOVED))]
    since = next(cells)
    shift_columns = [*islice(cells, len(SHIFT))]
    knot = knots.last_knot([*cells], day)
    moved_known = searched is not None and knot.day <= searched <= day
    scorer = lens.scorer
    score = scorer.at(knot, day)
    return RankedPair(
        pair=pair,
        day=day,
        score=score,
        words=scorer.words(score, since=since),
        claims=knot.claims,
        roots=knot.roots,
        state_roots=knot.state_roots,
        last_claim_day=last_claim_day or knot.newest,
        shift=shift(shift_columns) if shift_columns[0] else None,
        **dict(zip(CHANGED, changes, strict=True)),
        place=place,
        position=position,
        movement=movement(moved, day) if moved_known else None,
        moved_known=moved_known,
    )


def movement(columns: Sequence[Any], day: date) -> WindowMovement | None:
    """The movement up to a day of the columns `MOVED`; None if there is none."""
    since, *moved = columns
    return WindowMovement(since, day, *moved) if since else None


def shift(columns: Sequence[Any]) -> Shift:
    """The shift of a row of the columns `SHIFT`."""
    return Shift(**dict(zip(SHIFT, columns, strict=True)))


_EVERY = (
    "SELECT direction AS place, pair, direction, lens, lens_version, %(day)s::date AS day,"  # noqa: S608
    " NULL::date AS last_claim_day, NULL::date AS watched_day, NULL::bigint AS watched_position,"
    " NULL::date AS moved_since, NULL::boolean AS acted,"
    f" {', '.join(f'NULL::float AS {column}' for column in (*CHANGED, *MOVED[1:-1]))}"
    " FROM current_score"
    " WHERE lens = %(lens)s AND lens_version = %(version)s AND direction NOT LIKE '%%>%%'"
)


def rows_on_day(lens: LensVersion, day: date) -> list[RankedPair]:
    """Return the pairs with any act or assessed level by the end of a day, by name, with their
    values of that day. Their changes are None."""
    columns = select(
        f"WITH paged AS ({_EVERY}) SELECT {SHOWN} ORDER BY s.place",
        knots.key(lens) | {"day": day, "window": WINDOW},
    )
    rows = [row_of(lens, row) for row in columns]
    return [row for row in rows if row.claims or lens.model.levels]


# The undirected rows of the table under a lens.
TABLE = (
    "FROM current_score WHERE lens = %(lens)s AND lens_version = %(version)s"
    " AND direction NOT LIKE '%%>%%'"
)


def countries(lens: LensVersion) -> set[str]:
    """Return the codes of the countries that have a pair in the table under a lens."""
    # Splitting the names at the hyphen takes twice as long.
    ends = (f"SELECT DISTINCT {end}(pair, 3) {TABLE}" for end in ("left", "right"))
    return {row[0] for row in select(" UNION ".join(ends), knots.key(lens))}


def pairs(lens: LensVersion) -> list[str]:
    """Return the pairs in the table under a lens, by name."""
    return [row[0] for row in select(f"SELECT pair {TABLE} ORDER BY pair", knots.key(lens))]


def most_known(lens: LensVersion, *, limit: int) -> list[str]:
    """Return the first pairs in the table under a lens, those with most claims first."""
    query = f"SELECT pair {TABLE} ORDER BY claims DESC, direction DESC LIMIT %(limit)s"
    return [row[0] for row in select(query, knots.key(lens) | {"limit": limit})]
