"""Lenses: each definition is a new version, and the old ones stay."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import folding as f
from tracker.domain import validity
from tracker.domain.lenses import Lens, machine_lens
from tracker.domain.validity import Problem
from tracker.log import Draft, Recorded
from tracker.operations import ids, references
from tracker.operations.turns import take_turn
from tracker.projections import standing
from tracker.queries import lenses, states


@transaction.atomic
def define_lens(
    lens: Lens, *, at: datetime, by: str, lens_id: UUID | None = None, expected: int | None = None
) -> Recorded:
    """Define a lens, or its next version, which keeps the name: scores are cited by it.

    :raises Invalid: naming every field that does not fit. :raises VersionConflict: if the last
    version is not the `expected` one.
    """
    collections = enumerate(lens.view.collections)
    countries = enumerate(lens.view.bloc.countries if lens.view.bloc else ())
    named = [
        *((f"/view/collections/{n}", one, "collection") for n, one in collections),
        *((f"/view/bloc/countries/{n}", one, "actor") for n, one in countries),
    ]
    stream = lens_id or ids.new_id(at)
    take_turn(f"lens:{lens.name}")
    validity.refuse(
        [
            *validity.lens_problems(lens),
            *references.missing(named),
            *_no_countries(lens),
            *_name_taken(lens, stream),
        ]
    )
    draft = Draft(
        stream=stream,
        event=e.LensDefined(lens=lens),
        expected=0 if lens_id is None else expected,
    )
    return log.append([draft], at=at, by=by, project=standing.project)[0]


@transaction.atomic
def see_through(collection: UUID, *, at: datetime, by: str) -> Recorded | None:
    """Define the lens of a machine-coded collection that nobody looks at yet, so that what was
    imported scores, apart from all else; nothing where a lens sees it, one that was made so was
    led elsewhere, or people enter it.

    :raises Invalid: if another lens has its name.
    """
    take_turn(f"lens of {collection}")
    state = states.records([collection], at=None).get(collection)
    if not isinstance(state, f.CollectionState) or state.collection.coding != "machine":
        return None
    name = state.collection.name
    stream = ids.content_id("lens", name)
    if any(one.id == stream or collection in one.lens.view.collections for one in lenses.latest()):
        return None
    lens = machine_lens(collection, called=name)
    return define_lens(lens, at=at, by=by, lens_id=stream, expected=0)


def _no_countries(lens: Lens) -> Iterator[Problem]:
    """A source has a country; one that is of another actor would never be found."""
    listed = lens.view.bloc.countries if lens.view.bloc else ()
    found = states.records(listed, at=None)
    for place, one in enumerate(listed):
        state = found.get(one)
        if isinstance(state, f.ActorState) and state.actor.kind != "state":
            detail = f"{state.actor.name} is no country, but: {state.actor.kind}"
            pointer = f"/view/bloc/countries/{place}"
            yield Problem(pointer=pointer, code="no_country", detail=detail)


def _name_taken(lens: Lens, stream: UUID) -> Iterator[Problem]:
    """A name stands for one lens, and a lens for one name, since scores are asked for by it."""
    names = {one.id: one.lens.name for one in lenses.latest()}
    own = names.pop(stream, lens.name)
    if lens.name in names.values():
        detail = f"there is a lens {lens.name} already: define its next version"
        yield Problem(pointer="/name", code="taken", detail=detail)
    if lens.name != own:
        detail = f"a lens keeps its name, {own}: define another one"
        yield Problem(pointer="/name", code="kept", detail=detail)
