"""What was taken from a document: its claims, the latest first."""

from dataclasses import dataclass
from uuid import UUID

from tracker.models.derived import StandingClaim
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
    rows = StandingClaim.objects.filter(documents__contains=[document]).order_by("-id")
    asked = ("id", "kind", "code", "status", "state__claim__occurred__edtf")
    found = list(rows.values_list(*asked)[:limit])
    titles = claims.titles(row[0] for row in found)
    return [
        Taken(id=key, title=titles[key], kind=kind, code=code, status=status, edtf=edtf or "")
        for key, kind, code, status, edtf in found
    ]


def count(document: UUID) -> int:
    """How many claims cite a document."""
    return StandingClaim.objects.filter(documents__contains=[document]).count()
