"""What the database refuses for every role, and what it would do without the guard."""

import json
from uuid import UUID

import pytest
from django.db import DatabaseError

from tests.kit.log_entries import a_draft, append, attempt, run, say
from tracker import log
from tracker.domain.events import TextWithheld
from tracker.queries.guards import GUARDS

pytestmark = pytest.mark.django_db

INSERT = (
    "INSERT INTO event SELECT position + {by}, gen_random_uuid(), 1, kind, schema,"
    " recorded_at + interval '{later}', recorded_by, body, NULL, leaf_hash"
    " FROM event ORDER BY position DESC LIMIT 1"
)
NEXT = INSERT.format(by=1, later="1 second")
MOVE = (
    "UPDATE log_head SET position = position + {by},"
    " last_recorded_at = last_recorded_at + interval '1 second'; "
)
WORDS = "INSERT INTO event_text VALUES ({}, '', '{{}}')"
GONE = (
    "CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM event_text WHERE position = 3;"
    " DELETE FROM event_text WHERE position = 3; "
)
PUT_BACK = "INSERT INTO event_text SELECT * FROM kept"
OF_ROWS = {"event", "event_text", "log_head"}
REFUSED = [
    ("event_only_erased", "UPDATE event SET recorded_by = 'mallory'"),
    ("event_only_erased", "UPDATE event SET body = 'null', leaf_hash = leaf_hash"),
    ("event_append_only", "DELETE FROM event WHERE position = 2"),
    ("event_append_only", "TRUNCATE event"),
    (
        "event_only_erased",
        (
            "INSERT INTO event SELECT * FROM event WHERE position = 2"
            " ON CONFLICT (position) DO UPDATE SET body = '{}'"
        ),
    ),
    (
        "event_append_only",
        (
            "MERGE INTO event USING log_head AS h ON event.position = h.position"
            " WHEN MATCHED THEN DELETE"
        ),
    ),
    ("event_in_turn", NEXT),
    ("event_in_turn", MOVE.format(by=2) + INSERT.format(by=2, later="1 second")),
    ("event_in_turn", MOVE.format(by=1) + INSERT.format(by=1, later="-1 second")),
    ("event_in_turn", MOVE.format(by=1) + INSERT.format(by=1, later="0 seconds")),
    ("event_in_turn", MOVE.format(by=1) + INSERT.format(by=1, later="2 seconds")),
    ("event_text_append_only", "UPDATE event_text SET text = '{}'"),
    ("event_text_append_only", "TRUNCATE event_text"),
    ("event_text_only_withheld", "DELETE FROM event_text WHERE position = 1"),
    ("event_text_only_withheld", "DELETE FROM event_text"),
    ("event_text_as_recorded", WORDS.format(2)),
    ("event_text_as_recorded", WORDS.format(5)),
    ("event_text_as_recorded", GONE + WORDS.format(3)),
    ("event_text_as_recorded", GONE + PUT_BACK),
    ("log_head_kept", "DELETE FROM log_head"),
    ("log_head_kept", "TRUNCATE log_head"),
    ("log_head_forward", "UPDATE log_head SET position = position - 1"),
    ("log_head_forward", "UPDATE log_head SET last_recorded_at = 'epoch'"),
    ("log_head_forward", "UPDATE log_head SET log_id = gen_random_uuid()"),
    ("log_head_with_event", "UPDATE log_head SET position = position + 1"),
]


@pytest.fixture(autouse=True)
def events() -> None:
    """Words at 1, an event without at 2, words withheld by 4 at 3."""
    say("kept")
    append()
    gone = say("withheld")
    append(a_draft(gone.stream, TextWithheld(position=gone.position, reason="r", authority="a")))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(("guard", "sql"), REFUSED)
class TestTheDatabase:
    @pytest.mark.parametrize("role", ["origin", "replica"])
    def test_refuses(self, guard: str, sql: str, role: str) -> None:
        run(f"SET LOCAL session_replication_role = {role}")
        before = log.head(), log.read(after=0, limit=10)

        with pytest.raises(DatabaseError, match=r"log|events|words") as refused:
            attempt(sql)

        assert getattr(refused.value.__cause__, "sqlstate", None) == "23001"
        assert (log.head(), log.read(after=0, limit=10)) == before

    def test_would_do_it_without_that_guard(self, guard: str, sql: str) -> None:
        run(f"DROP TRIGGER {guard} ON {GUARDS[guard]}")

        attempt(sql)


class TestEveryGuard:
    def test_is_tried(self) -> None:
        of_rows = {name for name, table in GUARDS.items() if table in OF_ROWS}

        assert {guard for guard, _ in REFUSED} == of_rows

    def test_lets_the_next_event_in(self) -> None:
        attempt(MOVE.format(by=1) + NEXT)

    def test_lets_words_go_that_are_withheld(self) -> None:
        attempt("DELETE FROM event_text WHERE position = 3")

    def test_lets_no_other_stream_withhold_them(self) -> None:
        append(a_draft(event=TextWithheld(position=1, reason="r", authority="a")))

        with pytest.raises(DatabaseError, match="only once they are withheld"):
            log.delete_text(1)

    @pytest.mark.parametrize("position", ['"x"', "1.5", "[]"])
    def test_lets_no_event_without_a_position_withhold_them(self, position: str) -> None:
        withholds(log.at(1).stream, f'{{"position":{position}}}')

        with pytest.raises(DatabaseError, match="only once they are withheld"):
            log.delete_text(1)


def withholds(stream: UUID, body: str) -> None:
    """An event as whoever may add events may add one."""
    draft = {"stream": str(stream), "version": 2, "kind": "TextWithheld", "schema": 1, "body": body}
    run("SELECT log_append(%s::json, now(), 'mallory')", json.dumps([draft]))


class TestASecondHead:
    def test_is_refused_by_its_table(self) -> None:
        with pytest.raises(DatabaseError, match="log_head_one_row"):
            attempt("INSERT INTO log_head VALUES (2, gen_random_uuid(), 0, 'epoch')")
