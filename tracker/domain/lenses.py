"""Ways of looking: a view says which evidence counts, a lens what is made of it."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from tracker.domain import codec, scoring
from tracker.domain.claims import repeats
from tracker.domain.fields import SLUG, Most, Reason, Size, Words
from tracker.domain.problems import Problem
from tracker.domain.records import Collection, Ownership, Sector, Source
from tracker.domain.scoring.evidence import Impact, Pull, series
from tracker.domain.scoring.moments import Model, Scorer
from tracker.domain.scoring.parameters import WrongParameter

# How claims become impacts: the versions that this code can still work out.
METHODS = ("1",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """The roots that a view listens to: by country, by ownership, or all but those."""

    countries: Annotated[tuple[UUID, ...], Most(300)] = ()
    ownerships: Annotated[tuple[Ownership, ...], Most(20)] = ()
    rule: Literal["only", "except"] = "only"

    def admits(self, root: Source) -> bool:
        inside = root.country in self.countries or root.ownership in self.ownerships
        return inside is (self.rule == "only")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which evidence counts: a method, the collections, the bloc of sources.

    A view that names no collection counts every curated one, also those described later.
    """

    method: Annotated[str, Words(20)]
    collections: Annotated[tuple[UUID, ...], Most(100)] = ()
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

    name: Annotated[str, SLUG._replace(required="a lens requires a name")]
    view: View
    model: Annotated[str, Words(64)]
    model_version: int
    parameters: Annotated[Mapping[str, Any], Size(200_000)]
    sectors: Annotated[tuple[Sector, ...], Most(30), "empty: all count"] = ()
    description: Reason = ""


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


def lens_problems(lens: Lens) -> Iterator[Problem]:
    """Everything that is wrong with a lens by itself, its model and parameters included."""
    yield from codec.problems(lens)
    yield from _lens_problems(lens)


def _lens_problems(lens: Lens) -> Iterator[Problem]:
    if lens.view.method not in METHODS:
        detail = f"unknown method; expected one of: {', '.join(METHODS)}"
        yield Problem(pointer="/view/method", code="unknown", detail=detail)
    yield from repeats(lens.view.collections, "/view/collections", detail="duplicate entry")
    yield from _bloc_problems(lens.view.bloc)
    yield from repeats(lens.sectors, "/sectors", detail="duplicate entry")
    yield from _model_problems(lens)


def _bloc_problems(bloc: Bloc | None) -> Iterator[Problem]:
    if bloc in (Bloc(), Bloc(rule="except")):
        yield _needed("/view/bloc", "must have at least one country or ownership")
    elif bloc:
        for field in ("countries", "ownerships"):
            listed = getattr(bloc, field)
            yield from repeats(listed, f"/view/bloc/{field}", detail="duplicate entry")


def _model_problems(lens: Lens) -> Iterator[Problem]:
    model = scoring.MODELS.get(lens.model)
    if model is None or model.version != lens.model_version:
        known = ", ".join(
            f"{known_model.name} {known_model.version}" for known_model in scoring.MODELS.values()
        )
        yield Problem(
            pointer="/model",
            code="unknown",
            detail=f"unknown model or version; expected one of: {known}",
        )
        return
    yield from _parameter_problems(model, dict(lens.parameters))


def _parameter_problems(model: Model, body: dict[str, Any]) -> Iterator[Problem]:
    """Read the parameters over and over, each time with one less that cannot be used.

    A usual value stands in for what is missing or wrong. Where that does not fit either, as the
    usual steps under a small `top`, the rest is checked once this is fixed.
    """
    seen: set[str] = set()
    while problem := _unread(model, body):
        alien = problem.name in body and problem.name not in model.defaults
        name = problem.name if alien else re.split(r"[.\[]", problem.name)[0]
        if name in seen:
            return
        seen.add(name)
        yield Problem(
            pointer=_pointer(problem.name, alien=alien), code="invalid", detail=str(problem)
        )
        if alien:
            del body[name]
        else:
            body[name] = model.defaults[name]


def _unread(model: Model, body: dict[str, Any]) -> WrongParameter | None:
    try:
        model.read(body)
    except WrongParameter as problem:
        return problem
    return None


def _pointer(name: str, *, alien: bool) -> str:
    """Where a parameter stands: "anchors[0].level" at "/parameters/anchors/0/level"."""
    if alien:
        place = name.replace("~", "~0").replace("/", "~1")
    else:
        place = name.replace("].", "/").replace("[", "/").replace("]", "")
    return f"/parameters/{place}"


def _needed(pointer: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code="required", detail=detail)
