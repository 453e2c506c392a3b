"""What claims do to pairs, as known at a position, and how one claim's p came about."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import LensVersion, View, pair_of
from tracker.domain.problems import NotYet
from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import Cursor, StandingClaim
from tracker.queries.claims import disclosure
from tracker.queries.evidence.neighbourhood import Neighbourhood
from tracker.queries.evidence.snapshot import Snapshot
from tracker.queries.moment import At
from tracker.queries.scores import lenses
from tracker.queries.sql import select, select_value

_LISTS = ("sectors", "roots", "state_roots")
# Lists as text: a pair's many claims share few, and each is made once.
_FACTS = ", ".join(
    f"array_to_string({name}, ',')" if name in _LISTS else name for name in Impact._fields
)


class Ends(NamedTuple):
    """The countries of an impact, by code."""

    initiator: str
    recipient: str


class CatchingUp(NotYet):
    """A new view still takes in what was recorded before its first lens; nothing is served yet."""


def followed(view: str) -> int:
    """The last position that a view has taken in whole."""
    held = Cursor.objects.filter(view=view).values_list("position", flat=True).first()
    return held or 0


def served(view: str) -> int:
    """The last position that a view has taken in whole, once it has caught up.

    :raises CatchingUp: before that.
    """
    held = Cursor.objects.filter(view=view).values_list("position", "begun").first()
    position, begun = held or (0, _to_begin(view))
    if position < begun:
        raise CatchingUp(
            f"the scores are being worked out: {position} of {begun} events are taken in"
        )
    return position


def _to_begin(view: str) -> int:
    """Where a view that nobody took up yet begins; without claims there is nothing to wait for."""
    return lenses.first_position(view) if StandingClaim.objects.exists() else 0


def known(view: str, pair: str, *, position: int) -> list[Impact]:
    """The impacts on a pair, in both directions, as known at a position."""
    return list(each_known(view, pair, position=position))


def each_known(view: str, pair: str, *, position: int) -> Iterator[Impact]:
    """The same, for those who look at each once.

    A hundred thousand kept would cost more time in Python's collection of garbage than in the
    making.
    """
    return _select(
        "view = %s AND pair = %s AND known_from <= %s AND (known_until IS NULL OR known_until > %s)"
        " ORDER BY claim, initiator",
        [view, pair, position, position],
    )


def known_of(view: str, pairs: Sequence[str], *, position: int) -> dict[str, list[Impact]]:
    """The impacts on each of some pairs as known at a position, with one question."""
    found: dict[str, list[Impact]] = {pair: [] for pair in pairs}
    for one in _select(
        "view = %s AND pair = ANY(%s) AND known_from <= %s"
        " AND (known_until IS NULL OR known_until > %s) ORDER BY pair, claim, initiator",
        [view, list(pairs), position, position],
    ):
        found[pair_of(one.initiator, one.recipient)].append(one)
    return found


def known_at(view: str, positions: Mapping[str, int]) -> dict[str, list[Impact]]:
    """The impacts on each of some pairs, each as known at a position of its own, with one
    question."""
    found: dict[str, list[Impact]] = {pair: [] for pair in positions}
    for one in _select(
        "view = %s AND pair = ANY(%s) AND EXISTS (SELECT FROM"
        " unnest(%s::text[], %s::bigint[]) AS asked (name, at) WHERE asked.name = pair"
        " AND known_from <= asked.at AND (known_until IS NULL OR known_until > asked.at))"
        " ORDER BY pair, claim, initiator",
        [view, [*positions], [*positions], [*positions.values()]],
    ):
        found[pair_of_impact(one)].append(one)
    return found


def everywhere(view: str, *, position: int, country: str | None, most: int) -> list[Impact]:
    """The impacts on all pairs, or on those of a country, as known at a position, pair by pair;
    one more than `most` where they are more."""
    found = _select(
        "view = %s AND known_from <= %s AND (known_until IS NULL OR known_until > %s)"
        " AND (%s::text IS NULL OR %s = ANY(string_to_array(pair, '-')))"
        " ORDER BY pair, claim, initiator LIMIT %s",
        [view, position, position, country, country, most + 1],
    )
    return list(found)


def pair_of_impact(impact: Impact) -> str:
    """The name of the pair that an impact is on."""
    return pair_of(impact.initiator, impact.recipient)


def open_versions(view: str, claims: Iterable[UUID]) -> dict[UUID, dict[Ends, Impact]]:
    """What each of some claims does as far as the view has followed."""
    found: dict[UUID, dict[Ends, Impact]] = {one: {} for one in claims}
    for one in _select("view = %s AND claim = ANY(%s) AND known_until IS NULL", [view, [*found]]):
        found[one.claim][Ends(one.initiator, one.recipient)] = one
    return found


def changed(view: str, pair: str, *, position: int) -> int:
    """The last position, up to `position`, at which anything known of a pair changed; 0 if none."""
    return int(
        select_value(
            "SELECT coalesce(max(at), 0) FROM impact,"
            " unnest(ARRAY[known_from, known_until]) AS at"
            " WHERE view = %s AND pair = %s AND at <= %s",
            [view, pair, position],
        )
    )


def _select(condition: str, parameters: Sequence[Any]) -> Iterator[Impact]:
    rows = select(f"SELECT {_FACTS} FROM impact WHERE {condition}", parameters)  # noqa: S608
    sectors, roots = _Lists(str), _Lists(UUID)
    for *facts, spoken, p, by, owned in rows:
        yield Impact._make((*facts, sectors[spoken], p, roots[by], roots[owned]))


class _Lists[T](dict[str, tuple[T, ...]]):
    """Lists by their text; none of their elements has a comma in it."""

    def __init__(self, kind: Callable[[str], T]) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, text: str) -> tuple[T, ...]:
        made = tuple(self._kind(one) for one in text.split(",")) if text else ()
        self[text] = made
        return made


def evaluation(claim_id: UUID, view: View, *, position: int, reader: Reader) -> Evaluation | None:
    """How sure a claim is in a view and what it does, from the log up to a position.

    None if there was no such claim then.
    """
    snapshot = Snapshot(position)
    state = snapshot.get(claim_id, f.ClaimState)
    if state is None:
        return None
    around = Neighbourhood(snapshot, view).around(state)
    found = evaluate(state, around)
    others = [one.id for one in around.cluster if one.id != claim_id]
    hidden = disclosure.withheld(others, at=position, reader=reader)
    return _without_sources(found, counts=around.cluster[0].id in hidden) if hidden else found


def _without_sources(found: Evaluation, *, counts: bool) -> Evaluation:
    """An evaluation that does not show by whose word it is: a withheld claim says the same, and
    its sources would be among them. `counts`: that claim counts for both."""
    return replace(
        found,
        steps=(),
        certainty=replace(found.certainty, roots=(), steps=()),
        impacts=tuple(one._replace(roots=(), state_roots=()) for one in found.impacts),
        silent_because="another claim says the same and counts for both"
        if counts
        else found.silent_because,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvaluation:
    """A claim as a lens sees it at a position. The log itself is asked: no worker is waited for."""

    claim: UUID
    lens: LensVersion
    as_of: int
    evaluation: Evaluation


def evaluation_under_lens(
    lens: str, claim_id: UUID, *, reader: Reader, as_of: At
) -> ClaimEvaluation | None:
    """Evaluate a claim in the view of a lens; None if there was no such claim then.

    :raises lenses.NoSuchLens: :raises NotYet:
    """
    position = as_of.position
    chosen = lenses.named(lens, position=position)
    found = evaluation(claim_id, chosen.lens.view, position=position, reader=reader)
    if found is None:
        return None
    return ClaimEvaluation(claim=claim_id, lens=chosen, as_of=position, evaluation=found)
