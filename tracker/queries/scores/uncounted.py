"""Which lenses count a collection, and the claims on record that no lens counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion, View
from tracker.domain.records import Collection
from tracker.language_formats import grouped
from tracker.lens_names import reader_name
from tracker.models.derived import StandingRecord
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import pair_names, states
from tracker.queries.scores import lenses
from tracker.queries.sql import select_value
from tracker.wording import listed

# The most claims of one collection that are counted for a pair.
MOST_CLAIMS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """A collection that no lens, or not the given lens, counts. `lenses` are those that count
    it."""

    id: UUID
    name: str
    lenses: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        return notice(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class UncountedClaims:
    """The claims of such a collection that name both countries of a pair."""

    collection: Uncounted
    claims: int

    @property
    def many(self) -> bool:
        """Whether there are more claims than were counted."""
        return self.claims > MOST_CLAIMS

    @property
    def says(self) -> str:
        number = min(self.claims, MOST_CLAIMS)
        given = {
            "number": grouped(number),
            "collection": self.collection.name,
            "lenses": listed([f"“{reader_name(lens)}”" for lens in self.collection.lenses]),
        }
        return (self._elsewhere if self.collection.lenses else self._nowhere)(number) % given

    def _nowhere(self, number: int) -> str:
        if self.many:
            return _(
                "More than %(number)s claims of the collection %(collection)s are on record, but no"
                " lens counts them."
            )
        return ngettext(
            "%(number)s claim of the collection %(collection)s is on record, but no lens counts"
            " it.",
            "%(number)s claims of the collection %(collection)s are on record, but no lens counts"
            " them.",
            number,
        )

    def _elsewhere(self, number: int) -> str:
        if self.many:
            return _(
                "More than %(number)s claims of the collection %(collection)s are on record, but"
                " not counted here; counted by %(lenses)s."
            )
        return ngettext(
            "%(number)s claim of the collection %(collection)s is on record, but not counted here;"
            " counted by %(lenses)s.",
            "%(number)s claims of the collection %(collection)s are on record, but not counted"
            " here; counted by %(lenses)s.",
            number,
        )


def notice(name: str) -> str:
    """Return the notice for a collection that no lens counts."""
    return _("No lens counts the collection %(name)s: its claims move no score.") % {"name": name}


def counted_by(
    collections: Mapping[UUID, Collection], among: Iterable[LensVersion] | None = None
) -> dict[UUID, tuple[str, ...]]:
    """Return the names of the lenses that count each collection. Default: the lenses in force.

    A collection may be one that is about to be described.
    """
    candidates = list(lenses.latest() if among is None else among)
    return {
        key: tuple(lens.lens.name for lens in candidates if lens.lens.view.admits(key, collection))
        for key, collection in collections.items()
    }


def uncounted_collections(wanted: Iterable[UUID] | None = None) -> list[Uncounted]:
    """Return those of the given collections, or of all on record, that no lens counts, by name."""
    collections = collections_on_record() if wanted is None else collections_on_record(wanted)
    return [collection for collection in _not_counted(collections, None) if not collection.lenses]


def uncounted_named(names: Iterable[str]) -> list[Uncounted]:
    """Return the collections on record under these names that no lens counts."""
    wanted = set(names)
    if not wanted:
        return []
    rows = StandingRecord.objects.filter(noun="collection", name__in=wanted)
    return uncounted_collections(rows.values_list("id", flat=True))


def collections_on_record(wanted: Iterable[UUID] | None = None) -> dict[UUID, Collection]:
    """Return the given collections, or all, in their current description."""
    if wanted is None:
        rows = StandingRecord.objects.filter(noun="collection")
        wanted = rows.values_list("id", flat=True)
    records = states.records(wanted, at=None)
    return {
        key: state.collection
        for key, state in records.items()
        if isinstance(state, f.CollectionState)
    }


def admitted_collections(view: View) -> list[UUID]:
    """Return the collections that a view counts now."""
    if view.collections:
        return list(view.collections)
    return [
        key for key, collection in collections_on_record().items() if view.admits(key, collection)
    ]


def uncounted_claims(
    pair: str, *, reader: Reader, lens: LensVersion | None = None, every: bool = False
) -> list[UncountedClaims]:
    """Return the claims that name both countries of a pair and that no lens counts, by collection.
    With a lens and `every`, also those that other lenses count and this one does not.

    Withheld claims are not counted for the public.
    """
    view = lens.lens.view if lens else None
    collections = [
        collection
        for collection in _not_counted(collections_on_record(), view)
        if every or not collection.lenses
    ]
    if not collections:
        return []
    first, second = (end.id for end in pair_names.ends(*pair.split("-")))
    counts = {
        collection.id: _count(collection.id, (first, second), reader) for collection in collections
    }
    return [
        UncountedClaims(collection=collection, claims=counts[collection.id])
        for collection in collections
        if counts[collection.id]
    ]


def uncounted_by_lens(
    pair: str, versions: Iterable[LensVersion], *, reader: Reader
) -> dict[str, list[UncountedClaims]]:
    """Return by label the claims that name both countries of a pair and that each lens does not
    count, by collection."""
    known, ends = collections_on_record(), pair_names.ends(*pair.split("-"))
    first, second = (end.id for end in ends)
    missing = {lens.label: _not_counted(known, lens.lens.view) for lens in versions}
    wanted = {collection.id for own in missing.values() for collection in own}
    counts = {key: _count(key, (first, second), reader) for key in wanted}
    return {
        label: [
            UncountedClaims(collection=collection, claims=counts[collection.id])
            for collection in own
            if counts[collection.id]
        ]
        for label, own in missing.items()
    }


def _not_counted(collections: Mapping[UUID, Collection], view: View | None) -> list[Uncounted]:
    """The collections that a view does not count, by name, with the lenses that do."""
    counting = counted_by(collections)
    return sorted(
        (
            Uncounted(id=key, name=collection.name, lenses=counting[key])
            for key, collection in collections.items()
            if view is None or not view.admits(key, collection)
        ),
        key=lambda entry: (entry.name, entry.id),
    )


def _count(collection: UUID, pair: tuple[UUID, UUID], reader: Reader) -> int:
    """The number of claims in force that name both countries, counted up to `MOST_CLAIMS` + 1."""
    filters = Filters(collection=collection, status="standing", pair=pair)
    return listing.count(filters, most=MOST_CLAIMS + 1, reader=reader)


# The index of collections alone counts all of a collection; few claims are not in force.
_COUNTED = (
    "SELECT count(*) FROM (SELECT FROM standing_claim WHERE collection = %s LIMIT %s) AS counted"
)
_NOT_STANDING = (
    "SELECT count(*) FROM (SELECT FROM standing_claim WHERE NOT status = 'standing'"
    " AND collection = %s LIMIT %s) AS counted"
)


def standing_claims(collection: UUID, *, most: int) -> int:
    """Return the number of claims in force of a collection, counted up to `most`."""
    others = select_value(_NOT_STANDING, [collection, most])
    limit = most + others
    found: int = select_value(_COUNTED, [collection, limit]) - others
    return max(0, found)
