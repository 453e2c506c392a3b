"""Updates the rows of claims that are cited again, many of them in few statements.

Nearly all events that continue the claim of an archive only add a citation. The database adds it to
the row, so that the claim is neither read nor written as a whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import codec
from tracker.domain.claims import Citation
from tracker.domain.disclosure import is_grave
from tracker.domain.state import MOST_CITATIONS
from tracker.log import Statement
from tracker.log.messages import ask, id_array
from tracker.models.derived import PastClaim, StandingClaim
from tracker.projections import disclosure
from tracker.projections.inserts import copy_sql

# OFFSET 0 forces one look-up for each claim, in their order.
_LOCK = (
    "SELECT c.id, jsonb_array_length(c.state #> '{claim,citations}'), c.code,"
    " ARRAY(SELECT jsonb_array_elements_text(c.state #> '{claim,contexts}'))"
    " FROM (SELECT unnest(%s::uuid[]) AS id ORDER BY 1) wanted CROSS JOIN LATERAL"
    " (SELECT * FROM standing_claim WHERE id = wanted.id AND status = 'standing'"
    " OFFSET 0 FOR UPDATE) c"
)
_ADD = """
UPDATE standing_claim c SET
    version = added.version,
    documents = ARRAY(SELECT DISTINCT unnest(c.documents || added.document) ORDER BY 1),
    sources = ARRAY(SELECT DISTINCT unnest(c.sources || added.chain) ORDER BY 1),
    state = jsonb_set(c.state, '{claim,citations}',
        (c.state #> '{claim,citations}') || jsonb_build_array(added.citation))
FROM json_to_recordset(%s)
    AS added (id uuid, version int, document uuid, chain uuid[], citation jsonb)
WHERE c.id = added.id AND c.id = ANY(%s::uuid[])"""


class Added(NamedTuple):
    """A citation that is added to a claim, and the version of the claim with it."""

    version: int
    citation: Citation


type AddedByClaim = Mapping[UUID, Sequence[Added]]


class Cited(NamedTuple):
    """Claims to which citations can be added, with those. `grave`: the claims about something
    grave."""

    added: AddedByClaim
    grave: Collection[UUID]


def lock(wanted: AddedByClaim) -> Cited:
    """Lock the rows of the claims in force that can take these citations, in the order of their
    ids. Return them without the others."""
    if not wanted:
        return Cited({}, ())
    rows = ask(Statement(_LOCK, [id_array(wanted)]))
    fitting = [row for row in rows if row[1] + len(wanted[row[0]]) <= MOST_CITATIONS]
    return Cited(
        {claim: wanted[claim] for claim, *_ in fitting},
        [claim for claim, _, code, contexts in fitting if is_grave(code, contexts)],
    )


def add(cited: Cited) -> Iterator[Statement]:
    """Return the statements that keep the claims as they are, and add the citations. A claim that
    is about something grave is withheld."""
    for number in range(max(map(len, cited.added.values()), default=0)):
        nth = {claim: added[number] for claim, added in cited.added.items() if len(added) > number}
        ids = id_array(nth)
        yield Statement(copy_sql(StandingClaim, PastClaim), [ids])
        yield Statement(_ADD, [_as_json(nth.items()), ids])
    yield from disclosure.withhold(cited.grave)


def _as_json(added: Iterable[tuple[UUID, Added]]) -> str:
    rows = [
        f'{{"id":"{claim}","version":{version},"document":"{citation.document}",'
        f'"chain":{codec.value_text(citation.chain)},"citation":{codec.value_text(citation)}}}'
        for claim, (version, citation) in added
    ]
    return f"[{','.join(rows)}]"
