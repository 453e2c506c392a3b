"""Events in runs are the same log as events in rows, to the byte and for every reader."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.builders import AT, BY, a_claim, an_actor
from tests.kit.laws import SOME
from tests.kit.log_entries import WORDLESS, a_draft, append, ask, run
from tests.kit.seals import spoil
from tests.kit.storage import store_as_runs
from tracker import log
from tracker.domain import events as e
from tracker.log import Draft, Pending, VersionConflict, Written, event_runs
from tracker.log.integrity import gaps
from tracker.log.prepared import prepare

pytestmark = pytest.mark.django_db
LAST = 100
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda length: b"s" * length)


def load(*drafts: Draft, least: int) -> None:
    """Append events at once: as runs from `least` events on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_runs, "LEAST_IN_RUN", least)
        log.append_bulk(drafts, at=AT, by=BY, project=lambda _: [], with_positions=lambda _span: [])


def in_rows(*drafts: Draft) -> None:
    load(*drafts, least=LAST)


def in_runs(*drafts: Draft) -> None:
    load(*drafts, least=1)


def withhold(position: int) -> None:
    [stream] = [one.stream for one in log.at_all([position])]
    append(a_draft(stream, e.TextWithheld(position=position, reason="a name", authority="a")))
    log.delete_text(position)


def everything() -> dict[str, Any]:
    """What every reader of the log answers."""
    events = log.read(after=0, limit=LAST)
    streams = sorted({one.stream for one in events})
    last = {one.stream: one.version for one in events}
    kinds = {one.kind for one in events}
    spans = [(first, last) for first in (0, 1, 3) for last in (1, 4, LAST)]
    return {
        "stored": log.read(after=0, limit=LAST),
        "read": [log.read(after=a, limit=n, words=w) for a, n in spans for w in (True, False)],
        "bodies": [log.bodies(after=a, until=n, words=w) for a, n in spans for w in (True, False)],
        "history": [log.history(streams, until=until) for until in (None, 1, 4)],
        "wordless": log.history(streams, words=False),
        "firsts": sorted(log.firsts(streams)),
        "ends": log.ends(last),
        "at": [log.at(position) for position in range(len(events) + 2)],
        "at all": log.at_all([3, 1, 3, LAST]),
        "streams": {kind: log.streams(kind, after=1) for kind in kinds},
        "new": {kind: log.new_streams(kind, first=1, last=LAST) for kind in kinds},
        "begun": {kind: sorted(log.streams_begun(kind, by=BY, limit=LAST)) for kind in kinds},
        "texts": [log.find_texts(["ä", "word"], but=[2], most=most) for most in (1, LAST)],
        "times": [log.position_at(AT + n * TICK) for n in range(-1, len(events) + 1)],
        "damage": log.damage(after=0, limit=LAST),
        "gaps": [*gaps()],
    }


def after(*writes: Callable[[], object]) -> dict[str, Any]:
    """What every reader answers after some writes, which are then undone."""
    with transaction.atomic():
        for write in writes:
            write()
        found = everything()
        transaction.set_rollback(True)
    return found


texts = st.text("aä\u0308ж🦅", max_size=3).map("word {}".format)
events = st.one_of(
    st.just(WORDLESS),
    st.builds(lambda text: e.ClaimRetracted(reason=text), texts),
    st.builds(lambda text: e.ClaimAsserted(claim=a_claim(note=text)), texts),
)
logs = st.lists(st.tuples(st.integers(1, 4), events), min_size=1, max_size=9).map(
    lambda drawn: [a_draft(UUID(int=stream), event) for stream, event in drawn]
)


class TestALog:
    @settings(parent=SOME, max_examples=30)
    @given(drafts=logs, cuts=st.lists(st.integers(1, 9), max_size=3))
    def test_is_the_same_in_rows_in_runs_and_cut_anywhere_between(
        self, drafts: list[Draft], cuts: list[int]
    ) -> None:
        def in_parts() -> None:
            for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 9], strict=True):
                if part := drafts[start:end]:
                    (in_rows, in_runs)[end % 2](*part)

        expected = after(lambda: in_rows(*drafts))

        assert after(lambda: in_runs(*drafts)) == expected
        assert after(in_parts) == expected
        assert after(lambda: in_rows(*drafts), lambda: store_as_runs(*cuts)) == expected

    def test_is_the_same_where_words_are_withheld(self) -> None:
        drafts = [
            a_draft(UUID(int=1), e.ClaimRetracted(reason="ä word")),
            a_draft(UUID(int=2), WORDLESS),
            a_draft(UUID(int=3), e.ClaimRetracted(reason="the last word")),
        ]

        def take_away() -> None:
            withhold(1)
            withhold(3)

        expected = after(lambda: in_rows(*drafts), take_away)

        assert after(lambda: in_runs(*drafts), take_away) == expected


