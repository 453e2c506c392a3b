"""The claims that wait for review: those of collections that ask for it, and nobody judged yet."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A claim that waits, with the version that a reviewer sees."""

    id: UUID
    version: int
    title: str
    kind: str
    code: str | None
    edtf: str
    collection: str
    quote: str


def asking() -> dict[UUID, str]:
    """The collections that ask for review, by id."""
    rows = StandingRecord.objects.filter(noun="collection", state__collection__review=True)
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def waiting(*, collection: UUID | None, limit: int) -> list[Unread]:
    """Give up to `limit` claims that wait, the oldest id first."""
    names = asking()
    rows = list(_rows(names, collection).order_by("id")[:limit])
    titles = claims.titles(row.id for row in rows)
    held = {row.id: codec.build(f.ClaimState, row.state).claim for row in rows}
    return [
        Unread(
            id=row.id,
            version=row.version,
            title=titles[row.id],
            kind=row.kind,
            code=row.code,
            edtf=occurred.edtf if (occurred := held[row.id].occurred) else "",
            collection=names[row.collection],
            quote=held[row.id].citations[0].quote,
        )
        for row in rows
    ]


def count(*, collection: UUID | None = None) -> int:
    """How many claims wait."""
    return _rows(asking(), collection).count()


def _rows(names: dict[UUID, str], collection: UUID | None) -> QuerySet[StandingClaim]:
    wanted = [one for one in names if collection in (None, one)]
    return StandingClaim.objects.filter(
        collection__in=wanted, status="standing", state__review__isnull=True
    )
