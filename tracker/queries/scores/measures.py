"""What was measured between two countries: claims of kind `measure`, which move no score and are
shown beside it.

A measure is about a pair if two of its parties, in whatever roles, speak for one country each at
its time. It counts in a view like any claim: its collection is admitted, it is in force, not
denied, rejected or superseded, and its p is not 0. Claims that are the same count once, as the
first of them. The log is read directly, so the answer does not wait for workers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from uuid import UUID

from tracker.domain import evidence
from tracker.domain import state as f
from tracker.domain.dates import edtf
from tracker.domain.disclosure import Reader
from tracker.domain.evidence import Surroundings, why_not_counted
from tracker.domain.impacts import evaluate
from tracker.domain.lenses import LensVersion, View
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import in_force
from tracker.queries.claims import detail, voices
from tracker.queries.claims.detail import Sheet
from tracker.queries.evidence.record import Neighbourhood, Snapshot
from tracker.queries.moment import At
from tracker.queries.records import pair_names
from tracker.queries.scores import lenses

# The place of a measure in the list: its last possible day, and its claim.
type Place = tuple[date, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measured amount with its claim and its p."""

    sheet: Sheet
    baseline: edtf.Bounds | None
    p: float

    @property
    def place(self) -> Place:
        """Undated measures come last."""
        dated = self.sheet.dated
        latest = dated.bounds.latest or dated.bounds.earliest if dated else None
        return latest or date.min, self.sheet.filed.state.id


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureList:
    """The measures of a pair under a lens at a position, the latest first."""

    pair: str
    lens: LensVersion
    as_of: int
    measures: Sequence[Measure]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """Days to narrow measures to; an absent end is open."""

    start: date | None = None
    end: date | None = None

    def admits(self, occurred: edtf.Bounds | None) -> bool:
        """Whether a measure may lie in the span. Undated measures lie in no span."""
        if self.start is None and self.end is None:
            return True
        if occurred is None:
            return False
        earliest, latest = occurred.earliest or date.min, occurred.latest or date.max
        return earliest <= (self.end or date.max) and latest >= (self.start or date.min)


def measures_of(pair: str, span: DayRange, *, lens: str, reader: Reader, as_of: At) -> MeasureList:
    """Return the measures of a pair ("KAZ-RUS").

    :raises lenses.NoSuchLens: :raises moment.AheadOfLog:
    """
    position = as_of.position
    chosen = lenses.find(lens, position=position)
    one, other = (end.id for end in pair_names.ends(*pair.split("-")))
    certainties = dict(_certainties((one, other), span, chosen.lens.view, position))
    measures = [
        Measure(sheet=sheet, baseline=_baseline(sheet), p=certainties[claim])
        for claim, sheet in detail.sheets_at(certainties, position, reader=reader).items()
        if not sheet.filed.masked
    ]
    measures.sort(key=lambda measure: measure.place, reverse=True)
    return MeasureList(pair=pair, lens=chosen, as_of=position, measures=measures)


def _certainties(
    ends: tuple[UUID, UUID], span: DayRange, view: View, position: int
) -> Iterator[tuple[UUID, float]]:
    """The claims that measure something of a pair of countries, each with its p."""
    snapshot = Snapshot(position)
    neighbourhood = Neighbourhood(snapshot, view)
    for claim_id, state in snapshot.all(_candidates(ends, position), f.ClaimState).items():
        claim = state.claim
        collection = snapshot.get(claim.collection, f.CollectionState)
        if claim.kind != "measure" or claim.polarity == "denied" or collection is None:
            continue
        occurred = edtf.bounds(claim.occurred.edtf) if claim.occurred else None
        if why_not_counted(state, view=view, collection=collection.collection) or not span.admits(
            occurred
        ):
            continue
        around = neighbourhood.around(state)
        if (
            around.superseded
            or state != min(around.cluster, key=attrgetter("asserted_at"))
            or not _is_about(state, around, ends)
        ):
            continue
        if p := evaluate(state, around).p:
            yield claim_id, p


def _candidates(ends: tuple[UUID, UUID], position: int) -> list[UUID]:
    """Claims that may measure something of the pair at a position. A group may speak for both
    countries."""
    groups = in_force.rows(
        StandingRecord,
        "id",
        at=position,
        narrow=lambda rows: rows.filter(noun="actor", state__actor__kind="group"),
    )
    group_ids = [row[0] for row in groups]
    one, other = ([*group_ids, *voices.voices_of(end, at=position)] for end in ends)
    rows = in_force.rows(
        StandingClaim,
        "id",
        at=position,
        narrow=lambda rows: rows.filter(kind="measure", actors__overlap=one).filter(
            actors__overlap=other
        ),
    )
    return [row[0] for row in rows]


def _is_about(state: f.ClaimState, around: Surroundings, ends: tuple[UUID, UUID]) -> bool:
    """Whether one party speaks for one country, and another for the other."""
    cited = evidence.cited_on(around.cluster, around.documents)
    parties = tuple(dict.fromkeys(party.actor for party in state.claim.parties))
    representatives = around.representatives(parties, evidence.period(state.claim, cited=cited))
    ours, theirs = (
        {
            representative.party
            for representative in representatives
            if representative.country == end
        }
        for end in ends
    )
    return bool(ours) and bool(theirs) and len(ours | theirs) > 1


def _baseline(sheet: Sheet) -> edtf.Bounds | None:
    magnitude = sheet.claim.magnitude
    return edtf.bounds(magnitude.baseline) if magnitude and magnitude.baseline else None