class TestARun:
    def test_is_one_row_of_few_tables(self) -> None:
        in_runs(*(a_draft() for _ in range(5)))

        assert ask("SELECT first, last FROM event_run") == [(1, 5)]
        assert ask("SELECT count(*) FROM event") == [(0,)]

    def test_ends_at_the_most_events_or_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(event_runs, "MOST_IN_RUN", 3)
        in_runs(*(a_draft() for _ in range(7)))
        monkeypatch.setattr(event_runs, "MOST_IN_RUN", 100)
        monkeypatch.setattr(event_runs, "MOST_BYTES", 100)
        in_runs(*(a_draft(event=e.ClaimRetracted(reason="r" * n)) for n in (10, 10, 200, 90)))

        assert ask("SELECT first, last FROM event_run ORDER BY first") == [
            *((1, 3), (4, 6), (7, 7)),
            *((8, 9), (10, 10), (11, 11)),
        ]
        assert log.damage(after=0, limit=99) == (11, [])

    def test_has_many_events_and_none_that_withholds_words(self) -> None:
        stream = UUID(int=1)
        withheld = a_draft(stream, e.TextWithheld(position=99, reason="r", authority="a"))
        in_runs(a_draft(stream, e.ClaimRetracted(reason="r")), withheld)
        load(*(a_draft() for _ in range(49)), least=event_runs.LEAST_IN_RUN)

        assert ask("SELECT count(*) FROM event_run") == [(0,)]
        load(*(a_draft() for _ in range(50)), least=event_runs.LEAST_IN_RUN)
        assert ask("SELECT last - first FROM event_run") == [(49,)]


class TestAVersion:
    """Of a stream, each version is once in the log, in whichever way it is stored."""

    @pytest.mark.parametrize("first", [in_rows, in_runs])
    @pytest.mark.parametrize("second", [in_rows, in_runs])
    def test_is_not_added_again(self, first: Callable, second: Callable) -> None:
        first(a_draft(UUID(int=1)))
        head = log.head()

        with pytest.raises(VersionConflict) as conflict:
            second(a_draft(UUID(int=1), expected=0))

        assert (conflict.value.stream, conflict.value.actual) == (UUID(int=1), 1)
        assert log.head() == head

    def test_is_not_added_by_a_single_append(self) -> None:
        in_runs(a_draft(UUID(int=1)))

        with pytest.raises(VersionConflict):
            append(a_draft(UUID(int=1), expected=0))


