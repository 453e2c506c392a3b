"""Marks the pairs whose scores wait to be computed anew, each from the first day that changed."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min

from tracker.domain.lenses import View
from tracker.log import Statement
from tracker.models.derived import ImpactVersion

_MARK = (
    "INSERT INTO dirty_pair (view, pair, from_day, since_position, generation, attempts,"
    " last_error) SELECT %s, pair, day, %s, 1, 0, ''"
    " FROM unnest(%s::text[], %s::date[]) AS touched (pair, day)"
    " ON CONFLICT (view, pair) DO UPDATE SET"
    " from_day = LEAST(dirty_pair.from_day, excluded.from_day), lease = NULL,"
    " generation = dirty_pair.generation + 1, attempts = 0, not_before = NULL, last_error = ''"
)


@dataclass(slots=True)
class Touched:
    """The pairs whose impacts changed in this transaction, each from a day on."""

    days: dict[str, date] = field(default_factory=dict)

    def add(self, pair: str, day: date) -> None:
        self.days[pair] = min(day, self.days.get(pair, day))

    def add_changed_at(self, position: int, view: View) -> None:
        """Touch every pair that changed at a position, in whichever transaction."""
        for column in ("known_from", "known_until"):
            self._add_first_days(view, **{column: position})

    def add_all(self, view: View) -> None:
        """Touch every pair that there ever was: a new lens has everything to score."""
        self._add_first_days(view)

    def _add_first_days(self, view: View, **narrowed: int) -> None:
        rows = ImpactVersion.objects.filter(view=view.id, **narrowed).values("pair")
        for pair, day in rows.annotate(day=Min("first")).values_list("pair", "day"):
            self.add(pair, day)


def mark(view: View, touched: Touched, *, position: int) -> list[Statement]:
    """What marks the touched pairs dirty, in name order, so that two followers cannot deadlock."""
    pairs = sorted(touched.days)
    if not pairs:
        return []
    days = [touched.days[pair] for pair in pairs]
    return [Statement(_MARK, [view.id, position, pairs, days])]
