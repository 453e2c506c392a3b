"""Which work people wait for: events that no import wrote, and the views that have them ahead."""

from collections.abc import Collection, Iterable

from tracker.domain.lenses import View
from tracker.log import Statement
from tracker.log.messages import ask_prepared

# The ranges begin with the import that wrote the view's next event, if one did.
_DISTANCES = """
SELECT v.id, lower(int8multirange(int8range(v.position, h.position, '(]')) - coalesce(
    (SELECT range_agg(int8range(s.first, s.last, '[]')) FROM import_span s
     WHERE s.first >= coalesce(
         (SELECT max(p.first) FROM import_span p WHERE p.first <= v.position + 1), 0)),
    '{}')) - v.position, h.position - v.position
FROM log_head h CROSS JOIN (
    SELECT id, coalesce(c.position, 0) AS position
    FROM unnest(%s::text[]) AS given (id) LEFT JOIN cursor c ON c.view = given.id) AS v
WHERE v.position < h.position
"""
# The spans of imports that may have some of the positions between two.
_SPANS = """
SELECT first, last FROM import_span WHERE first <= %s AND first >= coalesce(
    (SELECT max(first) FROM import_span WHERE first <= %s), 0)
"""


def behind(views: Iterable[View]) -> list[View]:
    """The views that have events to process, in the order in which they take turns: those first
    that reach a person's event after the fewest others, then those nearest to the end."""
    by_id = {view.id: view for view in views}
    distances = {
        view: (entered is None, entered, lag, view)
        for view, entered, lag in ask_prepared(Statement(_DISTANCES, [list(by_id)]))
    }
    return [by_id[view] for view in sorted(distances, key=distances.__getitem__)]


def entered(positions: Collection[int]) -> set[int]:
    """Those of one or more positions that no import wrote."""
    lowest, highest = min(positions), max(positions)
    remaining = set(positions)
    for first, last in ask_prepared(Statement(_SPANS, [highest, lowest])):
        remaining.difference_update(range(max(first, lowest), min(last, highest) + 1))
    return remaining
