"""What must hold for a lens before it may enter the log: its view, its model, each parameter."""

import re
from collections.abc import Iterator
from typing import Any

from tracker.domain import limits, scoring
from tracker.domain.claimchecks import repeats
from tracker.domain.lenses import METHODS, Bloc, Lens
from tracker.domain.problems import Problem
from tracker.domain.scoring.moments import Model
from tracker.domain.scoring.parameters import WrongParameter


def lens_problems(lens: Lens) -> Iterator[Problem]:
    """Everything that is wrong with a lens by itself, its model and parameters included."""
    found = [*_lens_problems(lens), *limits.problems(lens)]
    yield from found or limits.shape_problems(lens)


def _lens_problems(lens: Lens) -> Iterator[Problem]:
    if not lens.name.strip():
        yield _needed("/name", "a lens requires a name")
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
        known = ", ".join(f"{one.name} {one.version}" for one in scoring.MODELS.values())
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
