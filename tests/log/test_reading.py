"""Reads the log forward, by stream, by moment, and where words are gone."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.kit.builders import AT, BY, an_actor
from tests.kit.log_entries import a_draft, append, put_head_ahead, rows_gone_through, say
from tracker import log
from tracker.domain.events import (
    ActorDescribed,
    ClaimReinstated,
    ClaimRetracted,
    TextWithheld,
)
from tracker.log import Draft, Recorded

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TABLES = ("event", "event_text")


def _nothing(_pending: object) -> list[log.Statement]:
    return []


def withhold(one: Recorded) -> None:
    event = TextWithheld(position=one.position, reason="a name", authority="a court")
    append(a_draft(one.stream, event))
    log.delete_text(one.position)


def many(number: int) -> list[Draft]:
    """Put events with words on record, as many in one transaction as in an import, of which the
    database has not counted anything yet."""
    drafts = [a_draft(event=ClaimRetracted(reason=f"word {n}" * 20)) for n in range(number)]
    append(*drafts)
    return drafts


class TestRead:
    def test_gives_what_follows_a_position_in_order_up_to_the_limit(self) -> None:
        recorded = append(*(a_draft() for _ in range(5)))

        assert log.read(after=0, limit=2) == recorded[:2]
        assert log.read(after=2, limit=10) == recorded[2:]
        assert log.read(after=5, limit=10) == []

    def test_leaves_the_words_out_where_they_are_not_asked_for(self) -> None:
        spoken, gone = say("one"), say("two")
        withhold(gone)

        read = log.read(after=0, limit=2, words=False)

        assert [(one.words, one.withheld) for one in read] == [(None, False), (None, True)]
        assert [one.leaf_hash for one in read] == [spoken.leaf_hash, gone.leaf_hash]


class TestStreams:
    def test_are_those_with_an_event_of_a_kind_since_a_position(self) -> None:
        before, described, told = (uuid4() for _ in range(3))
        append(a_draft(before))
        append(a_draft(described), a_draft(described))
        say("something", stream=told)

        assert log.streams("ActorDescribed", after=1) == {described}
        assert log.streams("ActorDescribed", after=0) == {before, described}
        assert log.streams("ActorDescribed", after=3) == set()
        assert log.streams("ClaimRetracted", after=0) == {told}

    def test_that_begin_between_two_positions_are_given_in_order(self) -> None:
        first, second, third = (say("begins").stream for _ in range(3))
        say("goes on", stream=first)

        def begun(first: int, last: int) -> list[UUID]:
            return log.new_streams("ClaimRetracted", first=first, last=last)

        assert begun(1, 4) == [first, second, third]
        assert begun(2, 2) == [second]
        assert log.new_streams("ActorDescribed", first=1, last=4) == []

    def test_that_an_account_began_are_found_up_to_a_limit(self) -> None:
        first, second = (say("begins").stream for _ in range(2))
        log.append([a_draft(event=ClaimRetracted(reason="x"))], at=AT, by="bea", project=_nothing)
        log.append([a_draft(first, ClaimRetracted(reason="x"))], at=AT, by="bea", project=_nothing)

        def begun(by: str, most: int = 9) -> list[UUID]:
            return log.streams_begun("ClaimRetracted", by=by, limit=most)

        assert {*begun(BY)} == {first, second}
        assert len(begun("bea")) == 1
        assert first not in begun("bea")
        assert len(begun(BY, most=1)) == 1
        assert begun("nobody") == []
        assert log.streams_begun("ActorDescribed", by=BY, limit=9) == []

    def test_exist_from_their_first_event_on(self) -> None:
        one, other, absent = uuid4(), uuid4(), uuid4()
        append(a_draft(one), a_draft(one), a_draft(other))

        assert log.existing([one, absent, other, one]) == {one, other}
        assert log.existing([]) == set()


class TestTexts:
    def test_are_found_in_words_and_bodies_but_at_some_positions(self) -> None:
        quoted, plain, _ = say('He said: "Привет"\n'), say("Hello"), say("Bye")
        named = append(a_draft(event=ActorDescribed(actor=an_actor("HEL"))))[0]
        found = ['"Привет"\n', "Hel", "HEL"]

        def positions(texts: list[str], *, but: list[int], most: int = 9) -> list[int]:
            return [one.position for one in log.find_texts(texts, but=but, most=most)]

        assert positions(found, but=[]) == [quoted.position, plain.position, named.position]
        assert positions(found, but=[plain.position]) == [quoted.position, named.position]
        assert positions(found, but=[], most=1) == [quoted.position]
        assert positions(["Nothing"], but=[]) == []


class TestALogThatHasJustGrown:
    @pytest.mark.parametrize("words", [True, False])
    def test_is_read_stream_by_stream_without_going_through_all(
        self,
        words: bool,  # noqa: FBT001
    ) -> None:
        asked = [one.stream for one in many(6_000)[:600]]
        before = [rows_gone_through(one) for one in TABLES]

        assert len(log.history(asked, until=5_000, words=words)) == len(log.firsts(asked)) == 600
        assert len(log.ends(dict.fromkeys(asked, 1))) == len(log.existing(asked)) == 600
        after = [rows_gone_through(one) for one in TABLES]
        assert [now - was <= 4 * 600 for was, now in zip(before, after, strict=True)] == [True] * 2

    def test_is_read_on_without_going_through_all_that_follows(self) -> None:
        many(6_000)
        before = [rows_gone_through(one) for one in TABLES]

        assert len(log.read(after=100, limit=10)) == len(log.read(after=100, limit=10)) == 10
        after = [rows_gone_through(one) for one in TABLES]
        assert [now - was <= 2 * 10 for was, now in zip(before, after, strict=True)] == [True] * 2


class TestEnds:
    def test_are_the_first_event_of_a_stream_and_that_of_a_version(self) -> None:
        one, other = uuid4(), uuid4()
        first, second, _ = append(a_draft(one), a_draft(other), a_draft())
        last = say("ends", stream=one, by="bea")
        append(a_draft(one), a_draft(other))

        ends = log.ends({one: 2, other: 1, uuid4(): 1})

        begins = log.Stamp(2, 1, "ActorDescribed", second.recorded_at, "ann")
        assert ends == {
            one: (
                log.Stamp(1, 1, "ActorDescribed", first.recorded_at, "ann"),
                log.Stamp(4, 2, "ClaimRetracted", last.recorded_at, "bea"),
            ),
            other: (begins, begins),
        }


class TestHistory:
    def test_gives_the_events_of_the_streams_in_the_order_of_the_log(self) -> None:
        one, other = uuid4(), uuid4()
        recorded = [*append(a_draft(one), a_draft(other), a_draft()), *append(a_draft(one))]

        assert log.history([other, one]) == [recorded[0], recorded[1], recorded[3]]
        assert log.history([]) == []
        assert log.history({uuid4()}) == []

    def test_ends_at_a_position(self) -> None:
        stream = uuid4()
        recorded = append(*(a_draft(stream) for _ in range(3)))

        assert log.history([stream], until=recorded[1].position) == recorded[:2]
        assert log.history([stream], until=0) == []
        assert log.history([stream], until=99) == recorded

    def test_says_which_words_are_withheld(self) -> None:
        stream = uuid4()
        said, kept = say("a secret", stream=stream), say("no secret", stream=stream)
        withhold(said)

        first, second, _ = log.history([stream])

        assert (first.words, first.withheld) == (None, True)
        assert first.decoded() == ClaimRetracted(reason="")
        assert first == log.wordless(said)
        assert second == kept
        assert second.decoded() == ClaimRetracted(reason="no secret")


class TestSomeEvents:
    def test_are_found_by_their_positions_in_order(self) -> None:
        one, other = say("one"), say("other")
        say("a third")

        found = log.at_all([other.position, one.position, other.position, 999])

        assert found == [log.at(one.position), log.at(other.position)]


class TestTheHead:
    def test_is_at_0_before_the_first_event(self) -> None:
        assert log.head().position == 0

    def test_is_the_last_event_and_keeps_the_log_s_id(self) -> None:
        before = log.head()

        [_, last] = append(a_draft(), a_draft())

        assert log.head() == log.hold_head() == (before.log_id, last.position, last.recorded_at)


class TestThePositionAtAMoment:
    def test_is_the_last_one_recorded_by_then(self) -> None:
        append(at=AT)
        append(a_draft(), a_draft(), at=AT + HOUR)

        moments = [AT - HOUR, AT, AT + HOUR / 2, AT + HOUR, AT + 2 * HOUR]
        assert [log.position_at(moment) for moment in moments] == [0, 1, 1, 2, 3]

    def test_is_final_whatever_the_clocks_of_later_writers_say(self) -> None:
        append(at=AT)

        assert log.position_at(AT + HOUR) == 1
        [late] = append(at=AT + HOUR / 2)

        assert late.recorded_at > AT + HOUR
        assert log.position_at(AT + HOUR) == 1

    def test_cannot_be_said_of_the_future(self) -> None:
        head = log.head()

        with pytest.raises(log.TooSoon, match="has not come yet"):
            log.position_at(timezone.now() + HOUR)

        assert log.head() == head

    def test_is_not_said_while_events_of_the_future_may_belong_before_it(self) -> None:
        append(at=AT)
        append(at=AT + HOUR)
        put_head_ahead("1 hour")
        append()

        assert [log.position_at(moment) for moment in (AT, AT + HOUR / 2)] == [1, 1]
        for moment in (AT + HOUR, timezone.now()):
            with pytest.raises(log.TimesAhead, match="ask for a position instead"):
                log.position_at(moment)

    def test_is_said_of_a_log_that_is_ahead_by_the_ticks_of_many_events(self) -> None:
        append(at=AT)
        put_head_ahead("1 second")

        assert log.position_at(timezone.now()) == 1


class TestLatest:
    KINDS = ("ClaimRetracted", "ClaimReinstated")

    def test_gives_the_last_events_of_some_kinds_the_last_first(self) -> None:
        first, _other, last = append(
            a_draft(event=ClaimRetracted(reason="a")),
            a_draft(event=ActorDescribed(actor=an_actor())),
            a_draft(event=ClaimReinstated(reason="b")),
        )

        found = log.latest(self.KINDS, before=None, limit=10)

        assert found == [
            log.Place(one.position, one.position, 1, (one.position,)) for one in (last, first)
        ]
        assert log.latest(self.KINDS, before=last.position, limit=10) == found[1:]
        assert log.latest(self.KINDS, before=None, limit=1) == found[:1]

    def test_gives_those_of_one_append_of_many_as_one(self) -> None:
        drafts = [a_draft(event=ClaimRetracted(reason="c")) for _ in range(60)]
        log.append_bulk(drafts, at=AT, by=BY, project=lambda _: [], with_positions=lambda _: [])
        head = log.head().position

        assert log.latest(self.KINDS, before=None, limit=10) == [
            log.Place(head - 59, head, 60, (*range(head - 59, head + 1),))
        ]
        assert log.latest(self.KINDS, before=head - 59, limit=10) == []


def test_a_log_has_an_incarnation_until_it_gets_another():
    before = log.incarnation()
    append()
    assert log.incarnation() == before

    log.renew(UUID(int=7))

    assert log.incarnation() == UUID(int=7)
