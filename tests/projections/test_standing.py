"""The rows that stand: what is in them, when they change, and which words they lose."""

import json
from datetime import date
from uuid import UUID

import pytest

from tests.kit.background_work import rows
from tests.kit.builders import (
    AT,
    BY,
    CODE,
    Desk,
    a_citation,
    a_claim,
    a_document,
    a_source,
    an_actor,
    an_id,
    rate,
    withhold_text,
)
from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim, Occurred
from tracker.domain.records import Name
from tracker.log import Draft, Pending, Recorded
from tracker.models.derived import PastClaim, StandingClaim, StandingLink, StandingRecord
from tracker.operations import actors, claims, links, sources
from tracker.projections import standing

pytestmark = pytest.mark.django_db
REVISED = a_claim(summary="Otherwise.")


def row(stream: UUID) -> standing.Row:
    """The row of a stream, in whichever table it is."""
    [found] = [one for table in standing.TABLES for one in table.objects.filter(pk=stream)]
    return found


def claim_of(stream: UUID) -> Claim:
    state = standing.load(row(stream))
    assert isinstance(state, f.ClaimState)
    return state.claim


class TestAClaim:
    def test_stands_in_columns_by_which_it_is_found(self, desk: Desk) -> None:
        source, other = (sources.describe_source(a_source(), at=AT, by=BY).stream for _ in "ab")
        citations = (
            a_citation(desk.document, chain=(source, other)),
            a_citation(desk.document, chain=(other,), stance="denies"),
        )

        one = desk.asserts("RUS", "KAZ", citations=citations, occurred=Occurred(edtf="2022-05"))

        found = StandingClaim.objects.get(pk=one.stream)
        assert (found.version, found.status, found.kind) == (1, "standing", "act")
        assert (found.collection, found.code) == (
            desk.collection,
            CODE,
        )
        assert (found.earliest, found.latest) == (date(2022, 5, 1), date(2022, 5, 31))
        assert found.actors == sorted([desk.countries["KAZ"], desk.countries["RUS"]])
        assert (found.documents, found.sources) == ([desk.document], sorted([source, other]))

    def test_says_what_it_was_corrected_to_and_nothing_else(self, desk: Desk) -> None:
        one = desk.asserts(note="a note", occurred=Occurred(edtf="2022-05-11"))
        revised = desk.claim("CHN", "KAZ", code=None, kind="assessment", occurred=None)

        claims.correct_claim(one.stream, revised, reason="wrong", expected=1, at=AT, by=BY)

        found = StandingClaim.objects.get(pk=one.stream)
        assert (found.version, found.code, found.earliest, found.kind) == (
            2,
            None,
            None,
            "assessment",
        )
        assert found.actors == sorted([desk.countries["CHN"], desk.countries["KAZ"]])
        assert claim_of(one.stream) == revised

    def test_is_kept_when_it_is_retracted(self, desk: Desk) -> None:
        one = desk.asserts()
        said = claim_of(one.stream)

        claims.retract_claim(one.stream, reason="no", at=AT, by=BY)
        retracted = rows("standing_claim", "status, version")
        claims.reinstate_claim(one.stream, reason="yes", at=AT, by=BY)

        assert retracted == [("retracted", 2)]
        assert rows("standing_claim", "status, version") == [("standing", 3)]
        assert claim_of(one.stream) == said


class TestARecord:
    def test_stands_under_its_noun_and_its_name(self, desk: Desk) -> None:
        person = an_actor(None, kind="person", names=(Name(text="Ann"),))
        actors.describe_actor(person, at=AT, by=BY)

        assert rows("standing_record", "noun, name, version") == [
            ("actor", "Ann", 1),
            ("actor", "CHN", 1),
            ("actor", "KAZ", 1),
            ("actor", "RUS", 1),
            ("collection", "curated", 1),
            ("document", "A report", 1),
            ("lens", "cooperation", 1),
            ("lens", "standing", 1),
            ("lens", "tone", 1),
            ("source", "The Gazette", 2),
        ]

    def test_is_replaced_by_its_next_description(self, desk: Desk) -> None:
        gazette = a_source(name="The Courier")

        sources.describe_source(gazette, at=AT, by=BY, source_id=desk.source)
        rate(desk.source, "A")

        found = StandingRecord.objects.get(pk=desk.source)
        state = standing.load(found)
        assert (found.name, found.version) == ("The Courier", 4)
        assert isinstance(state, f.SourceState)
        assert state.source == gazette
        assert [rating.reliability for rating in state.ratings] == ["C", "A"]


