"""Events become the state of one stream; what cannot follow is refused with the way out."""

from dataclasses import replace
from datetime import date
from itertools import chain, permutations

import pytest

from tests.kit.domain_builders import (
    CURATED,
    VIEW,
    a_citation,
    a_claim,
    a_country,
    a_verdict,
    an_id,
)
from tests.kit.tables import each
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.lenses import Lens
from tracker.domain.records import Collection, Document, Rating, Source
from tracker.domain.scoring import MODELS
from tracker.domain.state import Entry, OutOfOrder, fold

STREAM = an_id("a stream")
ONE, OTHER = an_id("one claim"), an_id("another")
LINK = e.link_id("same_as", ONE, OTHER)

CLAIM = a_claim()
ASSERTED = e.ClaimAsserted(claim=CLAIM)
CORRECTED = e.ClaimCorrected(
    claim=replace(CLAIM, summary="Something else was done."), reason="slip"
)
RETRACTED, REINSTATED = e.ClaimRetracted(reason="wrong"), e.ClaimReinstated(reason="right")
CITED = e.CitationAdded(citation=a_citation("another document"))
REVIEWED = e.ClaimReviewed(outcome="accepted")
JUDGED = a_verdict("disputed")
RESOLVED = e.ForecastResolved(outcome="happened", resolved_on=date(2023, 4, 4), reason="it did")
LINKED = e.ClaimsLinked(type="same_as", from_=ONE, to=OTHER)
UNLINKED = e.ClaimsUnlinked(type="same_as", from_=ONE, to=OTHER, reason="a slip")
ACTOR = e.ActorDescribed(actor=a_country("KAZ"))
SOURCE = e.SourceDescribed(source=Source(kind="outlet", name="The Gazette"))
RATED = e.SourceRated(reliability="C", since=date(2022, 1, 1), reason="its record")
DOCUMENT = e.DocumentDescribed(document=Document(source=an_id("source"), title="A report"))
COLLECTION = e.CollectionDescribed(
    collection=Collection(name="curated", coding="curated", review=False)
)
LENS = e.LensDefined(
    lens=Lens(
        name="standing",
        view=VIEW,
        model="standing",
        model_version=1,
        parameters=MODELS["standing"].defaults,
    )
)
IMPORT = e.ImportRecorded(
    name="a.csv", format="csv", collection=CURATED, file_sha256="0" * 64, counts={"added": 1}
)
WITHHELD = e.TextWithheld(position=1, reason="a private person", authority="the editor")
ERASURE = e.BodyErased(position=1, leaf_hash="0" * 64, reason="an order", authority="a court")
REOPENED = e.LogReopened(
    incarnation=CURATED, lost_from=3, reason="a disk failed", authority="the editor"
)
ROTATED = e.SealKeyRotated(before="old", key="new", reason="another host", authority="the editor")

# What begins a stream of each noun, and what only goes on with it.
BEGINNINGS = {
    "a claim": ASSERTED,
    "a link": LINKED,
    "an actor": ACTOR,
    "a source": SOURCE,
    "a document": DOCUMENT,
    "a collection": COLLECTION,
    "a lens": LENS,
    "an import": IMPORT,
    "the log": REOPENED,
}
SEQUELS = {
    "a claim": (CORRECTED, RETRACTED, REINSTATED, CITED, REVIEWED, JUDGED, RESOLVED),
    "a link": (UNLINKED,),
    "a source": (RATED,),
    "the log": (ROTATED,),
}
EVERY = (*BEGINNINGS.values(), *chain(*SEQUELS.values()), WITHHELD, ERASURE)


def folded(*events: e.Event):
    """The state after events at positions 1, 2, …, of a link if the first is about one."""
    about_links = isinstance(events[0], e.ClaimsLinked | e.ClaimsUnlinked)
    stream = LINK if about_links else STREAM
    return fold(
        Entry(stream=stream, position=position, event=event)
        for position, event in enumerate(events, start=1)
    )


def refusal(*events: e.Event) -> str:
    """Why the last of the events cannot follow the others."""
    before = folded(*events[:-1]) if events[1:] else None
    stream = before.id if before else STREAM
    with pytest.raises(OutOfOrder) as caught:
        fold([Entry(stream=stream, position=9, event=events[-1])], before)
    return str(caught.value)


