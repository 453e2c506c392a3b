"""Lenses: each definition is a new version, and the old ones stay."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import scoring, validity
from tracker.domain.lenses import Lens
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.operations import ids, references
from tracker.projections import standing

METHODS = ("1",)


def define_lens(
    lens: Lens, *, at: datetime, by: str, lens_id: UUID | None = None, expected: int | None = None
) -> Recorded:
    """Define a lens, or its next version.

    :raises Invalid: naming every field that does not fit.
    """
    collections = enumerate(lens.view.collections)
    validity.refuse(
        [
            *_problems(lens),
            *references.missing(
                (f"/view/collections/{n}", one, "collection") for n, one in collections
            ),
        ]
    )
    draft = Draft(
        stream=lens_id or ids.new_id(at),
        event=e.LensDefined(lens=lens),
        expected=0 if lens_id is None else expected,
    )
    return log.append([draft], at=at, by=by, project=standing.project)[0]


def _problems(lens: Lens) -> Iterator[Problem]:
    if not lens.name.strip():
        yield Problem(pointer="/name", code="required", detail="a lens needs a name")
    if lens.view.method not in METHODS:
        known = ", ".join(METHODS)
        yield Problem(pointer="/view/method", code="unknown", detail=f"methods known: {known}")
    model = scoring.MODELS.get(lens.model)
    if model is None or model.version != lens.model_version:
        known = ", ".join(f"{one.name} {one.version}" for one in scoring.MODELS.values())
        yield Problem(pointer="/model", code="unknown", detail=f"models known: {known}")
        return
    try:
        model.read(lens.parameters)
    except ValueError as problem:
        yield Problem(pointer="/parameters", code="invalid", detail=str(problem))
