"""The monthly digest: which way each pair with news moved in a month, and the claim behind it."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tracker.domain.disclosure import Reader
from tracker.domain.problems import NotFound
from tracker.queries.evidence import impacts
from tracker.queries.scores import pair_changes
from tracker.queries.scores.pair_changes import PairChange
from tracker.queries.sql import select

# The number of listed months.
MOST_MONTHS = 120
_MONTHS = (
    "SELECT date_trunc('month', first)::date AS month, count(DISTINCT pair), count(DISTINCT claim)"
    " FROM impact WHERE view = %(view)s AND known_from <= %(position)s"
    " AND (known_until IS NULL OR known_until > %(position)s) AND sd IS NULL"
    " AND first <= %(today)s GROUP BY 1 ORDER BY 1 DESC LIMIT %(limit)s"
)


class NoSuchMonth(NotFound):
    """The month is not between 0001-02 and the current month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month with acts on record: its first day, and the number of pairs and claims."""

    first: date
    pairs: int
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """How the pairs with an act in a month moved from the close of `since` to that of `until`, the
    largest certain changes first. `others` is the number of such pairs that were not computed."""

    month: date
    since: date
    until: date
    is_over: bool
    changes: Sequence[PairChange]
    others: int

    def of_turn(self, turn: str) -> list[PairChange]:
        return [change for change in self.changes if change.turn == turn]


def months(*, today: date) -> list[Month]:
    """Return the months up to today in which acts are on record, the latest first.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    view = pair_changes.in_force().lens.view.id
    parameters: dict[str, Any] = {
        "view": view,
        "position": impacts.served_position(view),
        "today": today,
        "limit": MOST_MONTHS,
    }
    return [Month(first=row[0], pairs=row[1], claims=row[2]) for row in select(_MONTHS, parameters)]


def of_month(month: date, *, today: date, reader: Reader) -> Digest:
    """Return the digest of the month that begins on a day; the current month counts up to today.

    :raises NoSuchMonth: :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    if month > today or month == date.min:
        raise NoSuchMonth(f"there is no digest of {month:%Y-%m} yet")
    last = month.replace(day=monthrange(month.year, month.month)[1])
    since, until = month - timedelta(days=1), min(last, today)
    found = pair_changes.of_days(since, until, reader=reader)
    return Digest(
        month=month,
        since=since,
        until=until,
        is_over=last < today,
        changes=found.changes,
        others=found.others,
    )
