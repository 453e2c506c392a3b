"""How often claims of each certainty were confirmed, from the verdicts on record.

Each judged claim is evaluated as known at the position before its first deciding verdict, under the
certainty method of a lens. Claims that are the same count once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.around import prefetch_claims
from tracker.domain.blind_review import Drawn, weights
from tracker.domain.calibration import Calibration, calibrate
from tracker.domain.certainty import prior_of
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import evaluate
from tracker.domain.judged_claims import (
    KINDS,
    JudgedClaim,
    Judgement,
    Outcome,
    is_independent,
    judged_claim,
    outcome_of,
)
from tracker.domain.lenses import LensVersion, View
from tracker.domain.state import Entry
from tracker.models.operational import DrawnClaim
from tracker.queries.claims import disclosure
from tracker.queries.evidence.record import Neighbourhood, Snapshot, read_entries, standing_links
from tracker.queries.moment import At
from tracker.queries.scores import lenses
from tracker.queries.sql import select

_JUDGED = (
    "SELECT id FROM standing_claim WHERE state ? 'verdicts' AND kind = ANY(%s::text[]) ORDER BY id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationReport:
    """The record of the certainty under a lens, as known at a position.

    `judged` counts each claim with a verdict once. `drawn` counts those of the weekly draw that a
    second person judged without sight of p, weighted by the claims that they stand for. `draws` is
    the number of claims drawn so far, `unjudged` of how many no such judgement came: they wait, are
    retracted or withheld, or had a verdict elsewhere first.
    """

    lens: LensVersion
    as_of: int
    draws: int
    unjudged: int
    judged: Calibration
    drawn: Calibration


def report(*, lens: str, as_of: At, reader: Reader) -> CalibrationReport:
    """Return the record as known at a moment. Withheld claims do not count for the public.

    :raises lenses.NoSuchLens:
    """
    position = as_of.position
    chosen = lenses.find(lens, position=position)
    claims = {row[0] for row in select(_JUDGED, [list(KINDS)])}
    claims -= disclosure.withheld_claims(claims, at=as_of.past, reader=reader)
    drawn = list(DrawnClaim.objects.filter(position__lte=position))
    by_stratum = weights(
        (row.week, Drawn(row.claim, row.stratum, row.probability)) for row in drawn
    )
    by_verdict = {
        row.verdict: by_stratum[row.stratum]
        for row in drawn
        if row.verdict and row.verdict <= position
    }
    judging = _Judging(claims, position=position, view=chosen.lens.view)
    return CalibrationReport(
        lens=chosen,
        as_of=position,
        draws=len(drawn),
        unjudged=len(drawn) - len(by_verdict),
        judged=calibrate(judging.first_decided()),
        drawn=calibrate(judging.at(by_verdict)),
    )


class _Entries:
    """The entries of streams up to a position; each stream is read from the log once."""

    def __init__(self, position: int) -> None:
        self._position = position
        self._by_stream: dict[UUID, list[Entry]] = {}

    def __call__(self, streams: set[UUID], until: int) -> Iterator[Entry]:
        # Not a difference of sets, which would iterate over all streams.
        new = {stream for stream in streams if stream not in self._by_stream}
        self._by_stream.update((stream, []) for stream in new)
        for entry in read_entries(new, self._position):
            self._by_stream[entry.stream].append(entry)
        for stream in streams:
            yield from (one for one in self._by_stream[stream] if one.position <= until)


class _Judging:
    """Evaluates claims before their verdicts, up to a position."""

    def __init__(self, claims: set[UUID], *, position: int, view: View) -> None:
        self._view = view
        self._entries = _Entries(position)
        prefetch_claims(claims, Snapshot(position, read=self._entries))
        self._links = {claim: set(links) for claim, links in standing_links(claims).items()}
        self._judgements = sorted(
            (
                Judgement(entry.stream, entry.position, entry.event)
                for entry in self._entries(claims, position)
                if isinstance(entry.event, e.VerdictGiven)
            ),
            key=attrgetter("position"),
        )

    def first_decided(self) -> Iterator[JudgedClaim]:
        """Yield each claim before its first deciding verdict; without one, before the first that
        says it cannot be verified."""
        counted = set[UUID]()
        outcomes = [(given, outcome_of(given.verdict)) for given in self._judgements]
        # Decided claims first: a verdict decides for all claims that are the same.
        for given, outcome in sorted(outcomes, key=lambda one: one[1] == "unverifiable"):
            if outcome is None or given.claim in counted:
                continue
            judged, cluster = self._before(given, outcome)
            if judged and counted.isdisjoint(cluster):
                counted |= cluster
                yield judged

    def at(self, by_verdict: Mapping[int, float]) -> Iterator[JudgedClaim]:
        """Yield the claims before the verdicts at some positions, with their weights."""
        for given in self._judgements:
            outcome = outcome_of(given.verdict)
            if outcome and given.position in by_verdict:
                judged, _ = self._before(given, outcome, weight=by_verdict[given.position])
                yield from [judged] if judged else []

    def _before(
        self, given: Judgement, outcome: Outcome, *, weight: float = 1.0
    ) -> tuple[JudgedClaim | None, set[UUID]]:
        """A claim before a verdict, and all claims that are the same; None if the verdict is by one
        of its own roots."""
        snapshot = Snapshot(given.position - 1, read=self._entries)
        state = snapshot.all([given.claim], f.ClaimState)[given.claim]
        around = Neighbourhood(snapshot, self._view, link_streams=self._link_streams).around(state)
        certainty = evaluate(state, around).certainty
        if not is_independent(given.verdict, certainty):
            return None, set()
        judged = judged_claim(
            given,
            outcome,
            certainty,
            likelihood=state.claim.likelihood,
            prior=prior_of(state.claim, around.collections[state.claim.collection].coding),
            weight=weight,
        )
        return judged, {given.claim, *(member.id for member in around.cluster)}

    def _link_streams(self, claims: set[UUID]) -> dict[UUID, set[UUID]]:
        new = {claim for claim in claims if claim not in self._links}
        self._links.update(standing_links(new))
        return {claim: self._links[claim] for claim in claims}
