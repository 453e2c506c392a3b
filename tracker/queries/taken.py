"""What people took from a document: its claims, the latest first.

Those of archives are left out: of a document they bring one or two, and it takes long to find them.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from tracker.models.derived import StandingClaim, StandingRecord
from tracker.queries import claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A claim from a document, with its sentence as it must be printed."""

    id: UUID
    title: str
    kind: str
    code: str | None
    status: str
    edtf: str


def from_document(document: UUID, *, limit: int) -> list[Taken]:
    """Give up to `limit` claims that cite a document, the latest recorded first."""
    rows = _rows(document).order_by(F("state__asserted_at").desc(), "-id")
    asked = ("id", "kind", "code", "status", "state__claim__occurred__edtf")
    found = list(rows.values_list(*asked)[:limit])
    titles = claims.titles(row[0] for row in found)
    return [
        Taken(id=key, title=titles[key], kind=kind, code=code, status=status, edtf=edtf or "")
        for key, kind, code, status, edtf in found
    ]


def count(document: UUID) -> int:
    """How many claims cite a document."""
    return _rows(document).count()


def by_people() -> dict[UUID, str]:
    """The names of the collections that people enter claims into, by id."""
    rows = StandingRecord.objects.filter(noun="collection", state__collection__coding="curated")
    return dict(rows.order_by("name", "id").values_list("id", "name"))


def _rows(document: UUID) -> QuerySet[StandingClaim]:
    return StandingClaim.objects.filter(collection__in=by_people(), documents__contains=[document])
