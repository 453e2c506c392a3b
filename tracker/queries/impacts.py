"""What claims do to pairs, as known at a position, and how one claim's p came about."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tracker.domain import folding as f
from tracker.domain.impacts import Evaluation, evaluate
from tracker.domain.lenses import LensVersion, View
from tracker.domain.scoring.evidence import Impact
from tracker.models.derived import Cursor, ImpactVersion
from tracker.queries import lenses
from tracker.queries.moment import AsOf, resolve
from tracker.queries.neighbourhood import Neighbourhood
from tracker.queries.snapshot import Snapshot

_FACTS = tuple(name for name in Impact.__slots__ if name != "claim")
_LISTS = ("sectors", "roots", "state_roots")


def followed(view: str) -> int:
    """The last position that a view has taken in whole."""
    held = Cursor.objects.filter(view=view).values_list("position", flat=True).first()
    return held or 0


def known(view: str, pair: str, *, position: int) -> list[Impact]:
    """The impacts on a pair, in both directions, as known at a position."""
    rows = ImpactVersion.objects.filter(
        Q(known_until__isnull=True) | Q(known_until__gt=position),
        view=view,
        pair=pair,
        known_from__lte=position,
    )
    return [impact_of(row) for row in rows.order_by("claim", "initiator")]


def changed(view: str, pair: str, *, position: int) -> int:
    """The last position, up to `position`, at which anything known of a pair changed; 0 if none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(at), 0) FROM impact,"
            " unnest(ARRAY[known_from, known_until]) AS at"
            " WHERE view = %s AND pair = %s AND at <= %s",
            [view, pair, position],
        )
        return int(cursor.fetchone()[0])


def impact_of(row: ImpactVersion) -> Impact:
    """The impact that a row holds."""
    facts = {name: getattr(row, name) for name in _FACTS}
    return Impact(claim=row.claim, **facts | {name: tuple(facts[name]) for name in _LISTS})


def evaluation(claim_id: UUID, view: View, *, position: int) -> Evaluation | None:
    """How sure a claim is in a view and what it does, from the log up to a position.

    None if there was no such claim then.
    """
    snapshot = Snapshot(position)
    state = snapshot.get(claim_id, f.ClaimState)
    if state is None:
        return None
    return evaluate(state, Neighbourhood(snapshot, view).around(state))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A claim as a lens sees it at a position. The log itself is asked: no worker is waited for."""

    claim: UUID
    lens: LensVersion
    as_of: int
    evaluation: Evaluation


def seen_through(lens: str, claim_id: UUID, *, as_of: AsOf = None) -> Seen | None:
    """Evaluate a claim in the view of a lens; None if there was no such claim then.

    :raises lenses.NoSuchLens: :raises NotYet:
    """
    position = resolve(as_of)
    chosen = lenses.named(lens, position=position)
    found = evaluation(claim_id, chosen.lens.view, position=position)
    if found is None:
        return None
    return Seen(claim=claim_id, lens=chosen, as_of=position, evaluation=found)
