"""A score from nothing but events of the log: streams are folded, claims evaluated, and scored.

Plain Python without database, pydantic and numpy, shared by the site and the stand-alone verifier.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.around import Neighbourhood, Snapshot
from tracker.domain.events import ClaimsLinked
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import LensVersion, directions, pair_of
from tracker.domain.scoring import moments
from tracker.domain.scoring.evidence import Impact
from tracker.domain.scoring.moments import Explanation, Score
from tracker.domain.state import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which score: of a series on a day, under the version of a lens, as known at a position. It
    follows from the `claims`."""

    lens: UUID
    version: int
    direction: str
    day: date
    position: int
    claims: Sequence[UUID]

    @property
    def pair(self) -> str:
        """The undirected pair of the series."""
        return pair_of(*self.direction.replace(">", "-").split("-"))


class Answer(NamedTuple):
    """The score with what each claim contributes."""

    lens: LensVersion
    score: Score
    explanation: Explanation


class NotEnough(ValueError):
    """The events do not have what the score follows from."""


def recompute(question: Question, entries: Iterable[Entry]) -> Answer:
    """Compute a score from events, in the order of the log. Those of the claims, of everything
    around them and of the lens must be among them.

    :raises NotEnough: they are not.
    """
    if question.direction not in directions(question.pair):
        raise NotEnough(f"{question.direction} is no series of {question.pair}")
    streams: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        streams[entry.stream].append(entry)
    lens = _lens(question, streams.pop(question.lens, []))
    impacts = _impacts(question, lens, streams)
    scorer = lens.scorer
    pulls = lens.pulls(impacts, question.direction)
    knot = moments.latest(scorer.knots(pulls, until=question.day), question.day)
    score = scorer.at(knot, question.day)
    return Answer(lens, score, scorer.contributions(pulls, question.day))


def _lens(question: Question, entries: Iterable[Entry]) -> LensVersion:
    state = f.fold(entries)
    if not isinstance(state, f.LensState) or not 1 <= question.version <= len(state.versions):
        raise NotEnough(f"version {question.version} of the lens is missing")
    lens = state.versions[question.version - 1]
    return LensVersion(id=state.id, version=question.version, lens=lens)


def _impacts(
    question: Question, lens: LensVersion, streams: dict[UUID, list[Entry]]
) -> list[Impact]:
    """The impacts of the claims on the pair."""

    def read(wanted: set[UUID], until: int) -> Iterable[Entry]:
        found = (entry for stream in wanted for entry in streams.get(stream, ()))
        return (entry for entry in found if entry.position <= until)

    links = _links(streams)
    snapshot = Snapshot(question.position, read=read)
    around = Neighbourhood(
        snapshot,
        lens.lens.view,
        link_streams=lambda claims: {claim: links.get(claim, set()) for claim in claims},
    )
    found: list[Impact] = []
    for claim in question.claims:
        state = snapshot.get(claim, f.ClaimState)
        if state is None:
            raise NotEnough(f"claim {claim} is missing")
        try:
            own = evaluate(state, around.around(state)).impacts
        except KeyError as missing:
            raise NotEnough(f"a record behind claim {claim} is missing: {missing}") from missing
        found += [one for one in own if pair_of(one.initiator, one.recipient) == question.pair]
    return found


def _links(streams: dict[UUID, list[Entry]]) -> dict[UUID, set[UUID]]:
    """The streams of the links at either end of each claim."""
    links: dict[UUID, set[UUID]] = defaultdict(set)
    for stream, entries in streams.items():
        for entry in entries:
            if isinstance(entry.event, ClaimsLinked):
                links[entry.event.from_].add(stream)
                links[entry.event.to].add(stream)
    return links
