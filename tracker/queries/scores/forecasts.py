"""How a source's forecasts turned out.

A forecast belongs to its root: the last source in the chain of a supporting citation, or the
document's publisher if the chain is empty.
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

# Forecasts that may belong to a source; their citations decide.
_CANDIDATES = (
    "SELECT id FROM standing_claim WHERE kind = 'forecast' AND status = 'standing'"
    " AND (%(source)s = ANY(sources) OR documents && ARRAY(SELECT id FROM standing_record"
    " WHERE noun = 'document' AND state #>> '{document,source}' = %(source)s::text))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRecord:
    """A source's record, and the position up to which the log was read."""

    source: UUID
    as_of: int
    record: Record


def record(source: UUID, *, reader: Reader, as_of: At) -> ForecastRecord:
    """Return the record of a source's forecasts that are in force and reviewed, as known at a
    moment.

    Claims that are the same count once, a resolved one if there is any. A superseded claim does not
    count.

    :raises moment.AheadOfLog:
    """
    head = as_of.position
    at = None if as_of.is_now else head
    own = _own(source, at, reader)
    counted: dict[UUID, f.ClaimState] = {}
    for state in sorted(own.values(), key=lambda state: (state.resolution is None, state.id)):
        cluster, superseded = _linked(state.id, at)
        if not superseded and not cluster & counted.keys():
            counted[state.id] = state
    record = domain.record(map(forecast, counted.values()))
    return ForecastRecord(source=source, as_of=head, record=record)


def forecast(state: f.ClaimState) -> Forecast:
    """Return a claim's forecast, for the domain."""
    outcome = state.resolution.outcome if state.resolution else None
    return Forecast(likelihood=state.claim.likelihood, outcome=outcome)


def _own(source: UUID, at: int | None, reader: Reader) -> dict[UUID, f.ClaimState]:
    forecasts = {
        key: state
        for key, state in states.claims(_candidates(source, at), at=at).items()
        if state.claim.kind == "forecast" and _stands(state)
    }
    # A withheld claim must not count: that would show whose it is.
    hidden = disclosure.withheld_claims(forecasts, at=at, reader=reader)
    forecasts = {key: forecasts[key] for key in forecasts.keys() - hidden}
    cited = {
        citation.document for state in forecasts.values() for citation in state.claim.citations
    }
    records = states.records(
        {*cited, *(state.claim.collection for state in forecasts.values())}, at=at
    )
    return {
        key: state
        for key, state in forecasts.items()
        if _is_reviewed(state, records) and source in _roots(state, records)
    }


def _candidates(source: UUID, at: int | None) -> set[UUID]:
    """The claims that may be forecasts of a source; at a past moment all forecasts."""
    if at is not None:
        rows = in_force.rows(
            StandingClaim,
            "id",
            at=at,
            narrow=lambda rows: rows.filter(kind="forecast", status="standing"),
        )
        return {row[0] for row in rows}
    return {row[0] for row in select(_CANDIDATES, {"source": source})}


def _is_reviewed(state: f.ClaimState, records: Mapping[UUID, f.State]) -> bool:
    collection = records[state.claim.collection]
    requires_review = isinstance(collection, f.CollectionState) and collection.collection.review
    return state.review == "accepted" if requires_review else state.review != "rejected"


def _linked(claim: UUID, at: int | None) -> tuple[set[UUID], bool]:
    """The claims that are the same as a claim, itself included, and whether it is superseded."""
    cluster, reached = {claim}, {claim}
    superseded = False
    while reached:
        links = [link for links in states.links(reached, at=at).values() for link in links]
        newer = {link.from_ for link in links if link.type == "supersedes" and link.to == claim}
        superseded = superseded or any(map(_stands, states.claims(newer, at=at).values()))
        ends = {end for link in links if link.type == "same_as" for end in (link.from_, link.to)}
        reached = ends - cluster
        cluster |= reached
    return cluster, superseded


def _stands(state: f.ClaimState) -> bool:
    return state.status == "standing"


def _roots(state: f.ClaimState, records: Mapping[UUID, f.State]) -> Iterable[UUID]:
    for citation in state.claim.citations:
        if citation.stance == "supports":
            document = records.get(citation.document)
            if citation.chain:
                yield citation.chain[-1]
            elif isinstance(document, f.DocumentState):
                yield document.document.source
