"""Published editions: lists, their lines and spreads, and a check of each against the log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tracker.domain import editions as e
from tracker.domain.editions import KeptSpread, Spreads
from tracker.domain.lenses import LensVersion
from tracker.domain.problems import NotFound
from tracker.domain.scoring.evidence import Impact
from tracker.log import seal
from tracker.models.operational import Edition, EditionSpread
from tracker.queries.evidence import impacts
from tracker.queries.evidence.refold import refold
from tracker.queries.moment import At
from tracker.queries.scores import lenses, values

# The order of lists: the newest day first.
ORDER = ("-day", "lens", "-lens_version")


class NoSuchEdition(NotFound):
    """There is no edition of that day under that lens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEdition:
    """An edition: the values of a lens on a day, as known at a position. `spreads` is the version
    of the settings of its spreads, or a key of `domain.editions.NO_SPREADS`. `root` is that of the
    log's tree of `position` events, in hex digits."""

    lens: LensVersion
    day: date
    position: int
    pairs: int
    digest: str
    made_at: datetime
    spreads: str
    root: str

    @property
    def no_spreads(self) -> str | None:
        """Why it has no spreads; None if it has."""
        return e.NO_SPREADS.get(self.spreads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of a check of `lines` and `spreads` against the log. The edition is correct if
    `differs` is empty."""

    lines: int
    spreads: int
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
        given = {"day": day, "lens": label, "position": as_of.position}
        text = _("there is no edition of %(day)s under %(lens)s")
        if not as_of.is_now:
            text = _(
                "there is no edition of %(day)s under %(lens)s of what was on record at position"
                " %(position)s"
            )
        raise NoSuchEdition(text % given)
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


def spreads_at(lens: LensVersion, day: date, *, position: int) -> Spreads:
    """Work out the spreads of a day from the impacts known at a position."""
    known: dict[str, list[Impact]] = {}
    if not e.missing_spreads(lens):
        for impact in impacts.on_all_pairs(
            lens.lens.view.id, position=position, country=None, most=e.MOST_IMPACTS
        ):
            known.setdefault(impacts.pair_of_impact(impact), []).append(impact)
    return e.spreads(lens, known, day)


def spreads_of(edition: StoredEdition) -> dict[str, KeptSpread]:
    """Return the spreads that an edition kept, by pair."""
    rows = EditionSpread.objects.filter(
        lens=edition.lens.id, lens_version=edition.lens.version, day=edition.day
    )
    return {row.pair: KeptSpread(row.low, row.high, row.same_sign) for row in rows.order_by("pair")}


def verify(edition: StoredEdition) -> Verification:
    """Recompute an edition from the log, and compare it with its digest, with the tables, with its
    spreads and with the root of the log's tree.

    :raises values.Behind:
    """
    lens, day = edition.lens, edition.day
    known = refold(lens.lens.view, position=edition.position).impacts
    expected = values.recomputed_lines(lens, known, day)
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
    kept = spreads_of(edition)
    differs += _different_spreads(edition, kept, known)
    differs += _different_root(edition)
    return Verification(lines=len(expected), spreads=len(kept), differs=tuple(differs))


def _different_root(edition: StoredEdition) -> Iterator[str]:
    root = seal.root_at(edition.position).hex()
    if root != edition.root:
        yield f"its root is {edition.root}, the tree of the log has {root}"


def _different_spreads(
    edition: StoredEdition, kept: Mapping[str, KeptSpread], known: Mapping[str, Sequence[Impact]]
) -> Iterator[str]:
    """What the spreads have that the log does not give."""
    expected = e.spreads(edition.lens, known, edition.day)
    if edition.spreads != expected.kept:
        yield f"its spreads are {edition.spreads!r}, the log gives {expected.kept!r}"
    for pair in sorted(kept.keys() | expected.by_pair.keys()):
        if kept.get(pair) != expected.by_pair.get(pair):
            yield f"the spread of {pair} differs from the log"


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
            spreads=row.spreads,
            root=row.root,
        )
        for row in rows
    ]
