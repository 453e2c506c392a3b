"""Every page of the table of pairs is read from an index in its order."""

import pytest
from django.db import connection

from tracker.queries.scores import lenses, table

pytestmark = pytest.mark.django_db

INDEXES = {
    "pair": "current_score_pkey",
    "value": "current_score_by_value",
    "claims": "current_score_by_claims",
    "roots": "current_score_by_roots",
    "last_claim_day": "current_score_by_newest",
}
PLACES = {"pair": "AAA-BBB", "value": 0.0, "claims": 1, "roots": 1, "last_claim_day": "2022-05-01"}


class TestAPageOfTheTable:
    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("after", [False, True])
    @pytest.mark.parametrize("column", INDEXES)
    def test_is_not_sorted_from_all_pairs(self, desk, column, after, descending):
        place = (table.PLACES[column](str(PLACES[column])), "AAA-BBB") if after else None

        plan = _plan(table.Order(column=column, descending=descending), after=place)

        assert INDEXES[column] in plan

    @pytest.mark.parametrize("column", ["change_7", "change_30", "change_365"])
    def test_by_changes_is(self, desk, column):
        assert "Sort" in _plan(table.Order(column=column), after=None)


def _plan(order, *, after):
    """How the database reads a page where it sorts only if there is no other way."""
    lens = next(iter(lenses.latest()))
    asked = []

    def listen(execute, sql, parameters, many, context):
        asked.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(listen):
        table.page(lens, order, limit=50, after=after)
    [(statement, parameters)] = asked
    with connection.cursor() as cursor:
        for costly in ("sort", "seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{costly} = off")
        cursor.execute(f"EXPLAIN {statement}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())
