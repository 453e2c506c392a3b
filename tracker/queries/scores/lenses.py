"""Lenses by name and version, and the views that they look through."""

import json
from functools import lru_cache
from uuid import UUID

from tracker import log
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.lenses import LensVersion, View
from tracker.domain.problems import BadParameter
from tracker.models.derived import StandingRecord
from tracker.queries.sql import select


class NoSuchLens(BadParameter):
    """There is no lens of that name, or not in that version, or not yet at that position."""

    parameter = "lens"
    code = "unknown"


def latest(view: str | None = None) -> list[LensVersion]:
    """The lenses in their latest version, of one view or of all, by name."""
    return [one for one in map(latest_of, states()) if view is None or one.lens.view.id == view]


def latest_of(state: f.LensState) -> LensVersion:
    """A lens in its latest version."""
    return LensVersion(id=state.id, version=len(state.versions), lens=state.versions[-1])


def in_force(position: int) -> list[LensVersion]:
    """The lenses that there were at a position, in the version of that time, by name."""
    known = [one.id for one in states()]
    found: dict[UUID, f.State | None] = dict.fromkeys(known)
    for event in log.history(known, until=position):
        found[event.stream] = f.fold([event.entry()], found[event.stream])
    return [latest_of(one) for one in found.values() if isinstance(one, f.LensState)]


def first_position(view: str) -> int:
    """The position at which a lens was first defined on a view; 0 if none was."""
    defined = (
        one.position
        for one in log.history(state.id for state in states())
        if _looks_through(view, one.decoded())
    )
    return min(defined, default=0)


def _looks_through(view: str, event: e.Event) -> bool:
    return isinstance(event, e.LensDefined) and event.lens.view.id == view


def views() -> dict[str, View]:
    """Every view that a lens was ever defined on, by id."""
    return {lens.view.id: lens.view for state in states() for lens in state.versions}


def named(label: str, *, position: int) -> LensVersion:
    """Give a lens by "standing@3", or by "standing" the version in force at a position.

    A version that is named may be newer than the position, and before a lens was defined its first
    version is used: a lens is a way of looking, and says nothing of what is known.

    :raises NoSuchLens: if there is none.
    """
    name, version = _split(label)
    found = _definitions(name)
    if not version:
        found = [one for one in found if one.position <= position] or found[:1]
    history = f.fold(one.entry() for one in found)
    assert isinstance(history, f.LensState)  # noqa: S101 # the stream of a lens holds nothing else
    last = len(history.versions)
    number = last if not version else int(version) if version.isascii() and version.isdigit() else 0
    if not 1 <= number <= last:
        raise NoSuchLens(f"lens {name!r} has versions 1 to {last} at position {position}")
    return LensVersion(id=history.id, version=number, lens=history.versions[number - 1])


def defined(label: str, *, position: int) -> LensVersion:
    """As `named`, but a lens without a version must have been on record at the position.

    :raises NoSuchLens: if there is none, or not yet.
    """
    name, version = _split(label)
    if not version and _definitions(name)[0].position > position:
        raise NoSuchLens(f"lens {name!r} was not defined yet at position {position}")
    return named(label, position=position)


def _split(label: str) -> tuple[str, str]:
    name, _, version = label.replace("\0", "").partition("@")
    return name, version


def _definitions(name: str) -> list[log.Recorded]:
    """The events of the lens of a name, in order.

    :raises NoSuchLens:
    """
    row = StandingRecord.objects.filter(noun="lens", name=name).order_by("id").first()
    if row is None:
        known = ", ".join(one.lens.name for one in latest())
        raise NoSuchLens(f"there is no lens {name!r}; lenses: {known}")
    return log.history([row.id])


def names_by_view() -> dict[str, list[str]]:
    """The names of the latest lenses, by the id of their view."""
    names: dict[str, list[str]] = {}
    for one in latest():
        names.setdefault(one.lens.view.id, []).append(one.lens.name)
    return names


def states() -> list[f.LensState]:
    """Every lens with all its versions, by name."""
    return [
        _state(row[0])
        for row in select(
            "SELECT state::text FROM standing_record WHERE noun = 'lens' ORDER BY name, id"
        )
    ]


@lru_cache(maxsize=1_000)
def _state(written: str) -> f.LensState:
    """Each tick asks for all lenses, and they hardly ever change."""
    return codec.build(f.LensState, json.loads(written))