class TestALink:
    def test_stands_until_it_is_undone_and_is_kept_then(self, desk: Desk) -> None:
        one, other = desk.asserts().stream, desk.asserts().stream

        made = links.link("same_as", one, other, at=AT, by=BY)
        before = rows("standing_link", "id, type, from_claim, to_claim, linked, version")
        links.unlink("same_as", one, other, reason="no", at=AT, by=BY)

        assert before == [(made.stream, "same_as", one, other, True, 1)]
        found = StandingLink.objects.get(pk=made.stream)
        assert (found.linked, found.version) == (False, 2)
        assert standing.load(found) == f.LinkState(
            id=made.stream, type="same_as", from_=one, to=other, linked=False
        )


class TestProject:
    def test_gives_one_statement_a_table_with_the_rows_in_the_order_of_the_streams(
        self,
    ) -> None:
        asserted = e.ClaimAsserted(claim=a_claim())
        described = e.DocumentDescribed(document=a_document())
        pending = [
            Pending(stream=an_id(number), version=1, event=event)
            for number, event in ((9, asserted), (3, described), (7, asserted), (8, asserted))
        ]

        statements = standing.project(pending)

        order = [[row["id"] for row in json.loads(one.parameters[0])] for one in statements[:2]]
        assert order == [[str(an_id(7)), str(an_id(8)), str(an_id(9))], [str(an_id(3))]]

    def test_folds_all_events_of_a_stream_into_its_row(self) -> None:
        stream = an_id(5)
        events = [
            e.ClaimAsserted(claim=a_claim()),
            e.ClaimCorrected(claim=REVISED, reason="no"),
            e.ClaimRetracted(reason="no"),
        ]
        drafts = [Draft(stream=stream, event=one, expected=n) for n, one in enumerate(events)]

        log.append(drafts, at=AT, by=BY, project=standing.project)

        assert rows("standing_claim", "id, version, status") == [(stream, 3, "retracted")]
        past = rows("past_claim", "id, version, status")
        assert sorted(past) == [(stream, 1, "standing"), (stream, 2, "standing")]
        assert claim_of(stream) == REVISED

    def test_refuses_to_withhold_where_nothing_is(self) -> None:
        event = e.TextWithheld(position=1, reason="r", authority="a")

        with pytest.raises(f.OutOfOrder):
            standing.project([Pending(stream=an_id(5), version=1, event=event)])


def withhold(one: Recorded) -> Recorded:
    return withhold_text(one.position, reason="a name", authority="a court", at=AT, by=BY)


class TestWithheldWords:
    def test_are_gone_from_the_claim(self, desk: Desk) -> None:
        one = desk.asserts(summary="Ann paid.", note="Ann", occurred=Occurred(edtf="2022-05-11"))

        withhold(one)

        assert claim_of(one.stream) == desk.claim(
            summary="", note="", occurred=Occurred(edtf="2022-05-11")
        )
        assert "Ann" not in json.dumps(row(one.stream).state)  # type: ignore[union-attr]
        assert row(one.stream).version == 2

    def test_leave_those_of_a_later_correction(self, desk: Desk) -> None:
        one = desk.asserts(summary="Ann paid.")
        revised = desk.claim(summary="Somebody paid.")
        claims.correct_claim(one.stream, revised, reason="a name", expected=1, at=AT, by=BY)

        withhold(one)

        assert claim_of(one.stream) == revised

    def test_stay_gone_with_each_further_event(self, desk: Desk) -> None:
        one = desk.asserts(summary="Ann paid.")
        cited = claims.cite(
            one.stream, a_citation(desk.document, quote="Ann", locator="2"), at=AT, by=BY
        )

        withhold(one)
        withhold(cited)
        claims.retract_claim(one.stream, reason="no", at=AT, by=BY)

        assert "Ann" not in json.dumps(row(one.stream).state)  # type: ignore[union-attr]
        past = PastClaim.objects.filter(id=one.stream).order_by("version")
        assert [one.version for one in past] == [1, 2, 3, 4]
        assert "Ann" not in json.dumps([one.state for one in past])
        assert [one.locator for one in claim_of(one.stream).citations] == [None, "2"]

    def test_take_a_person_s_name_with_them(self) -> None:
        person = an_actor(None, kind="person", names=(Name(text="Ann"),), aliases=("Annie",))
        one = actors.describe_actor(person, at=AT, by=BY)

        withhold(one)

        found = StandingRecord.objects.get(pk=one.stream)
        assert found.name == ""
        assert "Ann" not in json.dumps(found.state)

    def test_change_nothing_where_the_state_has_none_of_them(self, desk: Desk) -> None:
        one = desk.asserts()
        gone = claims.retract_claim(one.stream, reason="Ann asked", at=AT, by=BY)
        before = standing.load(row(one.stream))

        withhold(gone)

        assert standing.load(row(one.stream)) == before
