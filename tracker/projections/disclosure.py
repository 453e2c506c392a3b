"""Keeps in the table `disclosed` which claims the public may see.

A new claim that is about nothing grave is shown at once. Whatever may change what a grave claim
lacks first withholds it, in the transaction of the append; the follower then assesses it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from tracker.domain import disclosure
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.claims import Claim
from tracker.domain.disclosure import Span
from tracker.log import Rows, Statement
from tracker.log.messages import ask, id_array, send
from tracker.models.derived import DISCLOSURE
from tracker.projections.transaction_settings import PATIENTLY
from tracker.queries.claims import accusations

EVENTS = 1_000
# Claims that are assessed in one transaction.
CHUNK = 200
_GRAVE = "(c.code = ANY(%s::text[]) OR c.state #> '{claim,contexts}' ?| %s::text[])"
# While the follower assesses claims, those who withhold some wait for it, and it waits for them.
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
    f" AND c.actors && %s::uuid[] AND {_GRAVE}"
)
_RECORDS = ("ActorDescribed", "DocumentDescribed", "SourceDescribed")
_EVENTS = (
    "SELECT position, stream, version, kind FROM event WHERE position > %s AND position <= %s"
    " ORDER BY position"
)
_AFFECTED = (
    "SELECT c.id FROM standing_claim c WHERE c.id = ANY(%s::uuid[])"  # noqa: S608
    f" AND (c.version > 1 OR {_GRAVE}"
    # One that a version of the program recorded that did not know this table.
    " OR NOT EXISTS (SELECT FROM disclosed d WHERE d.claim = c.id))"
    " UNION SELECT claim FROM dependency WHERE view = %s AND stream = ANY(%s::uuid[])"
)
_NAMING = (
    "SELECT c.id FROM standing_claim c WHERE c.actors && %s::uuid[]"  # noqa: S608
    f" AND {_GRAVE}"
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
_RENEW = Statement(
    "INSERT INTO renewal AS held (name, number) VALUES (%s, 1)"
    " ON CONFLICT (name) DO UPDATE SET number = held.number + 1",
    ["disclosed"],
)


def _grave_codes() -> list[Any]:
    """The parameters of `_GRAVE`."""
    return [disclosure.codes(disclosure.EVENTS), sorted(disclosure.CONTEXTS)]


def ordinary(begun: Mapping[UUID, Sequence[Any]]) -> list[UUID]:
    """Those of some new streams that are claims about nothing grave."""
    return [stream for stream, some in begun.items() if _is_ordinary(some)]


def _is_ordinary(pending: Iterable[Any]) -> bool:
    said = list(_said(pending))
    return bool(said) and not any(map(disclosure.grave, said))


def _said(pending: Iterable[Any]) -> Iterator[Claim]:
    for one in pending:
        if isinstance(one.event, e.ClaimAsserted | e.ClaimCorrected):
            yield one.event.claim


def shown(claims: Sequence[UUID]) -> list[Statement]:
    """Show new claims from the beginning."""
    return [Statement(_SHOW_NEW, [id_array(claims)])] if claims else []


def copied(claims: Iterable[UUID]) -> Rows:
    """The same for many claims."""
    return Rows("disclosed", {"claim": "uuid", "known_from": "int8"}, ((one, 0) for one in claims))


def withholding(
    changed: Mapping[UUID, Sequence[Any]],
    before: Mapping[UUID, f.State],
    after: Mapping[UUID, f.State],
) -> list[Statement]:
    """Withhold the claims that may have to be, since events are about to be appended to streams
    that went on before."""
    claims = [one for one, some in changed.items() if _is_grave(before.get(one), some)]
    records = [one for one in changed if _matters(before.get(one), after[one])]
    actors = [one for one in records if _becomes_blamable(before.get(one), after[one])]
    statements = []
    if claims:
        statements.append(Statement(_WITHHOLD, [id_array(claims)]))
    if records:
        statements.append(Statement(_WITHHOLD_DEPENDENT, [DISCLOSURE, id_array(records)]))
    if actors:
        statements.append(Statement(_WITHHOLD_NAMING, [id_array(actors), *_grave_codes()]))
    return [_HOLD, *statements] if statements else []


def _is_grave(before: f.State | None, pending: Iterable[Any]) -> bool:
    if not isinstance(before, f.ClaimState):
        return False
    return any(map(disclosure.grave, [before.claim, *_said(pending)]))


def _matters(old: f.State | None, new: f.State) -> bool:
    """Whether a change of a record may change what a claim lacks."""
    match old, new:
        case f.ActorState(actor=was), f.ActorState(actor=now):
            return (was.kind, was.affiliations) != (now.kind, now.affiliations)
        case f.SourceState(source=was), f.SourceState(source=now):
            return was != now
        case f.DocumentState(document=was), f.DocumentState(document=now):
            return was.source != now.source
    return False


def _becomes_blamable(old: f.State | None, new: f.State) -> bool:
    return accusations.blamable(new) and not accusations.blamable(old)


class _Event(NamedTuple):
    position: int
    stream: UUID
    version: int
    kind: str


def follow_all(*, most: int | None = None, until: int | None = None) -> int:
    """Take in the log to its end, or until `most` events are taken in; give their number."""
    total = 0
    while (most is None or total < most) and (taken := follow(until=until)):
        total += taken
    return total


@transaction.atomic
def follow(*, until: int | None = None) -> int:
    """Take in the next events and give how many; 0 at the end of the log, or at `until`.

    An event that affects very many claims is taken in by several transactions.
    """
    if not _is_behind(until):
        return 0
    [(position, last)] = ask(
        PATIENTLY,
        Statement(_BEGIN, [DISCLOSURE]),
        Statement(_TAKE, [DISCLOSURE]),
    )
    events = _events(position, 1 if last else EVENTS, until)
    affected = _affected(events)
    while len(affected) > CHUNK and len(events) > 1:
        events = events[: len(events) // 2]
        affected = _affected(events)
    left = sorted(one for one in affected if last is None or one > last)
    chunk = left[:CHUNK]
    statements = _assess(chunk) if chunk else []
    if len(left) > CHUNK:
        statements.append(Statement(_MOVE, [position, chunk[-1], DISCLOSURE]))
    elif events:
        statements.append(Statement(_MOVE, [events[-1].position, None, DISCLOSURE]))
    send(*statements)
    return len(events)


def _is_behind(until: int | None) -> bool:
    """Whether there is anything to take in; a question that waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT LEAST(h.position, %s) > coalesce(c.position, 0)"
            " FROM log_head h LEFT JOIN cursor c ON c.view = %s",
            [until, DISCLOSURE],
        )
        return bool(cursor.fetchone()[0])


