"""Many events at once are the same rows as one by one, and keep every promise of the log."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.builders import AT, BY, a_claim, a_document, an_id
from tests.kit.edtf_texts import EDTF
from tests.kit.laws import SOME
from tests.kit.log_entries import WORDLESS, a_draft, append, ask
from tests.kit.strategies import records
from tracker import log
from tracker.domain import events as e
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.log import Draft, Rows, Sealed, Statement, VersionConflict, appended
from tracker.projections import standing

pytestmark = pytest.mark.django_db
TABLES = ("standing_claim", "standing_record", "standing_link")
type Write = Callable[[Sequence[Draft]], object]


def nothing(_pending: Sequence[Sealed]) -> list[Statement | Rows]:
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
        found["log"] = log.stored(after=0, limit=100)
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

    @settings(parent=SOME)
    @given(history=histories())
    def test_are_those_of_one_append_where_a_stream_begins_and_goes_on_in_it(
        self, history: tuple[list[Draft], list[Draft]]
    ) -> None:
        drafts = [*history[0], *history[1]]

        assert rows_after((at_once, drafts)) == rows_after((singly, drafts))


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
