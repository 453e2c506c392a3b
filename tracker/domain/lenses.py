"""Ways of looking: a view says which evidence counts, a lens what is made of it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from tracker.domain import codec, scoring
from tracker.domain.parties import Sector
from tracker.domain.publications import Collection, Ownership, Source
from tracker.domain.scoring.evidence import Impact, Pull, series
from tracker.domain.scoring.moments import Scorer

# How claims become impacts: the versions that this code can still work out.
METHODS = ("1",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """The roots that a view listens to: by country, by ownership, or all but those."""

    countries: tuple[UUID, ...] = ()
    ownerships: tuple[Ownership, ...] = ()
    rule: Literal["only", "except"] = "only"

    def admits(self, root: Source) -> bool:
        inside = root.country in self.countries or root.ownership in self.ownerships
        return inside is (self.rule == "only")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which evidence counts: a method, the collections, the bloc of sources.

    A view that names no collection counts every curated one, also those described later.
    """

    method: str
    collections: tuple[UUID, ...] = ()
    bloc: Bloc | None = None

    def admits(self, collection_id: UUID, collection: Collection) -> bool:
        """Whether claims of a collection count, as the collection is described."""
        if self.collections:
            return collection_id in self.collections
        return collection.coding == "curated"

    @property
    def id(self) -> str:
        """Sixteen hex digits that follow from what counts, so that lenses share a view.

        The order in which collections, countries and ownerships are listed says nothing.
        """
        return _id(self)


@lru_cache(maxsize=1_000)
def _id(view: View) -> str:
    content = codec.plain(view)
    content["collections"] = sorted(set(content.get("collections", [])))
    bloc = content.get("bloc", {})
    for listed in ("countries", "ownerships"):
        if listed in bloc:
            bloc[listed] = sorted(set(bloc[listed]))
    return hashlib.sha256(codec.canonical(content).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A named view, the sectors admitted (none listed: all), a model and its parameters.

    Its version is the version of its stream. Parameters hold no floats: decimals are strings.
    """

    name: str
    view: View
    model: str
    model_version: int
    parameters: Mapping[str, Any]
    sectors: tuple[Sector, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LensVersion:
    """A lens at one of its versions, and how it folds impacts.

    A direction is "KAZ-RUS" for the undirected pair, "RUS>KAZ" for one country's stance.
    """

    id: UUID
    version: int
    lens: Lens

    @property
    def label(self) -> str:
        return f"{self.lens.name}@{self.version}"

    def scorer(self, direction: str) -> Scorer:
        return scoring.MODELS[self.lens.model].read(self.lens.parameters, series=direction)

    def pulls(self, impacts: Iterable[Impact], direction: str) -> list[Pull]:
        initiator = direction.partition(">")[0] if ">" in direction else None
        return series(impacts, initiator=initiator, sectors=self.lens.sectors)


def machine_lens(collection: UUID, *, called: str) -> Lens:
    """The lens that a machine-coded collection gets by itself, "standing-" and its name.

    As many events as an archive has of a day share it, a step is a straight .02 of the code's value
    and no sd is below .5: coders err together, and a pair is not better for being written about
    more. Both numbers are argued for in `docs/method.md`.
    """
    standing = scoring.MODELS["standing"]
    return Lens(
        name=f"standing-{called}",
        description=f"The level of a relation from the machine-coded events of {called} alone.",
        view=View(method=METHODS[-1], collections=(collection,)),
        model="standing",
        model_version=standing.version,
        parameters={
            **standing.defaults,
            "steps": [["-10", "-0.2"], ["10", "0.2"]],
            "share_day": True,
            "least_sd": "0.5",
        },
    )


def own_lens(collection_id: UUID, collection: Collection) -> Lens:
    """A lens that counts one collection alone, called "standing-" and the collection's name."""
    called = collection.name
    if collection.coding == "machine":
        return machine_lens(collection_id, called=called)
    standing = scoring.MODELS["standing"]
    return Lens(
        name=f"standing-{called}",
        description=f"The level of a relation from the claims of {called} alone.",
        view=View(method=METHODS[-1], collections=(collection_id,)),
        model="standing",
        model_version=standing.version,
        parameters=standing.defaults,
    )


def pair_of(one: str, other: str) -> str:
    """The name of an undirected pair: codes in alphabetical order."""
    return "-".join(sorted((one, other)))


def directions(pair: str) -> tuple[str, str, str]:
    """The three series of a pair: undirected, and both ways."""
    one, other = pair.split("-")
    return pair, f"{one}>{other}", f"{other}>{one}"
