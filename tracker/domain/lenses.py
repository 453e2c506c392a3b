"""Lenses: a view selects the evidence, and a lens scores it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from tracker.domain import codec, scoring
from tracker.domain.claims import repeats
from tracker.domain.fields import SLUG, Most, Reason, Size, Words
from tracker.domain.problems import Problem, required
from tracker.domain.records import Collection, Ownership, Sector, Source
from tracker.domain.scoring.evidence import Impact, Pulls, series
from tracker.domain.scoring.moments import Model, Scorer
from tracker.domain.scoring.parameters import WrongParameter

# The method by which claims become impacts, as views name it.
METHOD = "1"
# How the names of lenses of machine-coded collections begin: "machine-gdelt-1".
MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """The roots that a view admits: by country or ownership, or all except those."""

    countries: Annotated[tuple[UUID, ...], Most(300)] = ()
    ownerships: Annotated[tuple[Ownership, ...], Most(20)] = ()
    rule: Literal["only", "except"] = "only"

    def admits(self, root: Source) -> bool:
        inside = root.country in self.countries or root.ownership in self.ownerships
        return inside is (self.rule == "only")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which evidence counts: a method, collections, and a bloc of sources.

    A view without collections counts every curated collection, including later ones.
    """

    method: Annotated[str, Words(20)]
    collections: Annotated[tuple[UUID, ...], Most(100)] = ()
    bloc: Bloc | None = None

    def admits(self, collection_id: UUID, collection: Collection) -> bool:
        """Return whether claims of a collection count."""
        if self.collections:
            return collection_id in self.collections
        return collection.coding == "curated"

    @property
    def id(self) -> str:
        """Sixteen hex digits derived from the content, so that lenses share a view.

        The order of collections, countries and ownerships does not matter.
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
    """A named view, the admitted sectors (none listed: all), a model and its parameters.

    Its version is that of its stream. Parameters contain no floats: decimals are strings.
    """

    name: Annotated[str, SLUG._replace(required="a lens requires a name")]
    view: View
    model: Annotated[str, Words(64)]
    model_version: int
    parameters: Annotated[Mapping[str, Any], Size(200_000)]
    sectors: Annotated[tuple[Sector, ...], Most(30), "empty: all count"] = ()
    description: Reason = ""


@dataclass(frozen=True, kw_only=True)
class LensVersion:
    """A lens at one of its versions, which folds impacts.

    A direction is "KAZ-RUS" for the undirected pair, or "RUS>KAZ" for the stance of one country.
    """

    id: UUID
    version: int
    lens: Lens

    @property
    def label(self) -> str:
        return f"{self.lens.name}@{self.version}"

    @property
    def model(self) -> Model:
        return scoring.MODELS[self.lens.model]

    @cached_property
    def scorer(self) -> Scorer:
        return self.model.read(self.lens.parameters)

    def pulls(self, impacts: Iterable[Impact], direction: str) -> Pulls:
        initiator = direction.partition(">")[0] if ">" in direction else None
        return series(
            impacts, initiator=initiator, sectors=self.lens.sectors, levels=self.model.levels
        )

    def stored_directions(self, pair: str) -> tuple[str, ...]:
        """Return the directions of a pair of which scores are stored and published in editions: of
        a level, which is of the two, the undirected one. The others are folded when read."""
        return (pair,) if self.model.levels else directions(pair)


def machine_lens(collection: UUID, *, name: str) -> Lens:
    """Return the default lens of a machine-coded collection, called "machine-" and its name."""
    about = f"The level of a relation from the machine-coded events of {name} alone."
    return _level_lens(collection, name=f"{MACHINE}-{name}", description=about)


def own_lens(collection_id: UUID, collection: Collection) -> Lens:
    """Return a lens that counts one collection only, called "standing-" and its name; of a
    machine-coded one `machine_lens`."""
    name = collection.name
    if collection.coding == "machine":
        return machine_lens(collection_id, name=name)
    about = f"The level of a relation from the claims of {name} alone."
    return _level_lens(collection_id, name=f"standing-{name}", description=about)


def _level_lens(collection: UUID, *, name: str, description: str) -> Lens:
    model = scoring.MODELS["standing"]
    return Lens(
        name=name,
        description=description,
        view=View(method=METHOD, collections=(collection,)),
        model=model.name,
        model_version=model.version,
        parameters=model.defaults,
    )


def pair_of(first: str, second: str) -> str:
    """Return the name of an undirected pair: codes in alphabetical order."""
    return "-".join(sorted((first, second)))


def directions(pair: str) -> tuple[str, str, str]:
    """Return the three series of a pair: undirected, and each direction."""
    first, second = pair.split("-")
    return pair, f"{first}>{second}", f"{second}>{first}"


def lens_problems(lens: Lens) -> Iterator[Problem]:
    """Yield everything that is wrong with a lens by itself, including model and parameters."""
    yield from codec.problems(lens)
    yield from _lens_problems(lens)


def _lens_problems(lens: Lens) -> Iterator[Problem]:
    if lens.view.method != METHOD:
        detail = f"unknown method; expected {METHOD}"
        yield Problem(pointer="/view/method", code="unknown", detail=detail)
    yield from repeats(lens.view.collections, "/view/collections", detail="duplicate entry")
    yield from _bloc_problems(lens.view.bloc)
    yield from repeats(lens.sectors, "/sectors", detail="duplicate entry")
    yield from _model_problems(lens)


def _bloc_problems(bloc: Bloc | None) -> Iterator[Problem]:
    if bloc in (Bloc(), Bloc(rule="except")):
        yield required("/view/bloc", "must have at least one country or ownership")
    elif bloc:
        for field in ("countries", "ownerships"):
            listed = getattr(bloc, field)
            yield from repeats(listed, f"/view/bloc/{field}", detail="duplicate entry")


def _model_problems(lens: Lens) -> Iterator[Problem]:
    model = scoring.MODELS.get(lens.model)
    if model is None or model.version != lens.model_version:
        known = ", ".join(f"{name} {model.version}" for name, model in scoring.MODELS.items())
        yield Problem(
            pointer="/model",
            code="unknown",
            detail=f"unknown model or version; expected one of: {known}",
        )
        return
    yield from _parameter_problems(model, dict(lens.parameters))


def _parameter_problems(model: Model, body: dict[str, Any]) -> Iterator[Problem]:
    """Parse the parameters repeatedly, replacing one unusable value by its default each time.

    If the default does not fit either, as the default steps beside a strong pull of war, the rest
    is checked once this problem is fixed.
    """
    seen: set[str] = set()
    while problem := _first_error(model, body):
        unknown = problem.name in body and problem.name not in model.defaults
        name = problem.name if unknown else problem.name.partition(".")[0]
        if name in seen:
            return
        seen.add(name)
        yield Problem(
            pointer=_pointer(problem.name, unknown=unknown), code="invalid", detail=str(problem)
        )
        if unknown:
            del body[name]
        else:
            body[name] = model.defaults[name]


def _first_error(model: Model, body: dict[str, Any]) -> WrongParameter | None:
    try:
        model.read(body)
    except WrongParameter as problem:
        return problem
    return None


def _pointer(name: str, *, unknown: bool) -> str:
    """The pointer of a parameter: "steps.violence" is "/parameters/steps/violence"."""
    parts = [name] if unknown else name.split(".", 1)
    return "/".join(["/parameters", *(_escaped(part) for part in parts)])


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
