"""Which claims, and which events of the log, a reader may see.

Claims that accuse a person or company of something grave are withheld from the public until they
are cleared. The rule is in `domain.disclosure`, its results are in the table `disclosed`. Every
public read joins that table: a claim without a row there is not shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched, chain
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker.domain import events as e
from tracker.domain.disclosure import NEVER, Reader, blamed_by_proposal
from tracker.domain.records import Party
from tracker.log import Recorded
from tracker.log.messages import id_array, select_prepared
from tracker.models.derived import StandingLink
from tracker.queries.records import states
from tracker.queries.sql import select

# Events are shown if the claim may be shown as of every position up to now.
_LAST = NEVER - 1
_OF_CLAIMS = (
    "ClaimAsserted",
    "ClaimCorrected",
    "CitationAdded",
    "ClaimReinstated",
    "ClaimRetracted",
    "ClaimReviewed",
    "ForecastResolved",
    "TextWithheld",
    "VerdictGiven",
)
_LINKS = ("ClaimsLinked", "ClaimsUnlinked")
# Its body has a digest of the imported file, which would confirm a guess of a small file's rows.
_DIGESTED = "ImportRecorded"
# Claims that are looked up at once if there is no limit.
_MANY = 2_000


def condition(column: str, *, at: int | None, reader: Reader) -> str:
    """Return the SQL condition that the claim whose id is in `column` may be shown, now or as of a
    position."""
    if reader is Reader.DESK:
        return "TRUE"
    return f"EXISTS (SELECT FROM disclosed shown WHERE shown.claim = {column} AND {_shown(at)})"


def column(claim: str, *, at: int | None, reader: Reader) -> str:
    """Return `condition` as a column of few rows. The LIMIT keeps the planner from hashing the
    whole table."""
    if reader is Reader.DESK:
        return "TRUE"
    shown = f"shown.claim = {claim} AND {_shown(at)}"
    return f"coalesce((SELECT TRUE FROM disclosed shown WHERE {shown} LIMIT 1), FALSE)"  # noqa: S608


def _shown(at: int | None) -> str:
    """The condition that a row `shown` of `disclosed` holds now, or as of a position."""
    if at is None:
        return "shown.known_until IS NULL"
    return (
        f"shown.known_from <= {at:d} AND (shown.known_until IS NULL OR shown.known_until > {at:d})"
    )


def only_disclosed(rows: QuerySet[Any], *, at: int | None, reader: Reader) -> QuerySet[Any]:
    """Narrow claims to those that may be shown."""
    if reader is Reader.DESK:
        return rows
    where = condition(f"{rows.model._meta.db_table}.id", at=at, reader=reader)  # noqa: SLF001
    return rows.extra(where=[where])  # noqa: S610 # `condition` has no user input


def withheld_claims(claims: Iterable[UUID], *, at: int | None, reader: Reader) -> set[UUID]:
    """Return the claims on record that may not be shown, and those that are erased."""
    wanted = set(claims)
    if reader is Reader.DESK or not wanted:
        return set()
    # A text with a position is used once.
    read = select_prepared if at is None else select
    # The planner would read the whole table for an anti-join.
    shown = read(
        f"SELECT claim FROM disclosed shown WHERE claim = ANY(%s::uuid[]) AND {_shown(at)}",  # noqa: S608
        [id_array(wanted)],
    )
    others = wanted.difference(row[0] for row in shown)
    if not others:
        return set()
    on_record = (
        "SELECT id FROM standing_claim WHERE id = ANY(%s::uuid[])"
        " UNION SELECT stream FROM event WHERE stream = ANY(%s::uuid[]) AND kind = 'BodyErased'"
    )
    ids = id_array(others)
    return {row[0] for row in select(on_record, [ids, ids])}


def first_disclosed(
    claims: Sequence[UUID], *, at: int | None, reader: Reader, most: int | None = None
) -> list[UUID]:
    """Return the first `most` claims that may be shown. Withheld claims do not count, since their
    place in an answer would reveal something."""
    visible: list[UUID] = []
    for batch in batched(claims, most or _MANY, strict=False):
        hidden = withheld_claims(batch, at=at, reader=reader)
        visible += [claim for claim in batch if claim not in hidden]
        if most is not None and len(visible) >= most:
            break
    return visible[:most]


def masked_positions(
    events: Iterable[Recorded], *, reader: Reader, at: int | None = None
) -> set[int]:
    """Return the positions of the events whose content may not be shown: those of withheld claims,
    also at earlier positions, and entries whose proposal accused somebody whom the claim does not.
    An event that is erased has no content.
    """
    if reader is Reader.DESK:
        return set()
    recorded = list(events)
    ends = _ends(event.stream for event in recorded if event.kind == "TextWithheld")
    about = {event.position: set(_about(event, ends)) for event in recorded if not event.erased}
    hidden = withheld_claims(
        set().union(*about.values()), at=_LAST if at is None else at, reader=reader
    )
    positions = {position for position, claims in about.items() if claims & hidden}
    digested = {event.position for event in recorded if event.kind == _DIGESTED}
    return positions | digested | _accused_by_proposal(recorded)


def _accused_by_proposal(events: Iterable[Recorded]) -> set[int]:
    """The positions of the entries whose proposal accused somebody whom the claim does not."""
    entered = {
        event.position: asserted
        for event in events
        if event.has("proposed") and isinstance(asserted := event.decoded(), e.ClaimAsserted)
    }
    parties = chain.from_iterable(_parties(asserted) for asserted in entered.values())
    kinds = states.actor_kinds(party.actor for party in parties)
    return {
        position
        for position, asserted in entered.items()
        if asserted.proposed and blamed_by_proposal(asserted.proposed, asserted.claim, kinds)
    }


def _parties(asserted: e.ClaimAsserted) -> Iterable[Party]:
    proposed = asserted.proposed.parties if asserted.proposed else ()
    return (*asserted.claim.parties, *proposed)


def shows_stream(kind: str) -> bool:
    """Whether a masked event of a kind may show its stream. The id of a link follows from its
    claims, and words of links may be withheld too."""
    return kind not in (*_LINKS, "TextWithheld")


def _ends(streams: Iterable[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """The claims at the ends of each stream that is a link."""
    wanted = set(streams)
    rows = StandingLink.objects.filter(id__in=wanted) if wanted else StandingLink.objects.none()
    return {row.id: (row.from_claim, row.to_claim) for row in rows}


def _about(recorded: Recorded, ends: Mapping[UUID, tuple[UUID, UUID]]) -> Iterator[UUID]:
    """The claims that an event is about."""
    if recorded.kind in _LINKS:
        yield from (UUID(recorded.content[end]) for end in ("from", "to"))
    elif recorded.kind in _OF_CLAIMS:
        yield from ends.get(recorded.stream, (recorded.stream,))
