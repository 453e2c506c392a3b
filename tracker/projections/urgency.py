"""Which work people wait for: events that no import wrote, and the views that have them ahead."""

from collections.abc import Collection
from typing import NamedTuple

from tracker.domain.lenses import View
from tracker.log import Statement
from tracker.log.messages import ON_DISK, ask, ask_all, ask_prepared
from tracker.projections.ahead import GOES_ON
from tracker.queries.scores import lenses


class Lag(NamedTuple):
    """The number of events that a view has not processed, whether it has processed none yet, and
    the position up to which all events are known to be on disk."""

    events: int
    new: bool
    on_disk: int


# The ranges begin with the import that wrote the view's next event, if one did.
_DISTANCES = f"""
SELECT v.id, lower(int8multirange(int8range(v.position, h.position, '(]')) - coalesce(
    (SELECT range_agg(int8range(s.first, s.last, '[]')) FROM import_span s
     WHERE s.first >= coalesce(
         (SELECT max(p.first) FROM import_span p WHERE p.first <= v.position + 1), 0)),
    '{{}}')) - v.position, h.position - v.position, v.new, {ON_DISK}
FROM log_head h CROSS JOIN (
    SELECT id, coalesce(c.position, 0) AS position, c.view IS NULL AS new
    FROM unnest(%s::text[]) AS given (id) LEFT JOIN cursor c ON c.view = given.id
    WHERE {GOES_ON}) AS v
WHERE v.position < h.position
"""  # noqa: S608
# The spans of imports that may have some of the positions between two.
_SPANS = """
SELECT first, last FROM import_span WHERE first <= %s AND first >= coalesce(
    (SELECT max(first) FROM import_span WHERE first <= %s), 0)
"""
# The views as of the last look: their ids are needed in the same message that reads the lenses.
_last_seen: set[str] = set()


def behind(*, but: Collection[str] = ()) -> list[tuple[View, Lag]]:
    """The views that have events to process, except some, in the order in which they take turns:
    those first that a lens uses in its latest version, of those the ones that reach a person's
    event after the fewest others, then those nearest to the end."""
    rows_of_lenses, rows = ask_all(lenses.STATES, Statement(_DISTANCES, [[*_last_seen]]))
    states = lenses.read_states(rows_of_lenses)
    views = lenses.views_of(states)
    in_use = {state.versions[-1].view.id for state in states}
    if views.keys() != _last_seen:
        _last_seen.clear()
        _last_seen.update(views)
        rows = ask(Statement(_DISTANCES, [[*views]]))
    distances = {
        view: (view not in in_use, entered is None, entered, lag.events, view, lag)
        for view, entered, *facts in rows
        if view not in but
        for lag in [Lag(*facts)]
    }
    order = sorted(distances, key=lambda view: distances[view][:5])
    return [(views[view], distances[view][5]) for view in order]


def entered(positions: Collection[int]) -> set[int]:
    """Those of one or more positions that no import wrote."""
    lowest, highest = min(positions), max(positions)
    remaining = set(positions)
    for first, last in ask_prepared(Statement(_SPANS, [highest, lowest])):
        remaining.difference_update(range(max(first, lowest), min(last, highest) + 1))
    return remaining
