"""Claims that wait for a second person who reviews them blind, and the agreement of codings.

Withheld claims are not drawn: a verdict on one may publish it, which its own page says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.blind_review import (
    FORMS,
    SAMPLED,
    Agreement,
    Candidate,
    Coding,
    agreements,
    is_sampled,
)
from tracker.domain.disclosure import Reader
from tracker.domain.judged_claims import KINDS
from tracker.models.derived import StandingRecord
from tracker.models.operational import SecondCoding
from tracker.queries.claims import disclosure
from tracker.queries.sql import select

# Below the id of every claim.
_FIRST = UUID(int=0)
# The digest of an id is that of `domain.blind_review.is_sampled`. The spans of imports do not
# overlap. OFFSET 0: the planner would read the whole log for an anti-join.
_TO_CODE = """
    SELECT c.id FROM standing_claim c
    WHERE c.collection = ANY(%(collections)s::uuid[]) AND c.kind = ANY(%(forms)s::text[])
    AND c.status = 'standing' AND get_byte(sha256(uuid_send(c.id)), 0) < %(sampled)s
    AND NOT EXISTS (SELECT FROM second_coding s WHERE s.claim = c.id)
    AND NOT EXISTS (
        SELECT FROM logged e CROSS JOIN LATERAL (
            SELECT last FROM import_span WHERE first <= e.position ORDER BY first DESC LIMIT 1) s
        WHERE e.stream = c.id AND e.version = 1 AND e.position <= s.last OFFSET 0)
    AND {which} ORDER BY c.id LIMIT %(limit)s"""
_SHOWN = disclosure.condition("c.id", at=None, reader=Reader.PUBLIC)
# Claims that move a score of the view, and that nobody judged or drew before.
_CANDIDATES = f"""
    SELECT i.claim, i.p, c.code FROM (
        SELECT claim, max(p) AS p FROM impact
        WHERE view = %(view)s AND known_from <= %(position)s
        AND (known_until IS NULL OR known_until > %(position)s) GROUP BY claim) i
    JOIN standing_claim c ON c.id = i.claim
    WHERE c.status = 'standing' AND c.kind = ANY(%(kinds)s::text[]) AND NOT c.state ? 'verdicts'
    AND NOT EXISTS (SELECT FROM drawn_claim d WHERE d.claim = i.claim) AND {_SHOWN}"""  # noqa: S608
_OPEN = f"""
    SELECT d.claim, d.week FROM drawn_claim d JOIN standing_claim c ON c.id = d.claim
    WHERE d.verdict IS NULL AND c.status = 'standing' AND NOT c.state ? 'verdicts'
    AND (%(claim)s::uuid IS NULL OR d.claim = %(claim)s) AND {_SHOWN}
    ORDER BY d.week, d.claim"""  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedTwice:
    """A collection, how many of its claims were coded twice, and the agreement by field."""

    name: str
    claims: int
    fields: Mapping[str, Agreement]

    @property
    def low(self) -> list[str]:
        """The fields that are not to be relied on."""
        return [field for field, one in self.fields.items() if one.is_low]


class OpenDraw(NamedTuple):
    """A drawn claim that nobody has judged, and the week of its draw."""

    claim: UUID
    week: date


def to_code(*, after: UUID = _FIRST, limit: int) -> list[UUID]:
    """Return up to `limit` sampled claims that people entered into curated collections and that
    have no second coding, those with the lowest ids above another first. Rows of imported files are
    none: there is nothing to read again."""
    return _to_code("c.id > %(after)s", after=after, limit=limit)


def waits_for_coding(claim: UUID) -> bool:
    """Return whether a claim waits for a second coding."""
    return is_sampled(claim) and bool(_to_code("c.id = %(claim)s", claim=claim, limit=1))


def _to_code(which: str, **given: object) -> list[UUID]:
    curated = StandingRecord.objects.filter(noun="collection", state__collection__coding="curated")
    given |= {
        "collections": list(curated.order_by("id").values_list("id", flat=True)),
        "forms": list(FORMS),
        "sampled": SAMPLED,
    }
    return [claim for (claim,) in select(_TO_CODE.format(which=which), given)]


def coded_twice() -> list[CodedTwice]:
    """Return the collections of which claims were coded twice, by name."""
    codings: dict[UUID, list[tuple[Coding, Coding]]] = {}
    rows = SecondCoding.objects.order_by("claim").values_list("collection", "first", "second")
    for collection, first, second in rows:
        codings.setdefault(collection, []).append((Coding(**first), Coding(**second)))
    named = StandingRecord.objects.filter(noun="collection", id__in=list(codings))
    return [
        CodedTwice(name=name, claims=len(codings[key]), fields=agreements(codings[key]))
        for key, name in named.order_by("name", "id").values_list("id", "name")
    ]


def candidates(view: str, *, position: int) -> list[Candidate]:
    """Return the claims that may be drawn, with their p in a view as known at a position."""
    given = {"view": view, "position": position, "kinds": list(KINDS)}
    rows = select(_CANDIDATES, given)
    return [Candidate(claim, p, codebooks.find(code).checkable) for claim, p, code in rows]


def open_draws(claim: UUID | None = None) -> list[OpenDraw]:
    """Return the drawn claims in force without a verdict, or only one of them, those of the oldest
    week first."""
    return [OpenDraw(*row) for row in select(_OPEN, {"claim": claim})]
