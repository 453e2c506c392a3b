"""Lenses by name and version, and their views."""

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
    """There is no lens of that name or version, or it was not defined yet at that position."""

    parameter = "lens"
    code = "unknown"


def latest(view: str | None = None) -> list[LensVersion]:
    """Return the lenses in their latest version, of one view or of all, by name."""
    return [lens for lens in map(latest_of, states()) if view is None or lens.lens.view.id == view]


def latest_of(state: f.LensState) -> LensVersion:
    """Return a lens in its latest version."""
    return LensVersion(id=state.id, version=len(state.versions), lens=state.versions[-1])


def in_force(position: int) -> list[LensVersion]:
    """Return the lenses that existed at a position, in the version of that time, by name."""
    known = [state.id for state in states()]
    states_then: dict[UUID, f.State | None] = dict.fromkeys(known)
    for event in log.history(known, until=position):
        states_then[event.stream] = f.fold([event.entry()], states_then[event.stream])
    return [latest_of(state) for state in states_then.values() if isinstance(state, f.LensState)]


def first_position(view: str) -> int:
    """Return the position at which a lens was first defined on a view; 0 if none was."""
    for recorded in log.history(state.id for state in states()):
        event = recorded.decoded()
        if isinstance(event, e.LensDefined) and event.lens.view.id == view:
            return recorded.position
    return 0


def views() -> dict[str, View]:
    """Return every view that a lens was ever defined on, by id."""
    return {lens.view.id: lens.view for state in states() for lens in state.versions}


def find(label: str, *, position: int) -> LensVersion:
    """Return a lens by "standing@3", or by "standing" in the version in force at a position.

    A named version may be newer than the position. Before a lens was defined, its first version is
    used: a lens is a way of looking and holds no knowledge.

    :raises NoSuchLens:
    """
    name, version = _split(label)
    definitions = _definitions(name)
    if not version:
        definitions = [event for event in definitions if event.position <= position] or definitions[
            :1
        ]
    history = f.fold(event.entry() for event in definitions)
    assert isinstance(history, f.LensState)  # noqa: S101 # the stream of a lens holds nothing else
    last = len(history.versions)
    number = last if not version else int(version) if version.isascii() and version.isdigit() else 0
    if not 1 <= number <= last:
        raise NoSuchLens(f"lens {name!r} has versions 1 to {last} at position {position}")
    return LensVersion(id=history.id, version=number, lens=history.versions[number - 1])


def find_existing(label: str, *, position: int) -> LensVersion:
    """As `named`, but a lens without a version must have been defined at the position.

    :raises NoSuchLens:
    """
    name, version = _split(label)
    if not version and _definitions(name)[0].position > position:
        raise NoSuchLens(f"lens {name!r} was not defined yet at position {position}")
    return find(label, position=position)


def _split(label: str) -> tuple[str, str]:
    name, _, version = label.replace("\0", "").partition("@")
    return name, version


def _definitions(name: str) -> list[log.Recorded]:
    """The events of the lens of a name, in order.

    :raises NoSuchLens:
    """
    row = StandingRecord.objects.filter(noun="lens", name=name).order_by("id").first()
    if row is None:
        known = ", ".join(lens.lens.name for lens in latest())
        raise NoSuchLens(f"there is no lens {name!r}; lenses: {known}")
    return log.history([row.id])


def names_by_view() -> dict[str, list[str]]:
    """Return the names of the latest lenses, by the id of their view."""
    names: dict[str, list[str]] = {}
    for lens in latest():
        names.setdefault(lens.lens.view.id, []).append(lens.lens.name)
    return names


def states() -> list[f.LensState]:
    """Return every lens with all its versions, by name."""
    return [
        _state(row[0])
        for row in select(
            "SELECT state::text FROM standing_record WHERE noun = 'lens' ORDER BY name, id"
        )
    ]


@lru_cache(maxsize=1_000)
def _state(text: str) -> f.LensState:
    """Cached, since each request reads all lenses and they rarely change."""
    return codec.build(f.LensState, json.loads(text))
