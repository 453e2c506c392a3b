"""Ways of looking: a view says which evidence counts, a lens what is made of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from tracker.domain import codec
from tracker.domain.parties import Sector
from tracker.domain.publications import Ownership, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """The roots that a view listens to: by country, by ownership, or all but those."""

    countries: tuple[UUID, ...] = ()
    ownerships: tuple[Ownership, ...] = ()
    rule: Literal["only", "except"] = "only"

    def admits(self, root: Source) -> bool:
        inside = root.country in self.countries or root.ownership in self.ownerships
        return inside is (self.rule == "only")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which evidence counts: a method, the collections, the bloc of sources."""

    method: str
    collections: tuple[UUID, ...]
    bloc: Bloc | None = None

    @property
    def id(self) -> str:
        """Sixteen hex digits that follow from the content, so that lenses share a view."""
        body = codec.canonical(codec.plain(self))
        return hashlib.sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A named view, the sectors admitted (none listed: all), a model and its parameters.

    Its version is the version of its stream. Parameters hold no floats: decimals are strings.
    """

    name: str
    view: View
    model: str
    model_version: int
    parameters: Mapping[str, Any]
    sectors: tuple[Sector, ...] = ()
    description: str = ""