class TestTheHead:
    """What is added comes after what is there, also if it ends at the head."""

    def test_admits_no_rows_over_a_run(self) -> None:
        in_runs(*(a_draft() for _ in range(3)))

        with pytest.raises(IntegrityError, match="without holes"):
            run(
                "INSERT INTO event SELECT 1 + row, gen_random_uuid(), 1, 'ClaimRetracted', 1,"
                " last_recorded_at - (2 - row) * interval '1 microsecond', '', '{}', NULL, ''"
                " FROM event_place, log_head"
            )

    @pytest.mark.parametrize("first", [in_rows, in_runs])
    def test_admits_no_run_over_others(self, first: Callable) -> None:
        first(*(a_draft() for _ in range(3)))

        for number in (3, 2):
            with pytest.raises(IntegrityError, match=r"without holes|already exists"):
                put(*(a_draft() for _ in range(number)), move=0)

    def test_admits_no_run_of_more_events(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(event_runs, "MOST_IN_RUN", 5_000)

        with pytest.raises(IntegrityError, match="without holes"):
            put(*(a_draft() for _ in range(4_097)), move=4_097)
        put(*(a_draft() for _ in range(4_096)), move=4_096)


def put(*drafts: Draft, move: int) -> None:
    """Put a run at the head, which moves by some events or stays."""
    pending = [Pending(one.stream, 1, one.event, Written.of(one.event)) for one in drafts]
    with transaction.atomic():
        written = event_runs.write_columns([prepare(one, by=BY) for one in pending])
        if move:
            run("SELECT log_advance(%s, %s)", move, AT)
        event_runs.place(written, log.head(), by=BY)


class TestWithheldWords:
    def test_are_gone_and_the_leaf_holds(self) -> None:
        in_runs(*(a_draft(event=e.ClaimRetracted(reason=f"name {n}")) for n in range(3)))
        before = log.at(2)

        withhold(2)

        [(texts, salts)] = ask("SELECT convert_from(texts, 'UTF8'), salts FROM event_run_text")
        assert texts == '{"reason":"name 0"}{"reason":"name 2"}'
        assert bytes(salts) == b"s" * 16 + bytes(16) + b"s" * 16
        found = log.at(2)
        assert (found.words, found.withheld, found.leaf_hash) == (None, True, before.leaf_hash)
        assert log.damage(after=0, limit=9) == (4, [])
        assert [*gaps()] == []

    def test_are_deleted_again_without_harm(self) -> None:
        in_runs(a_draft(event=e.ClaimRetracted(reason="name")))
        withhold(1)

        log.delete_text(1)

        assert log.damage(after=0, limit=9) == (2, [])


class TestDamage:
    @pytest.fixture(autouse=True)
    def events(self) -> None:
        """Words at 1 and 3, none at 2."""
        in_runs(
            a_draft(UUID(int=1), e.ClaimRetracted(reason="one")),
            a_draft(UUID(int=2), e.ActorDescribed(actor=an_actor(None, kind="company"))),
            a_draft(UUID(int=1), e.ClaimRetracted(reason="two")),
        )

    @pytest.mark.parametrize(
        ("change", "event"),
        [
            ("event_run SET recorded_by = 'mallory'", 1),
            ("event_run SET recorded_at = recorded_at + interval '1 microsecond'", 1),
            ("event_run SET kinds[2] = 'SourceDescribed'", 2),
            ("event_run SET schemas[1] = 2", 3),
            ("event_run SET leaves = overlay(leaves PLACING '\\x00' FROM 40)", 2),
            ("event_run_body SET heads = overlay(heads PLACING '\\xff' FROM 58)", 2),
            ("event_run_body SET heads = overlay(heads PLACING '\\xff' FROM 135)", 3),
            ("event_run_body SET heads = overlay(heads PLACING '\\xff' FROM 142)", 3),
            ("event_run_body SET bodies = overlay(bodies PLACING '[]' FROM 1)", 1),
            ("event_run_body SET bodies = overlay(bodies PLACING '\\xff' FROM 2)", 1),
            ("event_run_body SET heads = overlay(heads PLACING '\\x00000000' FROM 79)", 2),
            ("event_run_body SET heads = substr(heads, 1, 120)", 3),
        ],
    )
    def test_names_the_event(self, change: str, event: int) -> None:
        spoil(f"UPDATE {change}")

        assert f"event {event} is not what was recorded" in log.damage(after=0, limit=9)[1]

    @pytest.mark.parametrize(
        "change",
        [
            "salts = overlay(salts PLACING '\\x00' FROM 33)",
            "texts = overlay(texts PLACING 'T' FROM 32)",
            "texts = overlay(texts PLACING '\\xff' FROM 32)",
        ],
    )
    def test_names_the_words(self, change: str) -> None:
        spoil(f"UPDATE event_run_text SET {change}")  # noqa: S608

        assert log.damage(after=0, limit=9) == (3, ["the words of event 3 are not those recorded"])

    def test_names_words_that_are_missing(self) -> None:
        spoil("UPDATE event_run_text SET texts = '', ends = decode(repeat('00', 12), 'hex')")

        assert log.damage(after=0, limit=9)[1] == [
            f"the words of event {event} are missing, but were not withheld" for event in (1, 3)
        ]

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ("DELETE FROM event_run", "the log has 0 events up to position 0"),
            ("UPDATE event_run SET last = 2", "the log has 2 events up to position 2"),
            ("DELETE FROM event_place WHERE version = 1", "has 1 events up to version 2"),
            ("DELETE FROM event_place WHERE row = 1", "event 2 has no place"),
            ("UPDATE event_place SET kind = 0 WHERE row = 1", "event 2 has no place"),
            ("UPDATE event_place SET row = 7 WHERE row = 1", "event 2 has no place"),
            ("UPDATE event_place SET kind = kind + 256 WHERE row = 1", "event 2 has no place"),
            (
                (
                    "INSERT INTO event SELECT 1, stream, version, 'ClaimRetracted', 1, now(), '',"
                    " '{}', NULL, '' FROM event_place WHERE row = 0"
                ),
                "has 3 events up to version 2",
            ),
            (
                "UPDATE event_run SET first = 2, last = 4",
                "event 2 does not follow the one before it",
            ),
            (
                "UPDATE event_run_body SET bodies = bodies || 'x'",
                "the run of events from 1 on is not whole",
            ),
            (
                "UPDATE event_run_text SET ends = substr(ends, 1, 8)",
                "the run of events from 1 on is not whole",
            ),
        ],
    )
    def test_is_found_by_counts(self, change: str, says: str) -> None:
        assert [*gaps()] == []

        spoil(change)

        assert any(says in problem for problem in gaps())

    def test_is_a_time_that_does_not_follow(self) -> None:
        append(at=AT + timedelta(seconds=1))
        spoil("UPDATE event_run SET recorded_at = recorded_at + interval '1 minute'")

        assert "event 4 was recorded before the one before it" in gaps()


class TestTexts:
    def test_are_found_in_events_not_across_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tracker.log.reading._FEW_PLACES", 1)
        monkeypatch.setattr(event_runs, "MOST_IN_RUN", 2)
        reasons = ["a", "b", "c", "d } { ä", "e"]
        in_runs(*(a_draft(event=e.ClaimRetracted(reason=one)) for one in reasons))

        def positions(text: str) -> list[int]:
            return [one.position for one in log.find_texts([text], but=[], most=9)]

        assert positions("}{") == []
        assert positions("} {") == [4]
        assert positions("ä") == [4]


class TestAPosition:
    @pytest.mark.parametrize("position", [-1, 0, 3, 2**63 - 1, 2**63, 10**20])
    def test_without_an_event_has_none(self, position: int) -> None:
        in_runs(a_draft(), a_draft())

        assert log.at(position) is None
        assert log.read(after=max(2, position), limit=100) == []
