"""Streams as they were at a position and what lies around a claim, from events in memory."""

from collections.abc import Iterable
from uuid import UUID

import pytest

from tests.kit.cited_logs import MemoryLog, a_log, link
from tests.kit.domain_builders import VIEW, a_claim, a_country, a_membership, an_id, an_organisation
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.around import (
    Neighbourhood,
    References,
    Snapshot,
    load_references,
    prefetch_claims,
)
from tracker.domain.evidence import Surroundings
from tracker.domain.plain import PlainCitation, PlainClaim
from tracker.domain.state import Entry, OutOfOrder


def neighbourhood(log: MemoryLog) -> Neighbourhood:
    links = [one for one in log.entries if isinstance(one.event, e.ClaimsLinked)]
    return Neighbourhood(
        Snapshot(
            len(log.entries),
            read=lambda streams, _until: [one for one in log.entries if one.stream in streams],
        ),
        VIEW,
        link_streams=lambda claims: {
            claim: {one.stream for one in links if claim in (one.event.from_, one.event.to)}
            for claim in claims
        },
    )


def around(log: MemoryLog, name: str) -> Surroundings:
    one = neighbourhood(log)
    return one.around(one.snapshot.get(an_id(name), f.ClaimState))


class TestAClaim:
    def test_alone_has_its_records(self):
        one = neighbourhood(a_log(a_claim()))
        found = one.around(one.snapshot.get(an_id("one"), f.ClaimState))

        assert found.actors.keys() == {an_id("KAZ"), an_id("RUS")}
        assert found.sources.keys() == {an_id("newsletter")}
        assert found.documents.keys() == {an_id("article")}
        assert one.streams >= {
            an_id("KAZ"),
            an_id("article"),
            an_id("newsletter"),
            an_id("curated"),
        }

    def test_has_the_members_of_organisations(self):
        log = a_log(a_claim("pact>KAZ"))
        log.add("pact", e.ActorDescribed(actor=an_organisation(a_membership("CHN"))))

        assert an_id("CHN") in around(log, "one").actors

    def test_that_is_the_same_as_others_is_in_their_cluster(self):
        log = a_log(*[a_claim()] * 3)
        link(log, "same_as", "one", "two")
        link(log, "same_as", "three", "two")

        names = ("one", "two", "three")
        assert [one.id for one in around(log, "three").cluster] == [*map(an_id, names)]

    def test_whose_link_is_undone_is_alone(self):
        log = a_log(*[a_claim()] * 2)
        stream = link(log, "same_as", "one", "two")
        ends = an_id("one"), an_id("two")
        log.add(stream, e.ClaimsUnlinked(type="same_as", from_=ends[0], to=ends[1], reason="no"))

        assert [one.id for one in around(log, "two").cluster] == [an_id("two")]

    def test_that_is_superseded_says_so(self):
        log = a_log(*[a_claim()] * 2)
        link(log, "supersedes", "two", "one")

        assert around(log, "one").superseded
        assert not around(log, "two").superseded

    def test_that_another_says_has_its_speaker(self):
        log = a_log(*[a_claim()] * 2)
        link(log, "says", "two", "one")

        assert [one.id for one in around(log, "one").speakers] == [an_id("two")]

    def test_that_is_a_part_has_the_whole_with_all_its_parts(self):
        log = a_log(*[a_claim()] * 3)
        link(log, "part_of", "one", "three")
        link(log, "part_of", "two", "three")

        [whole] = around(log, "one").wholes
        assert whole.claim.id == an_id("three")
        assert {part.id for part in whole.parts} == {an_id("one"), an_id("two")}

    def test_that_does_not_count_has_no_cluster(self):
        log = a_log(*[a_claim()] * 2)
        link(log, "same_as", "one", "two")
        log.add("two", e.ClaimReviewed(outcome="rejected"))

        assert [one.id for one in around(log, "two").cluster] == [an_id("two")]


class TestReferences:
    def test_that_are_loaded_are_not_read_again(self):
        log = a_log(a_claim())
        references = References()
        references.add(a_claim())
        snapshot = neighbourhood(log).snapshot

        load_references(references, snapshot)
        load_references(references, snapshot)
        assert snapshot.holds(an_id("newsletter"))

    def test_of_claims_are_loaded_at_once(self):
        snapshot = neighbourhood(a_log(a_claim())).snapshot
        prefetch_claims([an_id("one"), an_id("nobody")], snapshot)

        assert snapshot.holds(an_id("newsletter"))

    def test_are_those_of_a_plain_claim(self):
        document, first, other, root, curated = (str(an_id(name)) for name in "dforc")
        citation = PlainCitation(document, (root,))
        references = References()
        references.add_plain(
            PlainClaim(curated, "code", "2022-05-11", (first,), (other,), citation)
        )

        assert references.records == {an_id("c"), an_id("r")}
        assert references.actors == {an_id("f"), an_id("o")}
        assert references.documents == {an_id("d")}


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
