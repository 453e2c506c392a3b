"""Many events at once are the same rows as one by one, and keep every promise of the log."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.builders import AT, BY, a_claim, a_document, an_id
from tests.kit.edtf_texts import EDTF
from tests.kit.laws import SOME
from tests.kit.log_entries import WORDLESS, a_draft, append, ask, run
from tests.kit.strategies import records
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.codec import NOTHING
from tracker.log import (
    BinaryRows,
    Draft,
    NewStream,
    Pending,
    Rows,
    Statement,
    VersionConflict,
    Written,
    appended,
    binary,
)
from tracker.projections import standing

pytestmark = pytest.mark.django_db
TABLES = ("standing_claim", "standing_record", "standing_link")
type Write = Callable[[Sequence[Draft]], object]


def nothing(_pending: Sequence[Pending]) -> list[Statement | Rows]:
    return []


def silent(_span: log.AppendedSpan) -> list[Statement]:
    return []


def load(*drafts: Draft, **given: object) -> log.AppendedSpan:
    how = {"at": AT, "by": BY, "project": nothing, "with_positions": silent} | given
    return log.append_bulk(drafts or [a_draft()], **how)


def singly(drafts: Sequence[Draft]) -> None:
    log.append(drafts, at=AT, by='a "b"', project=standing.project)


def at_once(drafts: Sequence[Draft]) -> None:
    load(*drafts, by='a "b"', project=standing.project_bulk)


def rows_after(*writes: tuple[Write, Sequence[Draft]]) -> dict[str, list[Any]]:
    """All that is on record after some writes, which are then undone."""
    with transaction.atomic():
        for write, drafts in writes:
            write(drafts)
        found: dict[str, list[Any]] = {
            table: ask(f"SELECT t::text FROM {table} t ORDER BY t")  # noqa: S608
            for table in TABLES
        }
        found["log"] = log.read(after=0, limit=100)
        transaction.set_rollback(True)
    return found


# What is no EDTF could not be put on record, and has no bounds to stand by.
dated = st.builds(Occurred, edtf=EDTF, phrase=st.text("aä\u0308ж", max_size=4))
claims = st.builds(replace, records(Claim), occurred=st.none() | dated)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Draft], list[Draft]]:
    """Claims and documents that begin, and what follows in their streams."""
    begin = [a_draft(an_id(900), e.DocumentDescribed(document=a_document()), expected=0)]
    follow = [a_draft(an_id(900), e.DocumentDescribed(document=a_document(note="ä")), expected=1)]
    for number, claim in enumerate(draw(st.lists(claims, min_size=1, max_size=3)), start=901):
        begin.append(a_draft(an_id(number), e.ClaimAsserted(claim=claim), expected=0))
        corrected = replace(draw(claims), collection=claim.collection)
        events: list[e.Event] = [
            e.CitationAdded(citation=draw(records(Citation))),
            e.ClaimCorrected(claim=corrected, reason="no"),
            e.ClaimRetracted(reason="no"),
        ]
        some = events[: draw(st.integers(0, 3))]
        follow += [
            a_draft(an_id(number), one, expected=version) for version, one in enumerate(some, 1)
        ]
    return begin, follow


class TestTheBytes:
    @pytest.fixture(autouse=True)
    def salt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(secrets, "token_bytes", lambda length: b"s" * length)

    @settings(parent=SOME)
    @given(history=histories())
    def test_are_those_of_single_appends(self, history: tuple[list[Draft], list[Draft]]) -> None:
        begin, follow = history

        expected = rows_after((singly, begin), (singly, follow))

        for first, second in ((at_once, at_once), (singly, at_once), (at_once, singly)):
            assert rows_after((first, begin), (second, follow)) == expected
        # A stream begins and goes on in one append.
        for write in (at_once, singly):
            assert rows_after((write, [*begin, *follow])) == expected


class TestPositionsAndTimes:
    def test_are_given_to_what_is_written_beside(self) -> None:
        told: list[log.AppendedSpan] = []

        def tell(span: log.AppendedSpan) -> list[Statement]:
            told.append(span)
            return [Statement("UPDATE log_head SET id = id WHERE position = %s", [span.last])]

        span = load(a_draft(), a_draft(), with_positions=tell)

        assert [(one.first, one.last) for one in told] == [(span.first, span.last)]
        assert 0 < span.lock_seconds < 60


class TestARefusal:
    def test_names_a_standing_row_that_is_there_already(self) -> None:
        stream = uuid4()
        asserted = a_draft(stream, e.ClaimAsserted(claim=a_claim()), expected=0)
        singly([asserted])

        with pytest.raises(VersionConflict):
            load(asserted, project=standing.project_bulk)

    def test_names_a_version_that_is_not_as_expected(self) -> None:
        stream = uuid4()
        append(a_draft(stream))

        with pytest.raises(VersionConflict, match="expected version 2, found 1"):
            load(a_draft(stream, expected=2))

    def test_leaves_nothing_where_what_stands_cannot_be_written(self) -> None:
        head = log.head()
        bad = Rows("standing_link", {"id": "uuid", "version": "int4"}, [(uuid4(), 1)])

        with pytest.raises(IntegrityError):
            load(project=lambda _: [Statement("SELECT 1"), bad])
        assert log.head() == head


class TestAStreamThatGoesOn:
    def test_is_looked_up_only_if_it_does_not_begin_here(self) -> None:
        stream, other = uuid4(), UUID(int=5)
        append(a_draft(other))

        load(a_draft(stream, expected=0), a_draft(stream, expected=1), a_draft(other, expected=1))

        assert [one.version for one in log.history([stream])] == [1, 2]
        assert [one.version for one in log.history([other])] == [1, 2]


class TestFirsts:
    def test_gives_what_streams_began_with_as_it_stands(self) -> None:
        claim = a_claim(note="ä")
        said = append(a_draft(an_id(7), e.ClaimAsserted(claim=claim)))[0]
        append(a_draft(an_id(7), e.ClaimRetracted(reason="no")))
        plain = append(a_draft(an_id(8), WORDLESS))[0]

        found = {one.stream: one for one in log.firsts([an_id(7), an_id(8), an_id(9)])}

        assert found.keys() == {an_id(7), an_id(8)}
        one, other = found[an_id(7)], found[an_id(8)]
        assert (one.position, one.kind, one.withheld) == (said.position, "ClaimAsserted", False)
        assert one.words == '{"claim":{"note":"ä","summary":"Something was done."}}'
        assert hashlib.sha256(one.body.encode()).hexdigest() in stored_hash(said.position)
        assert (other.position, other.words, other.withheld) == (plain.position, None, False)


def stored_hash(position: int) -> str:
    [(found,)] = ask(
        "SELECT encode(sha256(body::bytea), 'hex') FROM event WHERE position = %s", position
    )
    return str(found)


class TestTheSignal:
    def test_goes_out_once_for_all(self, django_capture_on_commit_callbacks) -> None:
        heard: list[int] = []

        def hear(**_: object) -> None:
            heard.append(log.head().position)

        appended.connect(hear)
        with django_capture_on_commit_callbacks(execute=True):
            load(a_draft(), a_draft())
            assert heard == []

        assert heard == [2]


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


def append_new(*drafts, new_rows=()):
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
        span = append_new(
            a_stream(ONE), Draft(stream=ONE, event=rated, expected=1), new_rows=[first, first]
        )

        described, graded = log.bodies(after=span.first - 1, until=span.last, words=True)
        assert (described.stream, described.version, graded.version) == (ONE, 1, 2)
        assert (described.words, graded.words) == (None, '{"reason":"its record"}')
        assert described.entry().event.source.name == "The Gazette"
        assert graded.decoded() == rated
        assert log.bodies(after=span.first, until=span.last)[0].words is None
        assert log.damage(after=span.first - 1, limit=9)[1] == []
        assert len(rows(table)) == 2

    def test_is_refused_if_the_stream_exists(self):
        append_new(a_stream(ONE))
        with pytest.raises(VersionConflict):
            append_new(a_stream(OTHER), a_stream(ONE))
