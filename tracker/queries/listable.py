"""The claims that search engines may list: curated ones whose title alone, out of its place, says
nothing that nobody vouches for."""

from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingClaim, StandingLink
from tracker.queries import guilt

_CURATED = (
    "SELECT id, coalesce(state #>> '{collection,review}', 'false') = 'true' FROM standing_record"
    " WHERE noun = 'collection' AND state #>> '{collection,coding}' = 'curated'"
)


class Listable:
    """The ids of those claims in their order, read a stretch at a time. A stretch leaves out what
    may not be printed yet, and may so be shorter than it was asked to be."""

    def __init__(self) -> None:
        self._rows = _rows()

    def count(self) -> int:
        return self._rows.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, stretch: slice) -> list[UUID]:
        rows = self._rows.values_list("state", flat=True)[stretch]
        held = [codec.build(f.ClaimState, row) for row in rows]
        hidden = guilt.unprinted(held)
        return [one.id for one in held if one.id not in hidden]


def _rows() -> QuerySet[StandingClaim]:
    """What stands, was not judged, is no mere saying, and where it is to be reviewed was."""
    said = StandingLink.objects.filter(type="says", linked=True, to_claim=OuterRef("id"))
    judged = Q()
    for verdict in ("false", "disputed"):
        judged |= Q(state__contains={"verdicts": [{"verdict": verdict}]})
    accepted, rejected = (
        Q(state__contains={"review": outcome}) for outcome in ("accepted", "rejected")
    )
    waiting = Q(collection__in=_curated(reviewed=True)) & ~accepted
    return StandingClaim.objects.filter(
        ~Exists(said),
        ~(judged | rejected | waiting),
        collection__in=[*_curated(), *_curated(reviewed=True)],
        status="standing",
    ).order_by("id")


def _curated(*, reviewed: bool = False) -> list[UUID]:
    """The curated collections that ask for a second pair of eyes, or do not."""
    with connection.cursor() as cursor:
        cursor.execute(_CURATED)
        return [key for key, asks in cursor.fetchall() if asks is reviewed]