class TestFold:
    def test_gives_nothing_of_an_empty_stream(self):
        assert fold([]) is None

    def test_goes_on_from_an_earlier_state(self):
        before = folded(ASSERTED)
        entry = Entry(stream=STREAM, position=2, event=RETRACTED)

        assert fold([entry], before) == folded(ASSERTED, RETRACTED)

    def test_knows_every_kind_of_event(self):
        assert {type(one).__name__ for one in EVERY} == set(e.SCHEMA)


class TestAClaim:
    def test_stands_once_asserted(self):
        assert folded(ASSERTED) == f.ClaimState(id=STREAM, claim=CLAIM, asserted_at=1)

    def test_says_what_its_correction_says(self):
        state = folded(ASSERTED, CORRECTED)

        assert state.claim == CORRECTED.claim
        assert state.asserted_at == 1

    def test_gets_the_citations_of_its_correction_alone(self):
        state = folded(ASSERTED, CITED, CORRECTED)

        assert state.claim.citations == CLAIM.citations

    def test_is_retracted_and_reinstated(self):
        assert folded(ASSERTED, RETRACTED).status == "retracted"
        assert folded(ASSERTED, RETRACTED, REINSTATED) == folded(ASSERTED)

    def test_is_cited_further(self):
        assert folded(ASSERTED, CITED).claim.citations == (*CLAIM.citations, CITED.citation)

    def test_takes_no_more_than_a_hundred_citations(self):
        more = [e.CitationAdded(citation=a_citation(f"report {n}")) for n in range(100)]

        assert len(folded(ASSERTED, *more[:99]).claim.citations) == 100
        assert refusal(ASSERTED, *more) == "this claim has 100 citations, the maximum"

    def test_keeps_its_verdicts_with_their_positions(self):
        state = folded(ASSERTED, JUDGED, CITED, a_verdict("false"))

        assert [one.verdict for one in state.verdicts] == ["disputed", "false"]
        assert state.judged_at == (2, 4)

    def test_has_the_outcome_of_its_last_review(self):
        assert folded(ASSERTED, REVIEWED).review == "accepted"
        assert folded(ASSERTED, REVIEWED, e.ClaimReviewed(outcome="rejected")).review == "rejected"

    def test_is_resolved_if_it_is_a_forecast_and_anew_by_the_last_word(self):
        forecast = e.ClaimAsserted(claim=replace(CLAIM, kind="forecast"))
        void = replace(RESOLVED, outcome="void")

        assert folded(forecast, RESOLVED, void).resolution == void

    @each(
        ("event", "says"),
        [
            (ASSERTED, "this claim was asserted before: correct it instead"),
            (REINSTATED, "this claim is not retracted: there is nothing to reinstate"),
            (RESOLVED, "only a forecast can be resolved"),
            (
                e.ClaimCorrected(claim=replace(CLAIM, collection=an_id("feed")), reason="move"),
                "a claim stays in its collection: retract it and assert it in the other",
            ),
        ],
    )
    def test_refuses_what_does_not_fit_it(self, event, says):
        assert refusal(ASSERTED, event) == says

    @each("event", SEQUELS["a claim"])
    def test_is_nothing_before_it_is_asserted(self, event):
        assert refusal(event) == "there is no such claim"

    @each(
        "event",
        [CORRECTED, RETRACTED, CITED, REVIEWED, JUDGED, RESOLVED],
    )
    def test_takes_nothing_but_its_reinstatement_while_retracted(self, event):
        assert refusal(ASSERTED, RETRACTED, event) == (
            "this claim is retracted: reinstate it first"
        )


