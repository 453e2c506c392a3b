"""Keeps the table `disclosed`: which claims the public may see.

A new claim about nothing grave is shown at once. A change that may affect a grave claim withholds
that claim in the transaction of the append; the follower assesses it later.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import disclosure
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import PublicSpan
from tracker.log import Rows, Statement
from tracker.log.messages import ask, id_array, send
from tracker.models.derived import DISCLOSURE
from tracker.projections.ahead import GOES_ON, stop_ahead
from tracker.projections.inserts import count_renewal
from tracker.projections.transaction_settings import patiently
from tracker.queries.claims import accusations
from tracker.queries.claims.accusations import GRAVE, grave_codes
from tracker.queries.sql import select, select_value

EVENTS = 1_000
# Claims that are assessed in one transaction.
CHUNK = 200
# The follower and the transactions that withhold claims wait for each other.
_HOLD = Statement("SELECT FROM cursor WHERE view = %s FOR SHARE", [DISCLOSURE])
_SHOW_NEW = (
    "INSERT INTO disclosed (claim, known_from) SELECT id, 0 FROM unnest(%s::uuid[]) AS new (id)"
)
_WITHHOLD = "DELETE FROM disclosed WHERE claim = ANY(%s::uuid[])"
_WITHHOLD_DEPENDENT = (
    "DELETE FROM disclosed USING dependency d WHERE d.view = %s AND d.stream = ANY(%s::uuid[])"
    " AND disclosed.claim = d.claim"
)
_WITHHOLD_NAMING = (
    "DELETE FROM disclosed USING standing_claim c WHERE disclosed.claim = c.id"  # noqa: S608
    f" AND c.actors && %s::uuid[] AND {GRAVE}"
)
_RECORDS = ("ActorDescribed", "DocumentDescribed", "SourceDescribed")
_EVENTS = (
    "SELECT e.position, e.stream, e.version, e.kind FROM logged e"  # noqa: S608
    f" WHERE {log.IN_RANGE.format(after='%(after)s', until='%(until)s')} ORDER BY e.position"
)
# OFFSET 0 forces one look-up for each stream: for many, the planner would read the whole table of
# disclosed claims.
_AFFECTED = (
    "SELECT c.id FROM unnest(%s::uuid[]) AS changed (id) CROSS JOIN LATERAL"  # noqa: S608
    " (SELECT * FROM standing_claim WHERE id = changed.id OFFSET 0) c"
    f" WHERE c.version > 1 OR {GRAVE}"
    # Recorded by a version of the program without this table.
    " OR NOT EXISTS (SELECT FROM disclosed d WHERE d.claim = c.id OFFSET 0)"
    " UNION SELECT claim FROM dependency WHERE view = %s AND stream = ANY(%s::uuid[])"
)
_NAMING = (
    "SELECT c.id FROM standing_claim c WHERE c.actors && %s::uuid[]"  # noqa: S608
    f" AND {GRAVE}"
)
_BEGIN = (
    "INSERT INTO cursor (view, position, begun, stopped_by) VALUES (%s, 0, 0, '')"
    " ON CONFLICT DO NOTHING"
)
_TAKE = "SELECT position, last_claim FROM cursor WHERE view = %s FOR UPDATE"
_MOVE = "UPDATE cursor SET position = %s, last_claim = %s WHERE view = %s"
_HELD = "SELECT claim, known_from, known_until FROM disclosed WHERE claim = ANY(%s::uuid[])"
_FROM_NOWHERE = (
    "SELECT claim FROM disclosed WHERE NOT EXISTS"
    " (SELECT FROM standing_claim c WHERE c.id = claim) ORDER BY claim"
)
_SHOW = (
    "INSERT INTO disclosed (claim, known_from, known_until)"
    " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[])"
)
_INDEPENDENT = "DELETE FROM dependency WHERE view = %s AND claim = ANY(%s::uuid[])"
_DEPEND = (
    "INSERT INTO dependency (view, stream, claim)"
    " SELECT %s, stream, claim FROM unnest(%s::uuid[], %s::uuid[]) AS new (stream, claim)"
)


def ordinary(begun: Mapping[UUID, Sequence[Any]]) -> list[UUID]:
    """Return the new streams that are claims about nothing grave."""
    return [stream for stream, events in begun.items() if _is_ordinary(events)]


def _is_ordinary(pending: Iterable[Any]) -> bool:
    claims = list(_claims_in(pending))
    return bool(claims) and not any(map(disclosure.grave, claims))


def _claims_in(pending: Iterable[Any]) -> Iterator[Claim]:
    for change in pending:
        if isinstance(change.event, e.ClaimAsserted | e.ClaimCorrected):
            yield change.event.claim


def show_new(claims: Sequence[UUID]) -> list[Statement]:
    """Return the statement that shows new claims from the beginning."""
    return [Statement(_SHOW_NEW, [id_array(claims)])] if claims else []


def show_new_rows(claims: Sequence[UUID]) -> list[Rows]:
    """Return the rows of `disclosed` that show many new claims from the beginning."""
    columns = {"claim": "uuid", "known_from": "int8"}
    return [Rows("disclosed", columns, [(claim, 0) for claim in claims])] if claims else []


def withhold(claims: Collection[UUID]) -> list[Statement]:
    """Return the statements that withhold claims until they are assessed."""
    return [_HOLD, Statement(_WITHHOLD, [id_array(claims)])] if claims else []


def withhold_changed(
    changed: Mapping[UUID, Sequence[Any]],
    before: Mapping[UUID, f.State],
    after: Mapping[UUID, f.State],
) -> list[Statement]:
    """Return the statements that withhold claims which events about to be appended may affect.

    `changed` has the events of existing streams, `before` and `after` their states.
    """
    claims = [stream for stream, events in changed.items() if _is_grave(before.get(stream), events)]
    records = [stream for stream in changed if _matters(before.get(stream), after[stream])]
    actors = [stream for stream in records if _becomes_blamable(before.get(stream), after[stream])]
    statements = []
    if claims:
        statements.append(Statement(_WITHHOLD, [id_array(claims)]))
    if records:
        statements.append(Statement(_WITHHOLD_DEPENDENT, [DISCLOSURE, id_array(records)]))
    if actors:
        statements.append(Statement(_WITHHOLD_NAMING, [id_array(actors), *grave_codes()]))
    return [_HOLD, *statements] if statements else []


def _is_grave(before: f.State | None, pending: Iterable[Any]) -> bool:
    if not isinstance(before, f.ClaimState):
        return False
    return any(map(disclosure.grave, [before.claim, *_claims_in(pending)]))


def _matters(old: f.State | None, new: f.State) -> bool:
    """Whether a change of a record may change whether a claim is cleared."""
    match old, new:
        case f.ActorState(actor=before), f.ActorState(actor=after):
            return (before.kind, before.affiliations) != (after.kind, after.affiliations)
        case f.SourceState(source=before), f.SourceState(source=after):
            return before != after
        case f.DocumentState(document=before), f.DocumentState(document=after):
            return before.source != after.source
    return False


def _becomes_blamable(old: f.State | None, new: f.State) -> bool:
    return accusations.blamable(new) and not accusations.blamable(old)


class _Event(NamedTuple):
    position: int
    stream: UUID
    version: int
    kind: str


def follow_all(*, most: int | None = None, until: int | None = None) -> int:
    """Process the log to its end, or until `most` events are processed. Return their number."""
    stop_ahead()
    total = 0
    while (most is None or total < most) and (processed := follow(until=until)):
        total += processed
    return total


@transaction.atomic
def follow(*, until: int | None = None) -> int:
    """Process the next events. Return their number: 0 at the end of the log, or at `until`.

    An event that affects very many claims is processed in several transactions.
    """
    if not _is_behind(until):
        return 0
    [(position, last)] = ask(
        patiently(), Statement(_BEGIN, [DISCLOSURE]), Statement(_TAKE, [DISCLOSURE])
    )
    events = _events(position, 1 if last else EVENTS, until)
    affected = _affected(events)
    while len(affected) > CHUNK and len(events) > 1:
        events = events[: len(events) // 2]
        affected = _affected(events)
    remaining = sorted(claim for claim in affected if last is None or claim > last)
    chunk = remaining[:CHUNK]
    statements = _assess(chunk) if chunk else []
    if len(remaining) > CHUNK:
        statements.append(Statement(_MOVE, [position, chunk[-1], DISCLOSURE]))
    elif events:
        statements.append(Statement(_MOVE, [events[-1].position, None, DISCLOSURE]))
    send(*statements)
    return len(events)


def _is_behind(until: int | None) -> bool:
    """Whether there are events to process. Takes no lock."""
    return bool(
        select_value(
            f"SELECT LEAST(h.position, %s) > coalesce(c.position, 0) AND {GOES_ON}"  # noqa: S608
            " FROM log_head h LEFT JOIN cursor c ON c.view = %s",
            [until, DISCLOSURE],
        )
    )


def _events(after: int, limit: int, until: int | None) -> list[_Event]:
    last = after + limit if until is None else min(after + limit, until)
    return [_Event(*row) for row in select(_EVENTS, {"after": after, "until": last})]


def _affected(events: Sequence[_Event]) -> set[UUID]:
    """The claims whose disclosure the events may change."""
    streams = {event.stream for event in events}
    records = {
        event.stream: event.kind for event in events if event.version > 1 and event.kind in _RECORDS
    }
    parameters = [id_array(streams), *grave_codes(), DISCLOSURE, id_array(records)]
    claims = {row[0] for row in ask(Statement(_AFFECTED, parameters))}
    actors = [stream for stream, kind in records.items() if kind == "ActorDescribed"]
    if blamable := accusations.ever_blamable(actors):
        claims |= {row[0] for row in ask(Statement(_NAMING, [id_array(blamable), *grave_codes()]))}
    return claims


def _assess(claims: Sequence[UUID]) -> list[Statement]:
    """Return the statements that update the rows of claims."""
    assessed = accusations.assess(claims)
    stored = _stored_spans(assessed)
    changed = {
        claim: assessed_claim.assessment.spans
        for claim, assessed_claim in assessed.items()
        if stored[claim] != {*assessed_claim.assessment.spans}
    }
    dependencies = [
        (stream, key)
        for key, assessed_claim in assessed.items()
        for stream in assessed_claim.rests_on
    ]
    statements = [Statement(_INDEPENDENT, [DISCLOSURE, id_array(assessed)])]
    if dependencies:
        streams, dependent = zip(*dependencies, strict=True)
        statements.append(Statement(_DEPEND, [DISCLOSURE, id_array(streams), id_array(dependent)]))
    return statements + (_replace_rows(changed) if changed else [])


def _stored_spans(claims: Collection[UUID]) -> dict[UUID, set[PublicSpan]]:
    """The stored spans of each claim."""
    spans: dict[UUID, set[PublicSpan]] = {claim: set() for claim in claims}
    for claim, *span in ask(Statement(_HELD, [id_array(claims)])):
        spans[claim].add(PublicSpan(*span))
    return spans


def _replace_rows(changed: Mapping[UUID, Collection[PublicSpan]]) -> list[Statement]:
    rows = [(claim, *span) for claim, spans in changed.items() for span in spans]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    return [
        Statement(_WITHHOLD, [id_array(changed)]),
        Statement(_SHOW, [id_array(columns[0]), columns[1], columns[2]]),
        count_renewal("disclosed"),
    ]


def wrong_rows(claims: Sequence[UUID]) -> Iterator[str]:
    """Yield the claims whose rows differ from the log.

    A claim that should be shown may still be withheld while the follower is behind.
    """
    assessed = accusations.assess(claims)
    stored = _stored_spans(assessed)
    behind = _is_behind(None)
    for claim, assessed_claim in assessed.items():
        expected = {*assessed_claim.assessment.spans}
        if stored[claim] - expected or (expected - stored[claim] and not behind):
            yield f"the disclosure of claim {claim} differs from the log"


def orphan_rows() -> list[str]:
    """Return the rows whose claim is not on record."""
    return [f"the disclosure of {row[0]} has no claim" for row in ask(Statement(_FROM_NOWHERE))]
