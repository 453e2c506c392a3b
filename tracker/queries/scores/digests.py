"""The monthly digest: which way each pair with news moved in a month, and the claim behind it."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tracker import log
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


# Two look-ups in the index of acts.
_SPAN = (
    "SELECT (SELECT min(first) FROM impact WHERE view = %(view)s AND sd IS NULL),"
    " (SELECT max(first) FROM impact WHERE view = %(view)s AND sd IS NULL AND first <= %(today)s)"
)
# The last change of an impact that began in some days.
_CHANGED = (
    "SELECT max(greatest(known_from, known_until)) FROM impact WHERE view = %(view)s"
    " AND sd IS NULL AND first > %(since)s AND first <= %(until)s"
    " AND known_from <= %(position)s"
)


class NoSuchMonth(NotFound):
    """The month is not between that of the first act on record and that of the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month with acts on record: its first day, and the number of pairs and claims."""

    first: date
    pairs: int
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """How the pairs with an act in a month moved from the close of `since` to that of `until`, the
    largest clear changes first. `others` is the number of such pairs that were not computed."""

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
    view = pair_changes.in_force().lens.view.id
    [(first, final)] = select(_SPAN, {"view": view, "today": today})
    if final is None or not first.replace(day=1) <= month <= final or month == date.min:
        raise NoSuchMonth(_("there is no digest of %(month)s") % {"month": f"{month:%Y-%m}"})
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


def changed_at(digest: Digest) -> datetime | None:
    """Return when the record of the acts of a digest changed last; None if it has none.

    :raises lenses.NoSuchLens: :raises impacts.CatchingUp:
    """
    view = pair_changes.in_force().lens.view.id
    parameters: dict[str, Any] = {
        "view": view,
        "position": impacts.served_position(view),
        "since": digest.since,
        "until": digest.until,
    }
    [(position,)] = select(_CHANGED, parameters)
    event = log.at(position) if position else None
    return event.recorded_at if event else None
