"""Lenses: each definition is a new version; the old versions stay."""

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
    """Define a lens, or its next version with the same name, since scores are cited by it.

    :raises Invalid: with all problems.
    :raises VersionConflict: if the last version is not `expected`.
    """
    collections = enumerate(lens.view.collections)
    countries = enumerate(lens.view.bloc.countries if lens.view.bloc else ())
    references_ = [
        *((f"/view/collections/{n}", id_, "collection") for n, id_ in collections),
        *((f"/view/bloc/countries/{n}", id_, "actor") for n, id_ in countries),
    ]
    stream = lens_id or ids.new_id(at)
    lock_name(f"lens:{lens.name}")
    validity.refuse(
        [
            *validity.lens_problems(lens),
            *references.missing(references_),
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
    """Define the default lens of a collection; None if `default_lens` returns none.

    :raises Invalid: if another lens has its name.
    """
    lock_name(f"lens of {collection}")
    state = _collection(collection)
    lens = default_lens(collection, state.collection) if state else None
    if lens is None:
        return None
    return define_lens(lens, at=at, by=by, lens_id=default_lens_id(lens), expected=0)


def default_lens(collection_id: UUID, collection: Collection) -> Lens | None:
    """The lens that an import defines for a machine-coded collection, so that its claims are scored
    separately. None for a curated collection, for one that a lens counts, or if its default lens
    was changed to count something else."""
    lens = own_lens(collection_id, collection)
    existing = lenses.latest()
    counted = any(one.lens.view.admits(collection_id, collection) for one in existing)
    defined = default_lens_id(lens) in {one.id for one in existing}
    if collection.coding != "machine" or counted or defined:
        return None
    return lens


@transaction.atomic
def count_collection(
    collection: UUID, *, at: datetime, by: str, lens: str | None = None
) -> Recorded:
    """Let a lens count a collection: the named lens in its next version, or by default a lens only
    for the collection.

    :raises Invalid: if that lens already counts it, or cannot count it.
    """
    lock_name(f"lens of {collection}")
    state = _collection(collection)
    if state is None:
        detail = f"there is no collection {collection}"
        raise Invalid([Problem(pointer="/collection", code="unknown_reference", detail=detail)])
    if lens is not None:
        return _count_in(lens, state, at=at, by=by)
    new = own_lens(state.id, state.collection)
    stream = default_lens_id(new)
    existing = next((one for one in lenses.latest() if one.id == stream), None)
    if existing:
        return _count_in(existing.lens.name, state, at=at, by=by)
    return define_lens(new, at=at, by=by, lens_id=stream, expected=0)


def default_lens_id(lens: Lens) -> UUID:
    """The id of a collection's default lens."""
    return ids.content_id("lens", lens.name.partition("-")[2])


def _count_in(name: str, state: f.CollectionState, *, at: datetime, by: str) -> Recorded:
    """Define the next version of a lens, which counts one more collection."""
    current = next((one for one in lenses.latest() if one.lens.name == name), None)
    if current is None:
        raise _invalid("unknown", f"there is no lens {name!r}")
    view = current.lens.view
    if view.admits(state.id, state.collection):
        raise _invalid("counted", f"lens {name} already counts {state.collection.name}")
    if not view.collections:
        detail = (
            f"lens {name} counts every curated collection; {state.collection.name} is"
            " machine-coded: give it a lens of its own"
        )
        raise _invalid("machine_coded", detail)
    wider = replace(view, collections=(*view.collections, state.id))
    lens = replace(current.lens, view=wider)
    return define_lens(lens, at=at, by=by, lens_id=current.id, expected=current.version)


def _invalid(code: str, detail: str) -> Invalid:
    return Invalid([Problem(pointer="/lens", code=code, detail=detail)])


def _collection(collection: UUID) -> f.CollectionState | None:
    state = states.records([collection], at=None).get(collection)
    return state if isinstance(state, f.CollectionState) else None


def _no_countries(lens: Lens) -> Iterator[Problem]:
    """A bloc lists countries, since the sources of a bloc are found by country."""
    countries = lens.view.bloc.countries if lens.view.bloc else ()
    records = states.records(countries, at=None)
    for place, country in enumerate(countries):
        state = records.get(country)
        if isinstance(state, f.ActorState) and state.actor.kind != "state":
            detail = f"{state.actor.name} is not a country; its kind is {state.actor.kind}"
            pointer = f"/view/bloc/countries/{place}"
            yield Problem(pointer=pointer, code="no_country", detail=detail)


def _name_taken(lens: Lens, stream: UUID) -> Iterator[Problem]:
    """A name belongs to one lens, and a lens keeps its name, since scores are cited by it."""
    names = {one.id: one.lens.name for one in lenses.latest()}
    previous = names.pop(stream, lens.name)
    if lens.name in names.values():
        detail = f"there already is a lens {lens.name}: define its next version"
        yield Problem(pointer="/name", code="taken", detail=detail)
    if lens.name != previous:
        detail = f"the name of a lens, {previous}, cannot change: define a new lens"
        yield Problem(pointer="/name", code="kept", detail=detail)
