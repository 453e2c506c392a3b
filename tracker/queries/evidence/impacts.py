"""Impacts of claims on pairs, as known at a position, and the evaluation of single claims."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.around import prefetch_claims
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import LensVersion, View, pair_of
from tracker.domain.problems import NotYet
from tracker.domain.scoring.evidence import Impact
from tracker.log import Statement
from tracker.log.messages import ask, id_array, select_prepared
from tracker.models.derived import Cursor, StandingClaim
from tracker.queries.claims import disclosure
from tracker.queries.evidence.acting import ActingMember, named
from tracker.queries.evidence.record import Neighbourhood, Snapshot, prefetched_links
from tracker.queries.moment import At
from tracker.queries.scores import lenses
from tracker.queries.sql import select

_LISTS = ("sectors", "roots", "state_roots")
# Lists are read as text: many claims share few lists, and each is parsed once.
_FACTS = ", ".join(
    f"array_to_string({name}, ',')" if name in _LISTS else name for name in Impact._fields
)

# OFFSET 0 forces one look-up for each claim: for many, the planner would read all impacts of a view
# until the table is analysed.
_OPEN = (
    "unnest(%s::uuid[]) AS wanted (key) CROSS JOIN LATERAL (SELECT * FROM impact"
    " WHERE view = %s AND claim = wanted.key AND known_until IS NULL OFFSET 0) AS open"
)


class Ends(NamedTuple):
    """The countries of an impact, by code."""

    initiator: str
    recipient: str


class CatchingUp(NotYet):
    """A new view is still processing what was recorded before its first lens, and is not served
    yet."""


def followed_position(view: str) -> int:
    """Return the last position that a view has processed completely."""
    position = Cursor.objects.filter(view=view).values_list("position", flat=True).first()
    return position or 0


def served_position(view: str) -> int:
    """Return the last position that a view has processed completely, once it has caught up.

    :raises CatchingUp: before that.
    """
    return _served(_POSITION, view)[0]


_POSITION = (
    "SELECT c.position, c.begun, 0"
    " FROM (SELECT %s AS view) AS given LEFT JOIN cursor c ON c.view = given.view"
)
_SERVED = (
    "SELECT c.position, c.begun, (SELECT count(*) FROM dirty_pair d WHERE d.view = given.view)"
    " FROM (SELECT %s AS view) AS given LEFT JOIN cursor c ON c.view = given.view"
)


def served(view: str) -> tuple[int, int]:
    """Return what `served_position` does, and the number of pairs with pending scores.

    :raises CatchingUp:
    """
    return _served(_SERVED, view)


def _served(query: str, view: str) -> tuple[int, int]:
    position: int | None
    [(position, begun, pending)] = select_prepared(query, [view])
    if position is None:
        position, begun = 0, _first_position(view)
    if position < begun:
        raise CatchingUp(
            f"the scores are being computed: {position} of {begun} events are processed"
        )
    return position, pending


def _first_position(view: str) -> int:
    """The position at which a view without a cursor will be served; 0 without claims."""
    return lenses.first_position(view) if StandingClaim.objects.exists() else 0


def on_pair(view: str, pair: str, *, position: int) -> list[Impact]:
    """Return the impacts on a pair, in both directions, as known at a position."""
    return list(iterate_on_pair(view, pair, position=position))


def iterate_on_pair(view: str, pair: str, *, position: int) -> Iterator[Impact]:
    """Iterate over what `on_pair` returns, which saves the garbage collector long lists."""
    return _select(
        "view = %s AND pair = %s AND known_from <= %s AND (known_until IS NULL OR known_until > %s)"
        " ORDER BY claim, initiator",
        [view, pair, position, position],
    )


def on_pairs(view: str, pairs: Sequence[str], *, position: int) -> dict[str, list[Impact]]:
    """Return the impacts on each pair as known at a position, with one query."""
    by_pair: dict[str, list[Impact]] = {pair: [] for pair in pairs}
    for impact in _select(
        "view = %s AND pair = ANY(%s) AND known_from <= %s"
        " AND (known_until IS NULL OR known_until > %s) ORDER BY pair, claim, initiator",
        [view, list(pairs), position, position],
    ):
        by_pair[pair_of(impact.initiator, impact.recipient)].append(impact)
    return by_pair


def on_pairs_at(
    view: str, positions: Mapping[str, int], *, begun: date = date.max
) -> dict[str, list[Impact]]:
    """Return the impacts on each pair, as known at a position of its own, with one query: those
    that have `begun` by a day, and levels by structure, which stand before the first act."""
    by_pair: dict[str, list[Impact]] = {pair: [] for pair in positions}
    for impact in _select(
        "view = %s AND pair = ANY(%s) AND (first <= %s OR sd IS NOT NULL AND code <> '')"
        " AND EXISTS (SELECT FROM"
        " unnest(%s::text[], %s::bigint[]) AS asked (name, at) WHERE asked.name = pair"
        " AND known_from <= asked.at AND (known_until IS NULL OR known_until > asked.at))"
        " ORDER BY pair, claim, initiator",
        [view, [*positions], begun, [*positions], [*positions.values()]],
    ):
        by_pair[pair_of_impact(impact)].append(impact)
    return by_pair


def claims_beginning(view: str, pair: str, day: date, *, position: int, most: int) -> list[UUID]:
    """Return up to `most` claims that began to act on a pair on a day, as known at a position."""
    rows = select(
        "SELECT DISTINCT claim FROM impact WHERE view = %s AND pair = %s AND first = %s"
        " AND known_from <= %s AND (known_until IS NULL OR known_until > %s)"
        " ORDER BY claim LIMIT %s",
        [view, pair, day, position, position, most],
    )
    return [row[0] for row in rows]


def on_all_pairs(view: str, *, position: int, country: str | None, most: int) -> list[Impact]:
    """Return the impacts on all pairs, or those of a country, as known at a position, pair by pair;
    at most `most` + 1."""
    rows = _select(
        "view = %s AND known_from <= %s AND (known_until IS NULL OR known_until > %s)"
        " AND (%s::text IS NULL OR %s = ANY(string_to_array(pair, '-')))"
        " ORDER BY pair, claim, initiator LIMIT %s",
        [view, position, position, country, country, most + 1],
    )
    return list(rows)


def pair_of_impact(impact: Impact) -> str:
    """Return the name of the pair that an impact is on."""
    return pair_of(impact.initiator, impact.recipient)


def open_versions(view: str, claims: Iterable[UUID]) -> dict[UUID, dict[Ends, Impact]]:
    """Return the current impacts of each claim, by their ends."""
    by_claim: dict[UUID, dict[Ends, Impact]] = {claim: {} for claim in claims}
    if not by_claim:
        return {}
    for impact in _select("true", [id_array(by_claim), view], source=_OPEN):
        by_claim[impact.claim][Ends(impact.initiator, impact.recipient)] = impact
    return by_claim


def count(view: str, pairs: Sequence[str], *, most: int | None = None) -> dict[str, int]:
    """Return the number of impacts on each pair, outdated ones included, up to `most`."""
    rows = select(
        "SELECT asked.pair, (SELECT count(*) FROM (SELECT FROM impact i WHERE i.view = %s"
        " AND i.pair = asked.pair LIMIT %s) counted) FROM unnest(%s::text[]) AS asked (pair)",
        [view, most, list(pairs)],
    )
    return dict(rows)


def last_change(view: str, pair: str, *, position: int) -> int:
    """Return the last position, up to `position`, at which an impact on a pair changed; 0 if none
    did."""
    return last_changes(view, [pair], position=position).get(pair, 0)


def last_changes(view: str, pairs: Sequence[str], *, position: int) -> dict[str, int]:
    """Return what `last_change` does for many pairs, without those of which none changed."""
    rows = ask(changes_of(view, pairs, position=position))
    return {pair: last for pair, last, _ in rows}


def changes_of(view: str, pairs: Sequence[str], *, position: int) -> Statement:
    """The query for the pairs of a view with the position of the last change up to a position, and
    the number of impacts until then."""
    return Statement(
        "SELECT pair, max(greatest(known_from,"
        " CASE WHEN known_until <= %s THEN known_until END)), count(*) FROM impact"
        " WHERE view = %s AND pair = ANY(%s) AND known_from <= %s GROUP BY pair",
        [position, view, list(pairs), position],
    )


def _select(
    condition: str, parameters: Sequence[Any], *, source: str = "impact"
) -> Iterator[Impact]:
    query = f"SELECT {_FACTS} FROM {source} WHERE {condition}"  # noqa: S608
    rows = select_prepared(query, parameters)
    sectors, roots = _Lists(str), _Lists(UUID)
    for *facts, sector_list, p, root_list, state_root_list, code, sd in rows:
        lists = (sectors[sector_list], p, roots[root_list], roots[state_root_list])
        yield Impact._make((*facts, *lists, code, sd))


class _Lists[T](dict[str, tuple[T, ...]]):
    """Tuples by their text; the elements contain no commas."""

    def __init__(self, kind: Callable[[str], T]) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, text: str) -> tuple[T, ...]:
        values = tuple(self._kind(element) for element in text.split(",")) if text else ()
        self[text] = values
        return values


def evaluation(claim_id: UUID, view: View, *, position: int, reader: Reader) -> Evaluation | None:
    """Evaluate a claim in a view from the log up to a position. None if there was no such claim."""
    snapshot = Snapshot(position)
    state = snapshot.get(claim_id, f.ClaimState)
    if state is None:
        return None
    around = Neighbourhood(snapshot, view).around(state)
    own = evaluate(state, around)
    others = [member.id for member in around.cluster if member.id != claim_id]
    hidden = disclosure.withheld_claims(others, at=position, reader=reader)
    return _without_sources(own, counts=around.cluster[0].id in hidden) if hidden else own


def _without_sources(own: Evaluation, *, counts: bool) -> Evaluation:
    """An evaluation without its sources: a withheld claim says the same, and its sources would be
    among them. `counts`: the withheld claim counts for both."""
    return replace(
        own,
        steps=(),
        certainty=replace(own.certainty, roots=(), steps=(), testimonies=()),
        impacts=tuple(impact._replace(roots=(), state_roots=()) for impact in own.impacts),
        silent_because="another claim says the same and counts for both"
        if counts
        else own.silent_because,
    )


def certainties(claims: Collection[UUID], *, lens: str, position: int) -> dict[UUID, float]:
    """Return the p of claims under a lens as the log has them, whether or not they move a score.
    Claims that cannot be folded are left out; without the lens, all are."""
    try:
        view = lenses.find(lens, position=position).lens.view
    except lenses.NoSuchLens:
        return {}
    snapshot = Snapshot(position)
    prefetch_claims(claims, snapshot)
    around = Neighbourhood(snapshot, view, link_streams=prefetched_links(claims)).around
    found = {}
    for key, state in snapshot.readable(claims, f.ClaimState).items():
        with suppress(f.OutOfOrder):
            found[key] = evaluate(state, around(state)).p
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvaluation:
    """A claim's evaluation under a lens at a position, read from the log without waiting for
    workers."""

    claim: UUID
    lens: LensVersion
    as_of: int
    evaluation: Evaluation
    acting: tuple[ActingMember, ...]


def evaluation_under_lens(
    lens: str, claim_id: UUID, *, reader: Reader, as_of: At
) -> ClaimEvaluation | None:
    """Evaluate a claim in the view of a lens. None if there was no such claim.

    :raises lenses.NoSuchLens: :raises NotYet:
    """
    position = as_of.position
    chosen = lenses.find(lens, position=position)
    own = evaluation(claim_id, chosen.lens.view, position=position, reader=reader)
    if own is None:
        return None
    return ClaimEvaluation(
        claim=claim_id,
        lens=chosen,
        as_of=position,
        evaluation=own,
        acting=tuple(named(own.acting, position=position).values()),
    )
