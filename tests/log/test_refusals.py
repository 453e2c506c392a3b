"""What the database refuses for every role, and what it would do without the guard."""

import json
from uuid import UUID

import pytest
from django.db import DatabaseError

from tests.kit.log_entries import WORDLESS, a_draft, append, attempt, run, say
from tests.log.test_runs import in_runs
from tracker import log
from tracker.domain.events import ClaimRetracted, TextWithheld
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
REFUSED_OF_ROWS = [
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

STREAM = "'00000000-0000-0000-0000-000000000009'::uuid"
# No sequence comes so far.
NUMBER = 10**12
# A run of one event without words, before it is in the log.
BODY = (
    f"INSERT INTO event_run_body VALUES ({NUMBER}, uuid_send({STREAM}) || int4send(1) || '\\x00'"  # noqa: S608
    " || int4send(2) || decode(repeat('00', 32), 'hex'), '{}'); "
)
RUN_WORDS = (
    f"INSERT INTO event_run_text VALUES ({NUMBER}, decode(repeat('00', 16), 'hex'),"  # noqa: S608
    " int4send(0), ''); "
)
PLACE = f"INSERT INTO event_place VALUES ({NUMBER}, {STREAM}, 1, 0, 0); "  # noqa: S608
RUN = (
    "INSERT INTO event_run SELECT {first}, {last}, {run}, last_recorded_at + interval '{later}',"
    " 'mallory', {kinds}, {schemas}, decode(repeat('00', {leaves}), 'hex')"
    " FROM log_head"
)


def placed(by: int = 1, **changed: object) -> str:
    """Move the head and add the run there."""
    columns: dict[str, object] = {"first": 5, "last": 5, "run": NUMBER, "later": "0 seconds"}
    columns |= {"kinds": "ARRAY['ClaimRetracted']", "schemas": "ARRAY[1]::smallint[]", "leaves": 32}
    return MOVE.format(by=by) + RUN.format(**columns | changed)


NEW = BODY + RUN_WORDS + PLACE
CUT = "texts = '', ends = decode(repeat('00', 12), 'hex')"
UNSALTED = "salts = overlay(salts PLACING decode(repeat('00', 16), 'hex') FROM 1)"
REFUSED_OF_RUNS = [
    ("event_run_only_erased", "UPDATE event_run SET recorded_by = 'mallory'"),
    ("event_run_append_only", "DELETE FROM event_run WHERE false"),
    ("event_run_append_only", "TRUNCATE event_run"),
    ("event_run_body_only_erased", "UPDATE event_run_body SET bodies = ''"),
    ("event_run_body_append_only", "DELETE FROM event_run_body"),
    ("event_run_body_append_only", "TRUNCATE event_run_body"),
    ("event_place_append_only", "UPDATE event_place SET row = 7"),
    ("event_place_append_only", "DELETE FROM event_place WHERE row = 0"),
    ("event_place_append_only", "TRUNCATE event_place"),
    ("event_run_text_kept", "DELETE FROM event_run_text"),
    ("event_run_text_kept", "TRUNCATE event_run_text"),
    ("event_run_text_only_withheld", f"UPDATE event_run_text SET {CUT}, {UNSALTED}"),  # noqa: S608
    ("event_run_text_only_withheld", f"UPDATE event_run_text SET {UNSALTED}"),  # noqa: S608
    ("event_run_text_only_withheld", "UPDATE event_run_text SET run = 8"),
    ("event_run_text_only_withheld", "UPDATE event_run_text SET texts = texts || 'x'"),
    (
        "event_run_text_only_withheld",
        "UPDATE event_run_text SET texts = overlay(texts PLACING 'x' FROM 12)",
    ),
    # Words that are withheld are put back, or others.
    (
        "event_run_text_only_withheld",
        "UPDATE event_run_text SET texts = texts || 'x', ends = substr(ends, 1, 8) || int4send(18)",
    ),
    ("event_run_body_placed", BODY),
    ("event_run_body_placed", NEW),
    ("event_run_text_as_recorded", RUN_WORDS),
    ("event_run_text_as_recorded", BODY + RUN_WORDS.replace("int4send(0), ''", "int4send(1), 'x'")),
    (
        "event_run_text_as_recorded",
        (
            f"INSERT INTO event_run_body SELECT {NUMBER}, heads, bodies FROM event_run_body;"  # noqa: S608
            f" INSERT INTO event_run_text SELECT {NUMBER}, salts, ends, texts FROM event_run_text"
        ),
    ),
    ("event_place_as_written", PLACE),
    ("event_place_as_written", BODY + PLACE.replace("1, 0, 0", "2, 0, 0")),
    ("event_place_as_written", BODY + PLACE.replace("1, 0, 0", "1, 1, 0")),
    ("event_place_as_written", BODY + PLACE.replace("1, 0, 0", "1, 0, 1")),
    ("event_place_as_written", BODY + PLACE.replace("1, 0, 0", "1, 0, 256")),
    (
        "event_place_as_written",
        "INSERT INTO event_place SELECT run, gen_random_uuid(), 1, 1, 1 FROM event_run",
    ),
    ("event_run_in_turn", NEW + placed().removeprefix(MOVE.format(by=1))),
    ("event_run_in_turn", NEW + placed(by=2, first=6, last=6)),
    ("event_run_in_turn", NEW + placed(by=2, last=6, leaves=64)),
    ("event_run_in_turn", NEW + placed(later="-1 second")),
    ("event_run_in_turn", NEW + placed(later="1 second")),
    ("event_run_in_turn", NEW + placed(leaves=64)),
    ("event_run_in_turn", NEW + placed(kinds="ARRAY['TextWithheld']")),
    ("event_run_in_turn", NEW + placed(first=4)),
    ("event_run_in_turn", NEW + placed(kinds="ARRAY['a', 'b']")),
    ("event_run_in_turn", NEW + placed(kinds="'{}'::text[]", schemas="'{}'::smallint[]")),
    (
        "event_run_in_turn",
        NEW + placed(kinds="ARRAY[['a'], ['b']]", schemas="ARRAY[[1], [1]]::smallint[]"),
    ),
    ("event_run_in_turn", BODY + RUN_WORDS.replace("'00', 16", "'00', 32") + PLACE + placed()),
    ("event_run_in_turn", BODY + RUN_WORDS.replace("''", "'x'") + PLACE + placed()),
    (
        "event_run_in_turn",
        (BODY + RUN_WORDS + PLACE).replace("'\\x00'", "'\\x01'").replace("1, 0, 0", "1, 0, 1")
        + placed(),
    ),
    ("event_run_in_turn", BODY + RUN_WORDS + placed()),
    ("event_run_in_turn", BODY + PLACE + placed()),
    ("event_run_in_turn", placed()),
    ("event_run_in_turn", NEW.replace("'{}'", "'{}x'") + placed()),
]


def settle() -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def in_rows() -> None:
    """Words at 1, an event without at 2, words withheld by 4 at 3."""
    say("kept")
    append()
    gone = say("withheld")
    append(a_draft(gone.stream, TextWithheld(position=gone.position, reason="r", authority="a")))
    settle()


@pytest.fixture
def in_a_run() -> None:
    """A run with words at 1, an event without at 2, words withheld by 4 at 3."""
    gone = a_draft(event=ClaimRetracted(reason="withheld"))
    in_runs(a_draft(event=ClaimRetracted(reason="kept")), a_draft(event=WORDLESS), gone)
    append(a_draft(gone.stream, TextWithheld(position=3, reason="r", authority="a")))
    log.delete_text(3)
    settle()


@pytest.mark.parametrize(
    ("stored", "guard", "sql"),
    [
        *(("in_rows", *one) for one in REFUSED_OF_ROWS),
        *(("in_a_run", *one) for one in REFUSED_OF_RUNS),
    ],
)
class TestTheDatabase:
    @pytest.fixture(autouse=True)
    def events(self, stored: str, request: pytest.FixtureRequest) -> None:
        request.getfixturevalue(stored)

    @pytest.mark.parametrize("role", ["origin", "replica"])
    def test_refuses(self, guard: str, sql: str, role: str) -> None:
        run(f"SET LOCAL session_replication_role = {role}")
        before = log.head(), log.read(after=0, limit=10)

        with pytest.raises(DatabaseError, match=r"log|events|words|places") as refused:
            attempt(sql)

        assert getattr(refused.value.__cause__, "sqlstate", None) == "23001"
        assert (log.head(), log.read(after=0, limit=10)) == before

    def test_would_do_it_without_that_guard(self, guard: str, sql: str) -> None:
        # One for what is half written would refuse it at the end.
        for name in {guard, "event_run_body_placed"}:
            run(f"DROP TRIGGER {name} ON {GUARDS[name]}")

        attempt(sql)


def test_every_guard_is_tried() -> None:
    tables = ("event", "event_text", "log_head", "event_place")
    of_log = {
        name for name, table in GUARDS.items() if table in tables or table.startswith("event_run")
    }

    assert {guard for guard, _ in REFUSED_OF_ROWS + REFUSED_OF_RUNS} == of_log


@pytest.mark.usefixtures("in_rows")
class TestRows:
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


@pytest.mark.usefixtures("in_a_run")
class TestRuns:
    def test_lets_the_next_run_in(self) -> None:
        attempt(NEW + placed())

        assert log.head().position == 5

    def test_lets_words_go_that_are_withheld(self) -> None:
        append(a_draft(log.at(1).stream, TextWithheld(position=1, reason="r", authority="a")))

        attempt(f"UPDATE event_run_text SET {CUT}, {UNSALTED}")  # noqa: S608

        assert log.at(1).withheld

    def test_lets_no_event_without_a_position_withhold_them(self) -> None:
        withholds(log.at(1).stream, '{"position":"x"}')

        with pytest.raises(DatabaseError, match="only once they are withheld"):
            log.delete_text(1)

    def test_lets_no_event_in_beside_a_run(self) -> None:
        with pytest.raises(DatabaseError, match="without holes"):
            attempt(
                "INSERT INTO event SELECT 2, gen_random_uuid(), 1, kind, schema, recorded_at,"
                " recorded_by, body, NULL, leaf_hash FROM event"
            )


def withholds(stream: UUID, body: str) -> None:
    """An event as whoever may add events may add one."""
    draft = {"stream": str(stream), "version": 2, "kind": "TextWithheld", "schema": 1, "body": body}
    run("SELECT log_append(%s::json, now(), 'mallory')", json.dumps([draft]))


class TestASecondHead:
    def test_is_refused_by_its_table(self) -> None:
        with pytest.raises(DatabaseError, match="log_head_one_row"):
            attempt("INSERT INTO log_head VALUES (2, gen_random_uuid(), 0, 'epoch')")
