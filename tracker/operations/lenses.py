"""Lenses: each definition is a new version, and the old ones stay."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain import validity
from tracker.domain.lenses import Lens, own_lens
from tracker.domain.records import Collection
from tracker.domain.validity import Invalid, Problem
from tracker.log import Draft, Recorded
from tracker.operations import ids, references
from tracker.operations.name_locks import lock_name
from tracker.projections import standing
from tracker.queries.records import states
from tracker.queries.scores import lenses


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
    lock_name(f"lens:{lens.name}")
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
def define_for_collection(collection: UUID, *, at: datetime, by: str) -> Recorded | None:
    """Define the lens of a machine-coded collection that no lens counts, so that what was imported
    scores apart from all else; nothing where `lens_to_come` gives none.

    :raises Invalid: if another lens has its name.
    """
    lock_name(f"lens of {collection}")
    state = _collection(collection)
    lens = default_lens(collection, state.collection) if state else None
    if lens is None:
        return None
    return define_lens(lens, at=at, by=by, lens_id=default_lens_id(lens), expected=0)


def default_lens(collection_id: UUID, collection: Collection) -> Lens | None:
    """The lens that an import defines for a collection: none for one that people enter, that a
    lens counts, or whose own lens was changed to count something else."""
    lens = own_lens(collection_id, collection)
    held = lenses.latest()
    seen = any(one.lens.view.admits(collection_id, collection) for one in held)
    if collection.coding != "machine" or seen or default_lens_id(lens) in {one.id for one in held}:
        return None
    return lens


@transaction.atomic
def count_collection(
    collection: UUID, *, at: datetime, by: str, lens: str | None = None
) -> Recorded:
    """Make a lens count a collection: the named lens in its next version, or without a name a lens
    of the collection's own.

    :raises Invalid: if that lens counts it already, or cannot count it.
    """
    lock_name(f"lens of {collection}")
    state = _collection(collection)
    if state is None:
        detail = f"there is no collection {collection}"
        raise Invalid([Problem(pointer="/collection", code="unknown_reference", detail=detail)])
    if lens is not None:
        return _count_in(lens, state, at=at, by=by)
    own = own_lens(state.id, state.collection)
    stream = default_lens_id(own)
    held = next((one for one in lenses.latest() if one.id == stream), None)
    if held:
        return _count_in(held.lens.name, state, at=at, by=by)
    return define_lens(own, at=at, by=by, lens_id=stream, expected=0)


def names_only(lens: UUID, collections: tuple[UUID, ...]) -> bool:
    """Whether a lens has one version, and that names just these collections."""
    state = states.records([lens], at=None).get(lens)
    if not isinstance(state, f.LensState) or len(state.versions) > 1:
        return False
    return set(state.versions[0].view.collections) == set(collections)


def count_all_curated(lens: UUID, *, at: datetime, by: str) -> Recorded:
    """Define the second version of a lens: the same, but it names no collection."""
    [held] = [one for one in lenses.latest() if one.id == lens]
    wider = replace(held.lens, view=replace(held.lens.view, collections=()))
    return define_lens(wider, at=at, by=by, lens_id=lens, expected=1)


def default_lens_id(own: Lens) -> UUID:
    """The id of the lens that a collection has for itself."""
    return ids.content_id("lens", own.name.removeprefix("standing-"))


def _count_in(name: str, state: f.CollectionState, *, at: datetime, by: str) -> Recorded:
    """Define the next version of a lens, which counts one collection more."""
    held = next((one for one in lenses.latest() if one.lens.name == name), None)
    if held is None:
        raise _invalid("unknown", f"there is no lens {name!r}")
    view = held.lens.view
    if view.admits(state.id, state.collection):
        raise _invalid("counted", f"lens {name} already counts {state.collection.name}")
    if not view.collections:
        detail = (
            f"lens {name} counts every curated collection; {state.collection.name} is"
            " machine-coded: give it a lens of its own"
        )
        raise _invalid("machine_coded", detail)
    more = replace(view, collections=(*view.collections, state.id))
    lens = replace(held.lens, view=more)
    return define_lens(lens, at=at, by=by, lens_id=held.id, expected=held.version)


def _invalid(code: str, detail: str) -> Invalid:
    return Invalid([Problem(pointer="/lens", code=code, detail=detail)])


def _collection(collection: UUID) -> f.CollectionState | None:
    state = states.records([collection], at=None).get(collection)
    return state if isinstance(state, f.CollectionState) else None


def _no_countries(lens: Lens) -> Iterator[Problem]:
    """A source has a country; one that is of another actor would never be found."""
    listed = lens.view.bloc.countries if lens.view.bloc else ()
    found = states.records(listed, at=None)
    for place, one in enumerate(listed):
        state = found.get(one)
        if isinstance(state, f.ActorState) and state.actor.kind != "state":
            detail = f"{state.actor.name} is not a country; its kind is {state.actor.kind}"
            pointer = f"/view/bloc/countries/{place}"
            yield Problem(pointer=pointer, code="no_country", detail=detail)


def _name_taken(lens: Lens, stream: UUID) -> Iterator[Problem]:
    """A name stands for one lens, and a lens for one name, since scores are asked for by it."""
    names = {one.id: one.lens.name for one in lenses.latest()}
    own = names.pop(stream, lens.name)
    if lens.name in names.values():
        detail = f"there already is a lens {lens.name}: define its next version"
        yield Problem(pointer="/name", code="taken", detail=detail)
    if lens.name != own:
        detail = f"the name of a lens, {own}, cannot change: define a new lens"
        yield Problem(pointer="/name", code="kept", detail=detail)
