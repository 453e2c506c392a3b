"""What became of a source's forecasts.

A forecast is its root's: whoever stands at the end of a supporting citation's chain, or the
document's publisher where there is none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain import forecasts as domain
from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.forecasts import Forecast, Record
from tracker.models.derived import StandingClaim
from tracker.queries import in_force
from tracker.queries.claims import disclosure
from tracker.queries.moment import At
from tracker.queries.records import states
from tracker.queries.sql import select

# Those that may rest on a source; the citations themselves say which do.
_CANDIDATES = (
    "SELECT id FROM standing_claim WHERE kind = 'forecast' AND status = 'standing'"
    " AND (%(source)s = ANY(sources) OR documents && ARRAY(SELECT id FROM standing_record"
    " WHERE noun = 'document' AND state #>> '{document,source}' = %(source)s::text))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A source's record, and how far the log was read for it."""

    source: UUID
    as_of: int
    record: Record


def record(source: UUID, *, reader: Reader, as_of: At) -> SourceRecord:
    """Sum up the forecasts of a source that stand and count, as known at a moment.

    Those that are the same are one, a resolved one if there is any; one that a later claim
    supersedes is none.

    :raises moment.AheadOfLog:
    """
    head = as_of.position
    at = None if as_of.is_now else head
    found = _own(source, at, reader)
    counted: dict[UUID, f.ClaimState] = {}
    for state in sorted(found.values(), key=lambda one: (one.resolution is None, one.id)):
        cluster, superseded = _linked(state.id, at)
        if not superseded and not cluster & counted.keys():
            counted[state.id] = state
    made = domain.record(map(forecast, counted.values()))
    return SourceRecord(source=source, as_of=head, record=made)


def forecast(state: f.ClaimState) -> Forecast:
    """A claim's forecast, for the domain."""
    outcome = state.resolution.outcome if state.resolution else None
    return Forecast(likelihood=state.claim.likelihood, outcome=outcome)


def _own(source: UUID, at: int | None, reader: Reader) -> dict[UUID, f.ClaimState]:
    found = {
        key: state
        for key, state in states.claims(_candidates(source, at), at=at).items()
        if state.claim.kind == "forecast" and _stands(state)
    }
    # To count a withheld claim would tell whose it is.
    hidden = disclosure.withheld(found, at=at, reader=reader)
    found = {key: found[key] for key in found.keys() - hidden}
    cited = {one.document for state in found.values() for one in state.claim.citations}
    around = states.records({*cited, *(one.claim.collection for one in found.values())}, at=at)
    return {
        key: state
        for key, state in found.items()
        if _is_reviewed(state, around) and source in _roots(state, around)
    }


def _candidates(source: UUID, at: int | None) -> set[UUID]:
    """The claims that may be forecasts of a source; of a past moment all forecasts."""
    if at is not None:
        rows = in_force.rows(
            StandingClaim,
            "id",
            at=at,
            narrow=lambda rows: rows.filter(kind="forecast", status="standing"),
        )
        return {row[0] for row in rows}
    return {row[0] for row in select(_CANDIDATES, {"source": source})}


def _is_reviewed(state: f.ClaimState, around: Mapping[UUID, f.State]) -> bool:
    collection = around[state.claim.collection]
    asks = isinstance(collection, f.CollectionState) and collection.collection.review
    return state.review == "accepted" if asks else state.review != "rejected"


def _linked(claim: UUID, at: int | None) -> tuple[set[UUID], bool]:
    """The claims that are the same as one, itself included, and whether it is superseded."""
    cluster, reached = {claim}, {claim}
    superseded = False
    while reached:
        held = [link for links in states.links(reached, at=at).values() for link in links]
        newer = {link.from_ for link in held if link.type == "supersedes" and link.to == claim}
        superseded = superseded or any(map(_stands, states.claims(newer, at=at).values()))
        ends = {end for one in held if one.type == "same_as" for end in (one.from_, one.to)}
        reached = ends - cluster
        cluster |= reached
    return cluster, superseded


def _stands(state: f.ClaimState) -> bool:
    return state.status == "standing"


def _roots(state: f.ClaimState, around: Mapping[UUID, f.State]) -> Iterable[UUID]:
    for citation in state.claim.citations:
        if citation.stance == "supports":
            document = around.get(citation.document)
            if citation.chain:
                yield citation.chain[-1]
            elif isinstance(document, f.DocumentState):
                yield document.document.source
