"""Which lenses count a collection, and the claims on record that none counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tracker.domain import state as f
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion, View
from tracker.domain.records import Collection
from tracker.models.derived import StandingRecord
from tracker.queries.claims import listing
from tracker.queries.claims.listing import Filters
from tracker.queries.records import pair_names, states
from tracker.queries.scores import lenses
from tracker.wording import counted

# Claims of one collection that are counted on a pair.
MOST_CLAIMS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """A collection that no lens counts, or not the one that is asked about: `lenses` do."""

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
        """Whether there are more than were counted."""
        return self.claims > MOST_CLAIMS

    @property
    def says(self) -> str:
        of = f"of the collection {self.collection.name}"
        number = min(self.claims, MOST_CLAIMS)
        claims = counted(number, f"claim {of} is", f"claims {of} are")
        start = f"{'More than ' if self.many else ''}{claims} on record, but"
        if not self.collection.lenses:
            return f"{start} no lens counts {'it' if number == 1 else 'them'}."
        by = " and ".join(self.collection.lenses)
        return f"{start} not counted by this lens; counted by {by}."


def notice(name: str) -> str:
    """What is to be told of a collection that no lens counts."""
    return f"No lens counts the collection {name}: its claims move no score."


def counted_by(
    collections: Mapping[UUID, Collection], among: Iterable[LensVersion] | None = None
) -> dict[UUID, tuple[str, ...]]:
    """The names of the lenses that count each collection, those in force now if not given others.
    A collection may be one that is only about to be described."""
    held = list(lenses.latest() if among is None else among)
    return {
        key: tuple(one.lens.name for one in held if one.lens.view.admits(key, collection))
        for key, collection in collections.items()
    }


def uncounted(wanted: Iterable[UUID] | None = None) -> list[Uncounted]:
    """Those of some collections on record, or of all, that no lens counts, by name."""
    collections = collections_on_record() if wanted is None else collections_on_record(wanted)
    return [one for one in _beside(collections, None) if not one.lenses]


def uncounted_named(names: Iterable[str]) -> list[Uncounted]:
    """Those of some collections that are on record under these names and that no lens counts."""
    wanted = set(names)
    if not wanted:
        return []
    rows = StandingRecord.objects.filter(noun="collection", name__in=wanted)
    return uncounted(rows.values_list("id", flat=True))


def collections_on_record(wanted: Iterable[UUID] | None = None) -> dict[UUID, Collection]:
    """Some collections, or all, as described last."""
    if wanted is None:
        rows = StandingRecord.objects.filter(noun="collection")
        wanted = rows.values_list("id", flat=True)
    found = states.records(wanted, at=None)
    return {key: one.collection for key, one in found.items() if isinstance(one, f.CollectionState)}


def admitted(view: View) -> list[UUID]:
    """The collections that a view counts now."""
    if view.collections:
        return list(view.collections)
    return [key for key, one in collections_on_record().items() if view.admits(key, one)]


def uncounted_of(pair: str, *, reader: Reader) -> list[UncountedClaims]:
    """The claims that name both countries of a pair and that no lens counts, by collection.

    In public, claims that may not be printed are not counted.
    """
    return _of_pair(pair, uncounted(), reader)


def not_counted_by(
    pair: str, *, lens: LensVersion, every: bool, reader: Reader
) -> list[UncountedClaims]:
    """The same, and with `every` also the claims that other lenses count and this one does not."""
    beside = _beside(collections_on_record(), lens.lens.view)
    return _of_pair(pair, [one for one in beside if every or not one.lenses], reader)


def _of_pair(pair: str, beside: list[Uncounted], reader: Reader) -> list[UncountedClaims]:
    if not beside:
        return []
    one, other = (end.id for end in pair_names.ends(*pair.split("-")))
    found = [
        UncountedClaims(collection=each, claims=_claims(each.id, (one, other), reader))
        for each in beside
    ]
    return [one for one in found if one.claims]


def _beside(collections: Mapping[UUID, Collection], view: View | None) -> list[Uncounted]:
    """The collections that a view does not count, by name, with the lenses that do."""
    counting = counted_by(collections)
    return sorted(
        (
            Uncounted(id=key, name=one.name, lenses=counting[key])
            for key, one in collections.items()
            if view is None or not view.admits(key, one)
        ),
        key=lambda one: (one.name, one.id),
    )


def _claims(collection: UUID, pair: tuple[UUID, UUID], reader: Reader) -> int:
    """How many claims that stand name both countries, counted up to one more than `MOST_CLAIMS`."""
    filters = Filters(collection=collection, status="standing", pair=pair)
    return listing.count(filters, most=MOST_CLAIMS + 1, reader=reader)
