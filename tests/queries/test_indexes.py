"""Indexes that lack most rows are used by the queries for the others, and pages come in order."""

import pytest
from django.db import connection

from tests.kit.builders import an_id
from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.events import SourceRated
from tracker.domain.state import Entry
from tracker.queries import news
from tracker.queries.claims import by_record
from tracker.queries.evidence import dependents, impacts
from tracker.queries.moment import now
from tracker.queries.scores import digests, lenses, pair_changes, table

pytestmark = pytest.mark.django_db
# Reading whole tables, also in the order of an index.
IN_ORDER = ("enable_seqscan", "enable_indexscan")
# Sorting, and what gives rows in no order.
UNSORTED = ("enable_sort", "enable_seqscan", "enable_bitmapscan")


class TestTheIndexOfSourcesInChains:
    def test_finds_the_claims_that_name_a_source(self, desk):
        plan = _plan(
            lambda: by_record.claims_rooted(desk.source, limit=5, reader=Reader.DESK),
            avoids=IN_ORDER,
        )

        assert "standing_claim_chains" in plan

    def test_finds_the_claims_that_a_grade_changes(self, desk):
        rated = SourceRated(reliability="A", since=None, reason="")
        entry = Entry(stream=desk.source, position=now().position, event=rated)

        plan = _plan(
            lambda: dependents.resting_on(entry, excluded=[], after=None, most=5), avoids=IN_ORDER
        )

        assert "standing_claim_chains" in plan
        assert "standing_claim_documents" in plan


class TestTheIndexOfClaimsByAccount:
    def test_finds_those_that_an_account_entered(self, desk):
        plan = _plan(lambda: log.streams_begun("ClaimAsserted", by="ann", limit=5))

        assert "event_entered_by" in plan


class TestTheIndexOfEndedImpacts:
    def test_finds_those_that_ended_since_a_position(self, desk):
        parameters = {"view": desk.view.id, "after": 2, "until": 9, "pair": None}

        plan = _plan(lambda: news.select(news._MOVED, parameters))

        assert "impact_ended" in plan


class TestTheIndexOfActs:
    def test_finds_those_of_a_month(self, desk):
        """Of 20,000 acts, one a day."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO impact SELECT %s, 'A-B', 'A', gen_random_uuid(), 1, NULL, 'B', day,"
                " day, false, true, 1, 1, 1, '{}', '{}', '{}' FROM"
                " (SELECT CAST('2022-05-24' AS date) - n AS day FROM generate_series(1, 20000) n)",
                [desk.view.id],
            )
            cursor.execute("ANALYZE impact")
        parameters = {"view": desk.view.id, "position": 9}
        month = {"since": "2022-04-30", "until": "2022-05-31"}

        plan = _plan(lambda: pair_changes.select(pair_changes._ACTIVE, parameters | month))

        assert "impact_acts" in plan

    def test_finds_the_first_and_the_last(self, desk):
        parameters = {"view": desk.view.id, "today": "2022-05-31"}

        assert "impact_acts" in _plan(lambda: digests.select(digests._SPAN, parameters))


class TestTheIndexOfOpenImpacts:
    def test_finds_those_of_claims_in_a_table_that_was_not_analysed(self, desk):
        with connection.cursor() as cursor:
            # What autovacuum knows of the table since other tests goes.
            cursor.execute("TRUNCATE impact")
            cursor.execute(
                "INSERT INTO impact SELECT %s, 'A-B', 'A', gen_random_uuid(), n, NULL, 'B', day,"
                " day, false, true, 1, 1, 1, '{}', '{}', '{}'"
                " FROM generate_series(1, 2000) AS n, CAST('2022-05-24' AS date) AS day",
                [desk.view.id],
            )

        plan = _plan(lambda: impacts.open_versions(desk.view.id, [an_id(n) for n in range(40)]))

        assert "impact_open" in plan


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

        plan = _plan_of_a_page(table.Order(column=column, descending=descending), after=place)

        assert INDEXES[column] in plan

    @pytest.mark.parametrize("column", ["change_7", "change_30", "change_365"])
    def test_by_changes_is(self, desk, column):
        assert "Sort" in _plan_of_a_page(table.Order(column=column), after=None)


def _plan_of_a_page(order, *, after):
    lens = next(iter(lenses.latest()))
    return _plan(lambda: table.page(lens, order, limit=50, after=after), avoids=UNSORTED)


def _plan(query, *, avoids=("enable_seqscan",)):
    """How the database runs the statements of a query where it reads whole tables, or what else it
    `avoids`, only if there is no other way."""
    asked = []

    def listen(execute, sql, parameters, many, context):
        asked.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(listen):
        query()
    plans = []
    with connection.cursor() as cursor:
        for way in avoids:
            cursor.execute(f"SET LOCAL {way} = off")
        for statement, parameters in asked:
            cursor.execute(f"EXPLAIN {statement}", parameters)
            plans += [row[0] for row in cursor.fetchall()]
    return "\n".join(plans)
