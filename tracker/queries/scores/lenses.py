"""Lenses by name and version, and their views."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, cast

from tracker import log
from tracker.domain import events as e
from tracker.domain import state as f
from tracker.domain.lenses import LensVersion, View
from tracker.domain.problems import BadParameter
from tracker.log import Statement
from tracker.log.messages import ask, select_prepared
from tracker.queries.records.states import parsed

# Every lens with all its versions, by name; the rows are for `read_states`.
STATES = Statement("SELECT state::text FROM standing_record WHERE noun = 'lens' ORDER BY name, id")

# A lens, and the positions at which its versions were defined.
type Defined = tuple[f.LensState, list[int]]

_DEFINED = (
    f"SELECT state::text, {log.DEFINED_AT.format(table='standing_record')}"  # noqa: S608 # constant
    " FROM standing_record WHERE noun = 'lens' AND (%(name)s::text IS NULL OR name = %(name)s)"
    " ORDER BY name, id"
)


class NoSuchLens(BadParameter):
    """There is no lens of that name or version, or it was not defined yet at that position."""

    parameter = "lens"
    code = "unknown"


def latest(view: str | None = None) -> list[LensVersion]:
    """Return the lenses in their latest version, of one view or of all, by name."""
    return [lens for lens in map(latest_of, states()) if view is None or lens.lens.view.id == view]


def latest_of(state: f.LensState) -> LensVersion:
    """Return a lens in its latest version."""
    return _version(state, len(state.versions))


def in_force(position: int) -> list[LensVersion]:
    """Return the lenses that existed at a position, in the version of that time, by name."""
    return [
        _version(state, number)
        for state, positions in _defined()
        if (number := bisect_right(positions, position))
    ]


def first_position(view: str) -> int:
    """Return the position at which a lens was first defined on a view; 0 if none was."""
    for recorded in log.history(state.id for state in states()):
        event = recorded.decoded()
        if isinstance(event, e.LensDefined) and event.lens.view.id == view:
            return recorded.position
    return 0


def views() -> dict[str, View]:
    """Return every view that a lens was ever defined on, by id."""
    return views_of(states())


def views_of(found: Iterable[f.LensState]) -> dict[str, View]:
    """Return every view that one of these lenses was ever defined on, by id."""
    return {lens.view.id: lens.view for state in found for lens in state.versions}


def find(label: str, *, position: int) -> LensVersion:
    """Return a lens by "standing@3", or by "standing" in the version in force at a position.

    A named version may be newer than the position. Before a lens was defined, its first version is
    used: a lens is a way of looking and holds no knowledge.

    :raises NoSuchLens:
    """
    name, version = _split(label)
    state, positions = _definitions(name)
    if not version:
        return _version(state, bisect_right(positions, position) or 1)
    last = len(state.versions)
    number = int(version) if version.isascii() and version.isdigit() else 0
    if not 1 <= number <= last:
        raise NoSuchLens(f"lens {name!r} has versions 1 to {last} at position {position}")
    return _version(state, number)


def find_existing(label: str, *, position: int) -> LensVersion:
    """As `find`, but a lens without a version must have been defined at the position.

    :raises NoSuchLens:
    """
    name, version = _split(label)
    if not version and _definitions(name)[1][0] > position:
        raise NoSuchLens(f"lens {name!r} was not defined yet at position {position}")
    return find(label, position=position)


def _split(label: str) -> tuple[str, str]:
    name, _, version = label.replace("\0", "").partition("@")
    return name, version


def _version(state: f.LensState, number: int) -> LensVersion:
    return LensVersion(id=state.id, version=number, lens=state.versions[number - 1])


def _definitions(name: str) -> Defined:
    """The lens of a name.

    :raises NoSuchLens:
    """
    for defined in _defined(name):
        return defined
    known = ", ".join(lens.lens.name for lens in latest())
    raise NoSuchLens(f"there is no lens {name!r}; lenses: {known}")


def _defined(name: str | None = None) -> list[Defined]:
    """The lens of a name, or every lens, by name."""
    rows = select_prepared(_DEFINED, {"name": name})
    return [(cast("f.LensState", parsed("lens", text)), positions) for text, positions in rows]


def names_by_view() -> dict[str, list[str]]:
    """Return the names of the latest lenses, by the id of their view."""
    names: dict[str, list[str]] = {}
    for lens in latest():
        names.setdefault(lens.lens.view.id, []).append(lens.lens.name)
    return names


def states() -> list[f.LensState]:
    """Return every lens with all its versions, by name."""
    return read_states(ask(STATES))


def read_states(rows: Iterable[tuple[Any, ...]]) -> list[f.LensState]:
    """Return the lenses of the rows of `STATES`."""
    return [cast("f.LensState", parsed("lens", text)) for (text,) in rows]


def defined_at(label: str) -> int:
    """Return the position at which a version ("standing@2") was defined.

    :raises NoSuchLens:
    """
    name, _version_text = _split(label)
    chosen = find(label, position=log.head().position)
    return _definitions(name)[1][chosen.version - 1]
