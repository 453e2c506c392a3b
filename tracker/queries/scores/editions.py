"""Published editions: lists, their lines, and a check of each against the log."""

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

# The order of lists: the newest day first.
ORDER = ("-day", "lens", "-lens_version")


class NoSuchEdition(NotFound):
    """There is no edition of that day under that lens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEdition:
    """An edition: the values of a lens on a day, as known at a position."""

    lens: LensVersion
    day: date
    position: int
    pairs: int
    digest: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of a check against the log. The edition is correct if `differs` is empty."""

    lines: int
    differs: tuple[str, ...]


def find(label: str, day: date, *, as_of: At) -> StoredEdition:
    """Return the edition of a day under "standing@3", or under the newest version that has one.

    `as_of`: only editions of what was on record at that position.

    :raises lenses.NoSuchLens:
    :raises NoSuchEdition:
    """
    rows = _narrowed(label, day, as_of).order_by("-lens_version")
    row = rows.first()
    if row is None:
        then = "" if as_of.is_now else f" of what was on record at position {as_of.position}"
        raise NoSuchEdition(f"there is no edition of {day} under {label}{then}")
    return _stored([row])[0]


def listing(
    *, lens: str | None, after: Sequence[Any] | None, limit: int, day: date | None = None, as_of: At
) -> list[StoredEdition]:
    """Return up to `limit` editions after the place (day, lens, version) `after`.

    `as_of`: only editions of what was on record at that position.

    :raises lenses.NoSuchLens:
    """
    rows = _narrowed(lens, day, as_of).order_by(*ORDER)
    if after is not None:
        last_day, last_lens, version = after
        same_lens = Q(day=last_day, lens=last_lens, lens_version__lt=version)
        same_day = Q(day=last_day, lens__gt=last_lens)
        rows = rows.filter(Q(day__lt=last_day) | same_day | same_lens)
    return _stored(list(rows[:limit]))


def count(*, lens: str | None, day: date | None = None, as_of: At) -> int:
    """Return the number of editions."""
    return _narrowed(lens, day, as_of).count()


def lines(edition: StoredEdition) -> list[str]:
    """Return the lines of an edition from the tables as they are now.

    :raises values.Behind: while a rebuilt table has not reached its position.
    """
    return values.stored_lines(edition.lens, edition.day, position=edition.position)


def verify(edition: StoredEdition) -> Verification:
    """Recompute an edition from the log, and compare it with its digest and with the tables.

    :raises values.Behind:
    """
    expected = values.recomputed_lines(edition.lens, edition.day, position=edition.position)
    recomputed, differs = e.summary(expected), []
    if recomputed.digest != edition.digest:
        differs.append(f"its digest is {edition.digest}, the log gives {recomputed.digest}")
    if recomputed.pairs != edition.pairs:
        differs.append(f"it counts {edition.pairs} pairs, the log gives {recomputed.pairs}")
    served = lines(edition)
    differs += (
        f"the tables differ from the log on {series}"
        for series in e.different_series(served, expected)
    )
    return Verification(lines=len(expected), differs=tuple(differs))


def _narrowed(lens: str | None, day: date | None, as_of: At) -> QuerySet[Edition]:
    rows = Edition.objects.all()
    if not as_of.is_now:
        rows = rows.filter(position__lte=as_of.position)
    if day is not None:
        rows = rows.filter(day=day)
    if lens is not None:
        chosen = lenses.find(lens, position=as_of.position)
        rows = rows.filter(lens=chosen.id)
        if "@" in lens:
            rows = rows.filter(lens_version=chosen.version)
    return rows


def _stored(rows: Sequence[Edition]) -> list[StoredEdition]:
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