class TestALink:
    def test_is_made_undone_and_made_again(self):
        state = f.LinkState(id=LINK, type="same_as", from_=ONE, to=OTHER)

        assert folded(LINKED) == state
        assert folded(LINKED, UNLINKED) == replace(state, linked=False)
        assert folded(LINKED, UNLINKED, LINKED) == state

    def test_is_not_made_twice(self):
        assert refusal(LINKED, LINKED) == "the claims already have this link"

    @pytest.mark.parametrize("before", [[], [LINKED, UNLINKED]])
    def test_is_not_undone_where_there_is_none(self, before):
        assert refusal(*before, UNLINKED) == "the claims do not have this link"

    @pytest.mark.parametrize(
        "changed", [{"type": "causes"}, {"from_": OTHER, "to": ONE}, {"to": an_id("third")}]
    )
    def test_has_a_stream_of_its_own(self, changed):
        assert refusal(LINKED, UNLINKED, replace(LINKED, **changed)) == (
            "this is the stream of another link"
        )
        assert refusal(LINKED, replace(UNLINKED, **changed)) == (
            "this is the stream of another link"
        )


class TestASource:
    def test_keeps_its_grades_in_the_order_in_which_they_were_given(self):
        regraded = e.SourceRated(reliability="E", since=date(2021, 1, 1))

        assert folded(SOURCE, RATED, regraded).ratings == (
            Rating(reliability="C", since=date(2022, 1, 1)),
            Rating(reliability="E", since=date(2021, 1, 1)),
        )

    def test_keeps_its_grades_when_it_is_described_anew(self):
        renamed = e.SourceDescribed(source=Source(kind="outlet", name="The New Gazette"))
        state = folded(SOURCE, RATED, renamed)

        assert state.source == renamed.source
        assert state.ratings == folded(SOURCE, RATED).ratings

    def test_is_not_rated_before_it_is_described(self):
        assert refusal(RATED) == "there is no such source"


class TestRecords:
    @pytest.mark.parametrize(
        ("event", "state"),
        [
            (ACTOR, f.ActorState(id=STREAM, actor=ACTOR.actor)),
            (DOCUMENT, f.DocumentState(id=STREAM, document=DOCUMENT.document)),
            (COLLECTION, f.CollectionState(id=STREAM, collection=COLLECTION.collection)),
            (IMPORT, f.ImportState(id=STREAM, record=IMPORT)),
        ],
    )
    def test_are_as_they_were_described_last(self, event, state):
        assert folded(event) == folded(event, event) == state


class TestTheLog:
    def test_keeps_when_it_was_reopened_and_when_its_key_was_changed(self):
        assert folded(REOPENED, ROTATED, REOPENED, ROTATED) == f.LogState(
            id=STREAM,
            reopenings=(REOPENED, REOPENED),
            rotations=(ROTATED, ROTATED),
        )


class TestALens:
    def test_has_a_version_for_each_definition(self):
        wider = e.LensDefined(lens=replace(LENS.lens, sectors=("government",)))
        state = folded(LENS, wider)

        assert state.versions == (LENS.lens, wider.lens)
        assert state.defined_at == (1, 2)

    def test_keeps_its_name(self):
        renamed = e.LensDefined(lens=replace(LENS.lens, name="level"))

        assert refusal(LENS, renamed) == "a lens keeps its name, standing: scores are cited by it"


class TestWithheldText:
    @each("event", BEGINNINGS.values())
    def test_leaves_the_state_as_the_words_left_it(self, event):
        assert folded(event, WITHHELD) == folded(event)


class TestAnErasedClaim:
    def test_is_unknown_at_every_position(self):
        erased = (e.Erased(), e.Erased(), WITHHELD, ERASURE, ERASURE)

        assert [folded(*erased[:number]) for number in range(1, 6)] == [None] * 5

    def test_ends_with_its_erasure(self):
        assert folded(ASSERTED, RETRACTED, ERASURE) is None

    @pytest.mark.parametrize("event", [CORRECTED, RETRACTED, REINSTATED, CITED])
    def test_cannot_be_changed(self, event):
        assert "there is no such claim" in refusal(e.Erased(), ERASURE, event)


class TestAStream:
    @each(("noun", "other"), permutations(BEGINNINGS, 2))
    def test_is_of_one_noun(self, noun, other):
        for event in (BEGINNINGS[other], *SEQUELS.get(other, ())):
            assert refusal(BEGINNINGS[noun], event) == (
                f"this is the stream of {noun}, not of {other}"
            )
