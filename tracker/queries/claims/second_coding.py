"""Claims that wait for a second coding, and the agreement of those that have one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain.agreement import Agreement
from tracker.domain.second_coding import FORMS, SAMPLED, Coding, agreements, is_sampled
from tracker.models.derived import StandingRecord
from tracker.models.operational import SecondCoding
from tracker.queries.sql import select

# Below the id of every claim.
_FIRST = UUID(int=0)
# The digest of an id is that of `domain.second_coding.is_sampled`. The spans of imports do not
# overlap. OFFSET 0: the planner would read the whole log for an anti-join.
_WAITING = """
    SELECT c.id FROM standing_claim c
    WHERE c.collection = ANY(%(collections)s::uuid[]) AND c.kind = ANY(%(forms)s::text[])
    AND c.status = 'standing' AND get_byte(sha256(uuid_send(c.id)), 0) < %(sampled)s
    AND NOT EXISTS (SELECT FROM second_coding s WHERE s.claim = c.id)
    AND NOT EXISTS (
        SELECT FROM logged e CROSS JOIN LATERAL (
            SELECT last FROM import_span WHERE first <= e.position ORDER BY first DESC LIMIT 1) s
        WHERE e.stream = c.id AND e.version = 1 AND e.position <= s.last OFFSET 0)
    AND {which} ORDER BY c.id LIMIT %(limit)s"""


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


def waiting(*, after: UUID = _FIRST, limit: int) -> list[UUID]:
    """Return up to `limit` sampled claims that people entered into curated collections and that
    have no second coding, those with the lowest ids above another first. Rows of imported files are
    none: there is nothing to read again."""
    return _waiting("c.id > %(after)s", after=after, limit=limit)


def is_waiting(claim: UUID) -> bool:
    """Return whether a claim waits for a second coding."""
    return is_sampled(claim) and bool(_waiting("c.id = %(claim)s", claim=claim, limit=1))


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


def _waiting(which: str, **given: object) -> list[UUID]:
    given |= {"collections": _curated(), "forms": list(FORMS), "sampled": SAMPLED}
    return [claim for (claim,) in select(_WAITING.format(which=which), given)]


def _curated() -> list[UUID]:
    rows = StandingRecord.objects.filter(noun="collection", state__collection__coding="curated")
    return list(rows.order_by("id").values_list("id", flat=True))
