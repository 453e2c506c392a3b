"""Claims that wait for a second coding, and the agreement of those that have one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain.agreement import Agreement
from tracker.domain.second_coding import FORMS, SAMPLED, Coding, agreements
from tracker.models.derived import StandingRecord
from tracker.models.operational import SecondCoding
from tracker.queries.sql import select

# The digest of an id is that of `domain.second_coding.is_sampled`.
_WAITING = """
    SELECT c.id FROM standing_claim c
    WHERE c.collection = ANY(%(collections)s::uuid[]) AND c.kind = ANY(%(forms)s::text[])
    AND c.status = 'standing' AND get_byte(sha256(uuid_send(c.id)), 0) < %(sampled)s
    AND NOT EXISTS (SELECT FROM second_coding s WHERE s.claim = c.id)
    ORDER BY c.id"""


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


def waiting() -> list[UUID]:
    """Return the sampled claims of curated collections without a second coding, the oldest id
    first."""
    given = {"collections": list(_curated()), "forms": list(FORMS), "sampled": SAMPLED}
    return [claim for (claim,) in select(_WAITING, given)]


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


def _curated() -> list[UUID]:
    rows = StandingRecord.objects.filter(noun="collection", state__collection__coding="curated")
    return list(rows.order_by("id").values_list("id", flat=True))
