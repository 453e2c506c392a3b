"""What a pair would look like without a claim, a source or a root: as a fresh record that never
had it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import batched
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from tests.kit.background_work import work_off
from tests.kit.builders import AT, BY, a_citation, a_desk, a_document, a_source, rate
from tests.kit.histories import (
    LENSES,
    PLACES,
    STEPS,
    Scene,
    Step,
    a_scene,
    an_assertion,
    happens,
    undone,
)
from tests.kit.laws import law
from tests.kit.levels import share
from tests.kit.pulls import still_parameters
from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.absence import NOTHING, Absence
from tracker.domain.claims import Citation, Claim, Occurred
from tracker.domain.disclosure import Reader
from tracker.domain.scoring.moments import Knot
from tracker.log import Draft, Recorded
from tracker.operations import claims, links, sources
from tracker.projections import standing
from tracker.queries import moment
from tracker.queries.evidence import what_if

pytestmark = pytest.mark.django_db
PAIRS = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")
DAY = date(2022, 6, 1)
# A step of −.6 by grade.
C, B = -0.6 * share(0.65), -0.6 * share(0.85)


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


def of(*names: str | UUID, noun: str = "claims") -> Absence:
    return Absence(**{noun: frozenset(names)})


def read(absence: Absence = NOTHING, pair: str = "KAZ-RUS", as_of=None, lens="standing"):
    return what_if.series(
        pair, direction=pair, lens=lens, as_of=moment.at(as_of), absence=absence, reader=Reader.DESK
    )


def value(absence: Absence = NOTHING, **asked) -> float:
    return read(absence, **asked).on(DAY).score.value


def amounts(absence: Absence) -> dict[UUID, float]:
    series = read(absence)
    parts = series.scorer.contributions(what_if.pulls_of(series), DAY).parts
    return {one.claim: one.amount for one in parts}


def link(kind, one, other):
    links.link(kind, one, other, at=AT, by=BY)


class TestWithoutAClaim:
    def test_the_others_are_worn_down_no_more(self, desk):
        first = desk.asserts(occurred=Occurred(edtf="2022-04-10")).stream
        last = desk.asserts(occurred=Occurred(edtf="2022-05-11")).stream
        work_off()

        # Where both are true, 1 − .6/9 is left of the first.
        assert C < amounts(NOTHING)[first] <= C * (1 - 0.6 / 9) + 1e-9
        assert amounts(of(last)) == {first: pytest.approx(C)}

    def test_what_it_said_needs_no_witness_but_its_own(self, desk):
        said, saying = desk.asserts().stream, desk.asserts("RUS", "CHN").stream
        link("says", saying, said)
        owned = sources.describe_source(
            a_source(country=desk.countries["RUS"], ownership="state"),
            at=AT,
            by=BY,
            source_id=desk.source,
        )
        work_off()

        assert owned.stream == desk.source
        assert amounts(NOTHING) == {}
        assert amounts(of(saying)) == {said: pytest.approx(C)}


class TestWithoutASource:
    def test_its_citations_fall_away_and_the_others_carry_the_claim(self, desk):
        other = desk.hears(grade="B")
        made = desk.asserts(citations=(a_citation(desk.document), a_citation(other))).stream
        work_off()

        # B and C: .9132; B alone: .85; of the step −.6
        assert amounts(NOTHING)[made] == pytest.approx(-0.6 * share(0.9132))
        assert amounts(of(desk.source, noun="sources")) == {made: pytest.approx(B)}

    def test_a_claim_that_has_no_other_is_gone_and_so_is_what_it_kept_from_counting(self, desk):
        other = desk.hears(grade="B")
        old = desk.asserts(citations=(a_citation(other),)).stream
        link("supersedes", desk.asserts("CHN", "RUS").stream, old)
        work_off()

        assert amounts(NOTHING) == {}
        assert amounts(of(desk.source, noun="sources")) == {old: pytest.approx(B)}

    @pytest.mark.parametrize("by_document", [True, False])
    def test_its_verdicts_fall_away(self, desk, by_document):
        judge = sources.describe_source(a_source(name="Checkers"), at=AT, by=BY).stream
        report = sources.describe_document(a_document(judge), at=AT, by=BY).stream
        made = desk.asserts().stream
        given = {"document": report} if by_document else {"source": judge}
        verdict = e.VerdictGiven(verdict="false", reason="not so", **given)
        claims.give_verdict(made, verdict, at=AT, by=BY)
        work_off()

        assert amounts(NOTHING) == {}
        assert amounts(of(judge, noun="sources")) == {made: pytest.approx(C)}

    def test_refuses_to_look_through_more_claims_than_it_can(self, desk, monkeypatch):
        for _ in range(3):
            desk.asserts()
        work_off()
        monkeypatch.setattr(what_if, "MOST_READ", 2)

        with pytest.raises(what_if.TooManyClaims, match="more than 2 claims"):
            value(of(desk.source, noun="sources"))


class TestWithoutARoot:
    def test_only_the_citations_that_go_back_to_it_fall_away(self, desk):
        heard = sources.describe_source(a_source(name="The witness"), at=AT, by=BY).stream
        rate(heard, "A")
        through = desk.asserts(citations=(a_citation(desk.document, chain=(heard,)),)).stream
        own = desk.asserts().stream
        work_off()

        assert amounts(NOTHING).keys() == {through, own}
        assert amounts(of(heard, noun="roots")).keys() == {own}
        assert amounts(of(desk.source, noun="roots")).keys() == {through}
        assert amounts(of(desk.source, noun="sources")) == {}


class TestWhatIsNotThere:
    @pytest.mark.parametrize("noun", ["claims", "sources", "roots"])
    def test_is_named(self, desk, noun):
        work_off()

        with pytest.raises(what_if.NotOnRecord, match=str(UUID(int=7))):
            value(of(UUID(int=7), noun=noun))

    def test_at_an_earlier_position_is_not_there_yet(self, desk):
        before = log.head().position
        made = desk.asserts().stream
        work_off()

        assert value(of(made)) == 0
        with pytest.raises(what_if.NotOnRecord):
            value(of(made), as_of=before)

    def test_of_another_noun_is_not_it(self, desk):
        work_off()

        with pytest.raises(what_if.NotOnRecord):
            value(of(desk.document, noun="sources"))


AT_ONCE = 100
type Entries = Sequence[tuple[UUID, e.Event]]
SPEECH = ("AGREE", "THREATEN", "REJECT", "REQUEST", "ACCUSE", "SUPPORT")


def replay(recorded: Sequence[Recorded], absence: Absence) -> None:
    """Append what is left of the events to a log that is empty so far, and do the work."""
    for drafts in batched(left(recorded, absence), AT_ONCE, strict=False):
        log.append(drafts, at=recorded[-1].recorded_at, by="fresh", project=standing.project)
    work_off()


def left(recorded: Sequence[Recorded], absence: Absence) -> Iterator[Draft]:
    """The events without what is absent, worked out apart from the code under test."""
    taken = _Taken(
        absence=absence, publishers=_publishers(recorded), actors=_actors(recorded), claims={}
    )
    thinned = [(one.stream, taken.applied_to(one.stream, one.decoded())) for one in recorded]
    entries = [(stream, event) for stream, event in thinned if event is not None]
    gone = taken.streams | _bare(entries)
    for stream, event in entries:
        ends = {getattr(event, "from_", stream), getattr(event, "to", stream)}
        if not gone & {stream, *ends}:
            yield Draft(stream=stream, event=event)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """`actors`: who a source is; `claims`: each as it stands so far."""

    absence: Absence
    publishers: dict[UUID, UUID]
    actors: dict[UUID, UUID | None]
    claims: dict[UUID, Claim]

    @property
    def streams(self) -> set[UUID]:
        own = self.absence.sources
        return {
            *self.absence.claims,
            *own,
            *(k for k, one in self.publishers.items() if one in own),
        }

    def applied_to(self, stream: UUID, event: Any) -> Any:
        match event:
            case e.ClaimAsserted(claim=claim) | e.ClaimCorrected(claim=claim):
                self.claims[stream] = claim
                kept = tuple(one for one in claim.citations if self.leaves(one, claim))
                return replace(event, claim=replace(claim, citations=kept))
            case e.CitationAdded(citation=citation):
                return event if self.leaves(citation, self.claims[stream]) else None
            case e.VerdictGiven(source=source, document=document):
                return None if {source, document} & self.streams else event
        return event

    def leaves(self, citation: Citation, claim: Claim) -> bool:
        publisher = self.publishers[citation.document]
        if {publisher, *citation.chain} & self.absence.sources:
            return False
        return self._root(publisher, citation, claim) not in self.absence.roots

    def _root(self, publisher: UUID, citation: Citation, claim: Claim) -> UUID:
        """The last of the chain; who says what the claim says is no link of it."""
        root = publisher
        for source in citation.chain:
            if {self.actors[root], self.actors[source]} & self._speakers(citation, claim):
                break
            root = source
        return root

    def _speakers(self, citation: Citation, claim: Claim) -> set[UUID]:
        speech = claim.code and claim.code.split("/")[1] in SPEECH
        if not speech or citation.stance != "supports":
            return set()
        return {party.actor for party in claim.parties if party.role == "initiator"}


def _publishers(recorded: Sequence[Recorded]) -> dict[UUID, UUID]:
    events = ((one.stream, one.decoded()) for one in recorded)
    return {key: one.document.source for key, one in events if isinstance(one, e.DocumentDescribed)}


def _actors(recorded: Sequence[Recorded]) -> dict[UUID, UUID | None]:
    events = ((one.stream, one.decoded()) for one in recorded)
    return {key: one.source.actor for key, one in events if isinstance(one, e.SourceDescribed)}


def _bare(entries: Entries) -> set[UUID]:
    """Nobody can enter a claim that nothing supports or denies."""
    states: dict[UUID, f.State | None] = {}
    for position, (stream, event) in enumerate(entries):
        entry = f.Entry(stream=stream, position=position, event=event)
        states[stream] = f.fold([entry], states.get(stream))
    return {
        key
        for key, one in states.items()
        if isinstance(one, f.ClaimState) and not one.claim.citations
    }


@st.composite
def a_chained_citation(draw: st.DrawFn) -> Step:
    """One more citation, which the publisher has from another source."""
    place, document, source = draw(PLACES), draw(PLACES), draw(PLACES)
    stance = draw(st.sampled_from(("supports", "denies")))

    def step(scene: Scene) -> None:
        citation = a_citation(
            scene.documents[document % len(scene.documents)],
            chain=(_sources()[source % 3],),
            stance=stance,
        )
        claims.cite(scene.claim(place), citation, at=AT, by=BY)

    return step


@st.composite
def a_verdict_of_a_source(draw: st.DrawFn) -> Step:
    place, source = draw(PLACES), draw(PLACES)
    says = draw(st.sampled_from(("confirmed", "false")))

    def step(scene: Scene) -> None:
        verdict = e.VerdictGiven(verdict=says, reason="seen", source=_sources()[source % 3])
        claims.give_verdict(scene.claim(place), verdict, at=AT, by=BY)

    return step


def _sources() -> list[UUID]:
    """The three sources of the scene, in the order in which they were described."""
    return [one.stream for one in log.read(after=0, limit=1000) if one.kind == "SourceDescribed"]


HISTORIES = st.builds(
    lambda made, later: [*made, *later],
    st.lists(an_assertion(), min_size=3, max_size=4),
    st.lists(st.one_of(STEPS, a_chained_citation(), a_verdict_of_a_source()), max_size=14),
)
TAKEN = st.tuples(st.sampled_from(("claims", "sources", "roots")), PLACES)


def is_as_a_fresh_record(steps: list[Step], taken: list[tuple[str, int]], later: int) -> None:
    """`later`: how many of the last steps are not known yet at the position asked about."""
    now = max(3, len(steps) - later)
    with undone():
        scene = a_scene()
        for step in steps[:now]:
            happens(step, scene)
        position, recorded = log.head().position, log.read(after=0, limit=10_000)
        absence = _absence(scene, taken)
        for step in steps[now:]:
            happens(step, scene)
        work_off()
        answers = _answers(absence, as_of=position)
    with undone():
        replay(recorded, absence)
        assert answers == _answers(NOTHING, as_of=None)


def _absence(scene: Scene, taken: list[tuple[str, int]]) -> Absence:
    named: dict[str, set[UUID]] = {"claims": set(), "sources": set(), "roots": set()}
    for noun, place in taken:
        held = scene.made if noun == "claims" else _sources()
        # Steps that all correct or judge make no claim.
        if held:
            named[noun].add(held[place % len(held)])
    return Absence(**{noun: frozenset(each) for noun, each in named.items()})


def _answers(absence: Absence, *, as_of: int | None) -> dict[str, list[Knot]]:
    return {
        f"{lens} {direction}": list(
            what_if.series(
                pair,
                direction=direction,
                lens=lens,
                as_of=moment.at(as_of),
                absence=absence,
                reader=Reader.DESK,
            ).knots
        )
        for lens in LENSES
        for pair in PAIRS
        for direction in (pair, ">".join(pair.split("-")))
    }


class TestEveryHistory:
    @law(
        (HISTORIES, st.lists(TAKEN, min_size=1, max_size=2), st.integers(0, 3)),
        (HISTORIES, st.lists(TAKEN, min_size=1, max_size=3), st.integers(0, 6)),
    )
    def test_without_something_is_as_a_fresh_record_that_never_had_it(self, tried) -> None:
        tried(is_as_a_fresh_record)
