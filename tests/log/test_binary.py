"""Rows in the binary form of COPY: the database reads what was meant."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection

from tests.kit.builders import AT, BY
from tests.kit.log_entries import run
from tracker import log
from tracker.domain import events as e
from tracker.domain.codec import NOTHING
from tracker.log import BinaryRows, Draft, NewStream, VersionConflict, Written, binary

pytestmark = pytest.mark.django_db

ONE, OTHER = UUID(int=1), UUID(int=2)
COLUMNS = {
    "a": "int2",
    "b": "int4",
    "c": "int8",
    "d": "float8",
    "e": "boolean",
    "f": "text",
    "g": "bytea",
    "h": "date",
    "i": "uuid",
    "j": "uuid[]",
    "k": "text[]",
    "l": "jsonb",
    "m": "text",
}
ROW = b"".join(
    (
        binary.count(len(COLUMNS)),
        binary.int2(-2),
        binary.int4(70_000),
        binary.int8(-5_000_000_000),
        binary.float8(0.1),
        binary.boolean(value=True),
        binary.text('é"\\'),
        binary.data(b"\0\xff"),
        binary.day(date(1999, 12, 31).toordinal()),
        binary.uuid(ONE),
        binary.uuids([ONE, OTHER]),
        binary.texts(["a", "b, c"]),
        binary.jsonb('{"b":1,"a":[]}'),
        binary.NULL,
    )
)
VALUES = (
    *(-2, 70_000, -5_000_000_000, 0.1, True, 'é"\\', b"\0\xff", date(1999, 12, 31), ONE),
    *([ONE, OTHER], ["a", "b, c"], '{"a": [], "b": 1}', None),
)


@pytest.fixture
def table():
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    run(f"CREATE TEMP TABLE copied ({columns}) ON COMMIT DROP")
    return "copied"


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        return [
            tuple(bytes(one) if type(one) is memoryview else one for one in row) for row in cursor
        ]


class TestARow:
    def test_arrives_as_it_was_meant(self, table):
        binary.copy(table, COLUMNS, [ROW])

        [row] = rows(table)
        assert row == VALUES

    def test_is_sent_in_blocks(self, table):
        sent = []
        long = binary.count(1) + binary.text("x" * 40_000)
        binary.copy(table, ("f",), [long] * 5, lambda: sent.append("all"))

        assert ([len(row[5]) for row in rows(table)], sent) == ([40_000] * 5, ["all"])


def a_stream(stream, kind="SourceDescribed", words=""):
    body = '{"source":{"kind":"outlet","name":"The Gazette"}}'
    return NewStream(stream, Written(kind, 1, body, words, NOTHING))


def append(*drafts, new_rows=()):
    return log.append_bulk(
        list(drafts),
        at=AT,
        by=BY,
        new_rows=new_rows,
        project=lambda _sealed: [],
        with_positions=lambda _span: [],
    )


class TestANewStream:
    def test_is_an_event_like_any_other(self, table):
        rated = e.SourceRated(reliability="B", since=date(2020, 1, 1), reason="its record")
        first = BinaryRows(table, tuple(COLUMNS), [ROW])
        span = append(
            a_stream(ONE), Draft(stream=ONE, event=rated, expected=1), new_rows=[first, first]
        )

        described, graded = log.bodies(after=span.first - 1, until=span.last, words=True)
        assert (described.stream, described.version, graded.version) == (ONE, 1, 2)
        assert (described.words, graded.words) == ("", '{"reason":"its record"}')
        assert described.entry().event.source.name == "The Gazette"
        assert graded.decoded() == rated
        assert log.bodies(after=span.first, until=span.last)[0].words == ""
        assert log.damage(after=span.first - 1, limit=9)[1] == []
        assert len(rows(table)) == 2

    def test_is_refused_if_the_stream_exists(self):
        append(a_stream(ONE))
        with pytest.raises(VersionConflict):
            append(a_stream(OTHER), a_stream(ONE))
