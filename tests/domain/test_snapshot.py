"""Streams as they were at a position, from events in memory."""

from collections.abc import Iterable
from uuid import UUID

import pytest

from tests.kit.domain_builders import a_claim, a_country, an_id
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.snapshot import Snapshot
from tracker.domain.state import Entry, OutOfOrder

ENTRIES = [
    Entry(an_id("claim"), 1, e.ClaimAsserted(claim=a_claim())),
    Entry(an_id("KAZ"), 2, e.ActorDescribed(actor=a_country("KAZ"))),
    Entry(an_id("broken"), 3, e.ClaimReinstated(reason="of nothing")),
    Entry(an_id("claim"), 4, e.ClaimRetracted(reason="wrong")),
]


class Reading:
    """Reads the entries, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, streams: set[UUID], until: int) -> Iterable[Entry]:
        self.times += 1
        return [one for one in ENTRIES if one.stream in streams and one.position <= until]


def snapshot(position: int = 4) -> Snapshot:
    return Snapshot(position, read=Reading())


class TestASnapshot:
    def test_has_streams_as_they_were(self):
        assert snapshot(3).get(an_id("claim"), f.ClaimState).status == "standing"
        assert snapshot(4).get(an_id("claim"), f.ClaimState).status == "retracted"

    def test_has_nothing_of_another_class_or_of_nobody(self):
        assert snapshot().get(an_id("KAZ"), f.ClaimState) is None
        assert snapshot().get(an_id("nobody"), f.ClaimState) is None

    def test_reads_a_stream_once(self):
        read = Reading()
        one = Snapshot(4, read=read)

        assert one.load([an_id("KAZ")])
        assert not one.load([an_id("KAZ")])
        assert one.holds(an_id("KAZ"))
        assert not one.holds(an_id("claim"))
        assert read.times == 1

    def test_names_a_stream_that_cannot_be_folded_when_it_is_asked_for(self):
        wanted = [an_id("KAZ"), an_id("broken")]
        one = snapshot()
        one.load(wanted)

        assert one.readable(wanted, f.ActorState).keys() == {an_id("KAZ")}
        assert one.get(an_id("KAZ"), f.ActorState)
        with pytest.raises(OutOfOrder, match="no such claim"):
            one.all(wanted, f.ActorState)


class TestAdvance:
    def test_changes_what_is_loaded(self):
        one = snapshot(1)
        one.load([an_id("claim")])
        one.advance(ENTRIES[3], begins=False)

        assert one.position == 4
        assert one.get(an_id("claim"), f.ClaimState).status == "retracted"

    def test_loads_a_stream_that_begins(self):
        one = snapshot(1)
        one.advance(ENTRIES[1], begins=True)

        assert one.holds(an_id("KAZ"))

    def test_leaves_others_to_be_read(self):
        one = snapshot(1)
        one.advance(ENTRIES[3], begins=False)

        assert not one.holds(an_id("claim"))


class TestAltered:
    def test_is_a_copy(self):
        one = snapshot()
        other = f.ActorState(id=an_id("KAZ"), actor=a_country("RUS"))

        assert one.altered({an_id("KAZ"): other}).get(an_id("KAZ"), f.ActorState) == other
        assert one.get(an_id("KAZ"), f.ActorState).actor.code == "KAZ"
