"""Which claims, and which events of the log, a reader may see.

Claims that accuse a person or company of something grave are withheld from the public until they
are cleared. The rule is in `domain.disclosure`; the table `disclosed` has what follows from it, and
every public read joins that table: a claim that is not in it is not shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tracker.domain.disclosure import NEVER, Reader
from tracker.log import Recorded
from tracker.log.messages import id_array
from tracker.models.derived import StandingLink
from tracker.queries.sql import select

# What an event says is shown where the claim may be shown as of every position up to now.
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
# Their bodies hold a digest of the imported file: who guesses the rows of a small one can confirm
# the guess.
_DIGESTED = "ImportRecorded"
# Claims that are looked up at once for all that may be named.
_MANY = 2_000


def condition(column: str, *, at: int | None, reader: Reader) -> str:
    """SQL for: the claim whose id is in a column may be shown, as it stands or as of a position."""
    if reader is Reader.DESK:
        return "TRUE"
    then = "" if at is None else f" AND shown.known_from <= {at:d}"
    until = "" if at is None else f" OR shown.known_until > {at:d}"
    return (
        f"EXISTS (SELECT FROM disclosed shown WHERE shown.claim = {column}{then}"
        f" AND (shown.known_until IS NULL{until}))"
    )


def disclosed(rows: QuerySet[Any], *, at: int | None, reader: Reader) -> QuerySet[Any]:
    """Those of some claims that may be shown."""
    if reader is Reader.DESK:
        return rows
    where = condition(f"{rows.model._meta.db_table}.id", at=at, reader=reader)  # noqa: SLF001
    return rows.extra(where=[where])  # noqa: S610 # no words of others


def withheld(claims: Iterable[UUID], *, at: int | None, reader: Reader) -> set[UUID]:
    """Those of some claims on record that may not be shown."""
    wanted = set(claims)
    if reader is Reader.DESK or not wanted:
        return set()
    return {
        row[0]
        for row in select(
            "SELECT id FROM standing_claim WHERE id = ANY(%s::uuid[])"  # noqa: S608
            f" AND NOT {condition('id', at=at, reader=reader)}",
            [id_array(wanted)],
        )
    }


def named(
    claims: Sequence[UUID], *, at: int | None, reader: Reader, most: int | None = None
) -> list[UUID]:
    """Give the first `most` of some claims that may be shown. Their place in an answer says
    something of them, so those that are withheld are not even counted there."""
    found: list[UUID] = []
    for some in batched(claims, most or _MANY, strict=False):
        hidden = withheld(some, at=at, reader=reader)
        found += [one for one in some if one not in hidden]
        if most is not None and len(found) >= most:
            break
    return found[:most]


def masked(events: Iterable[Recorded], *, reader: Reader, at: int | None = None) -> set[int]:
    """The positions of those events whose content may not be shown: the history of a claim is
    shown where the claim may be, also as of every earlier position since then."""
    if reader is Reader.DESK:
        return set()
    held = list(events)
    ends = _ends(one.stream for one in held if one.kind == "TextWithheld")
    about = {one.position: set(_about(one, ends)) for one in held}
    hidden = withheld(set().union(*about.values()), at=_LAST if at is None else at, reader=reader)
    found = {position for position, claims in about.items() if claims & hidden}
    return found | {one.position for one in held if one.kind == _DIGESTED}


def tells_stream(kind: str) -> bool:
    """Whether a masked event of a kind may say which stream it is of. The id of a link follows
    from the claims that it links, and words are withheld of links as well."""
    return kind not in (*_LINKS, "TextWithheld")


def _ends(streams: Iterable[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Those of some streams that are of links, with the claims that they link."""
    wanted = set(streams)
    rows = StandingLink.objects.filter(id__in=wanted) if wanted else StandingLink.objects.none()
    return {row.id: (row.from_claim, row.to_claim) for row in rows}


def _about(recorded: Recorded, ends: Mapping[UUID, tuple[UUID, UUID]]) -> Iterator[UUID]:
    """The claims that an event says something of."""
    if recorded.kind in _LINKS:
        yield from (UUID(recorded.body[end]) for end in ("from", "to"))
    elif recorded.kind in _OF_CLAIMS:
        yield from ends.get(recorded.stream, (recorded.stream,))