def _events(after: int, limit: int, until: int | None) -> list[_Event]:
    last = after + limit if until is None else min(after + limit, until)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [after, last])
        return [_Event(*row) for row in cursor.fetchall()]


def _affected(events: Sequence[_Event]) -> set[UUID]:
    """The claims whose disclosure some events may change."""
    streams = {one.stream for one in events}
    records = {one.stream: one.kind for one in events if one.version > 1 and one.kind in _RECORDS}
    given = [id_array(streams), *_grave_codes(), DISCLOSURE, id_array(records)]
    found = {row[0] for row in ask(Statement(_AFFECTED, given))}
    actors = [stream for stream, kind in records.items() if kind == "ActorDescribed"]
    if blamable := accusations.ever_blamable(actors):
        found |= {row[0] for row in ask(Statement(_NAMING, [id_array(blamable), *_grave_codes()]))}
    return found


def _assess(claims: Sequence[UUID]) -> list[Statement]:
    """What brings the rows of some claims up to date."""
    assessed = accusations.assess(claims)
    held = _held(assessed)
    changed = {
        claim: one.assessment.spans
        for claim, one in assessed.items()
        if held[claim] != {*one.assessment.spans}
    }
    rests = [(stream, key) for key, one in assessed.items() for stream in one.rests_on]
    statements = [Statement(_INDEPENDENT, [DISCLOSURE, id_array(assessed)])]
    if rests:
        streams, dependent = zip(*rests, strict=True)
        statements.append(Statement(_DEPEND, [DISCLOSURE, id_array(streams), id_array(dependent)]))
    return statements + (_rewritten(changed) if changed else [])


def _held(claims: Collection[UUID]) -> dict[UUID, set[Span]]:
    """The spans on record of some claims."""
    held: dict[UUID, set[Span]] = {one: set() for one in claims}
    for claim, *span in ask(Statement(_HELD, [id_array(claims)])):
        held[claim].add(Span(*span))
    return held


def _rewritten(changed: Mapping[UUID, Collection[Span]]) -> list[Statement]:
    rows = [(claim, *span) for claim, spans in changed.items() for span in spans]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    return [
        Statement(_WITHHOLD, [id_array(changed)]),
        Statement(_SHOW, [id_array(columns[0]), columns[1], columns[2]]),
        _RENEW,
    ]


def unlike(claims: Sequence[UUID]) -> Iterator[str]:
    """Those of some claims whose rows are not what the log says. What the follower has not taken in
    may still be withheld."""
    assessed = accusations.assess(claims)
    held = _held(assessed)
    behind = _is_behind(None)
    for claim, one in assessed.items():
        expected = {*one.assessment.spans}
        if held[claim] - expected or (expected - held[claim] and not behind):
            yield f"the disclosure of claim {claim} is not what the log says"


def from_nowhere() -> list[str]:
    """Rows of claims that are not on record."""
    return [f"the disclosure of {row[0]} is of no claim" for row in ask(Statement(_FROM_NOWHERE))]
