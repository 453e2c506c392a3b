"""Lenses: each definition is a new version, and the old ones stay."""

from datetime import datetime
from uuid import UUID

from tracker import log
from tracker.domain import events as e
from tracker.domain import validity
from tracker.domain.lenses import Lens
from tracker.log import Draft, Recorded
from tracker.operations import ids, references
from tracker.projections import standing


def define_lens(
    lens: Lens, *, at: datetime, by: str, lens_id: UUID | None = None, expected: int | None = None
) -> Recorded:
    """Define a lens, or its next version.

    :raises Invalid: naming every field that does not fit.
    """
    collections = enumerate(lens.view.collections)
    countries = enumerate(lens.view.bloc.countries if lens.view.bloc else ())
    named = [
        *((f"/view/collections/{n}", one, "collection") for n, one in collections),
        *((f"/view/bloc/countries/{n}", one, "actor") for n, one in countries),
    ]
    validity.refuse([*validity.lens_problems(lens), *references.missing(named)])
    draft = Draft(
        stream=lens_id or ids.new_id(at),
        event=e.LensDefined(lens=lens),
        expected=0 if lens_id is None else expected,
    )
    return log.append([draft], at=at, by=by, project=standing.project)[0]
