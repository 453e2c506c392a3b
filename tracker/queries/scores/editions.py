"""Editions that were kept: which there are, what each holds, and whether the log still says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from tracker.domain import editions as e
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import NotFound
from tracker.models.operational import Edition
from tracker.queries.moment import At
from tracker.queries.scores import lenses, values

# What a list goes by, the newest day first.
ORDER = ("-day", "lens", "-lens_version")


class NoSuchEdition(NotFound):
    """No edition of that day was kept under that lens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEdition:
    """An edition: what the values of a lens came to on a day, as known at a position."""

    lens: LensVersion
    day: date
    position: int
    pairs: int
    digest: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the log says of an edition; it is whole if nothing is in `differs`."""

    lines: int
    differs: tuple[str, ...]


def find(label: str, day: date, *, as_of: At) -> StoredEdition:
    """Give the edition of a day under "standing@3", or under the newest version that has one.

    `as_of`: one of what was on record at that position.

    :raises lenses.NoSuchLens: :raises NoSuchEdition:
    """
    chosen = lenses.named(label, position=as_of.position)
    rows = _by(as_of).filter(lens=chosen.id, day=day).order_by("-lens_version")
    if "@" in label:
        rows = rows.filter(lens_version=chosen.version)
    row = rows.first()
    if row is None:
        then = "" if as_of.is_now else f" of what was on record at position {as_of.position}"
        raise NoSuchEdition(f"there is no edition of {day} under {label}{then}")
    return _kept([row])[0]


def listing(
    *,
    lens: str | None,
    after: Sequence[Any] | None,
    limit: int,
    day: date | None = None,
    as_of: At,
) -> list[StoredEdition]:
    """Give up to `limit` editions that follow the place (day, lens, version) `after`.

    `as_of`: those of what was on record at that position.

    :raises lenses.NoSuchLens: if there is none.
    """
    rows = _narrowed(lens, day, as_of).order_by(*ORDER)
    if after is not None:
        last, own, version = after
        same = Q(day=last, lens=own, lens_version__lt=version)
        rows = rows.filter(Q(day__lt=last) | Q(day=last, lens__gt=own) | same)
    return _kept(list(rows[:limit]))


def count(*, lens: str | None, day: date | None = None, as_of: At) -> int:
    """How many editions were kept."""
    return _narrowed(lens, day, as_of).count()


def lines(edition: StoredEdition) -> list[str]:
    """The lines of an edition, as the tables have them now.

    :raises values.Behind: while a rebuilt table has not come so far.
    """
    return values.stored_lines(edition.lens, edition.day, position=edition.position)


def verify(edition: StoredEdition) -> Verification:
    """Derive an edition from the log again, and hold what was kept and what is served against it.

    :raises values.Behind:
    """
    expected = values.recomputed_lines(edition.lens, edition.day, position=edition.position)
    again, differs = e.summary(expected), []
    if again.digest != edition.digest:
        differs.append(f"its digest is {edition.digest}, the log gives {again.digest}")
    if again.pairs != edition.pairs:
        differs.append(f"it counts {edition.pairs} pairs, the log gives {again.pairs}")
    served = lines(edition)
    differs += (
        f"the tables differ from the log on {one}" for one in e.different_series(served, expected)
    )
    return Verification(lines=len(expected), differs=tuple(differs))


def _by(as_of: At) -> QuerySet[Edition]:
    rows = Edition.objects.all()
    return rows if as_of.is_now else rows.filter(position__lte=as_of.position)


def _narrowed(lens: str | None, day: date | None, as_of: At) -> QuerySet[Edition]:
    rows = _by(as_of)
    if day is not None:
        rows = rows.filter(day=day)
    if lens is not None:
        chosen = lenses.named(lens, position=as_of.position)
        rows = rows.filter(lens=chosen.id)
        if "@" in lens:
            rows = rows.filter(lens_version=chosen.version)
    return rows


def _kept(rows: Sequence[Edition]) -> list[StoredEdition]:
    known = {state.id: state for state in lenses.states()}
    return [
        StoredEdition(
            lens=LensVersion(
                id=row.lens,
                version=row.lens_version,
                lens=known[row.lens].versions[row.lens_version - 1],
            ),
            day=row.day,
            position=row.position,
            pairs=row.pairs,
            digest=row.digest,
            made_at=row.made_at,
        )
        for row in rows
    ]
