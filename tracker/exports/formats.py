"""The formats of exports. To add one, write a module with `write(table, out)` and `pieces(table)`
and list it here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO, cast

from tracker.domain.problems import Unavailable
from tracker.exports import csvtext, ndjson
from tracker.exports.csvtext import GUARD, LISTS
from tracker.exports.tables import Table

type Write = Callable[[Table[Any], BinaryIO], None]


class ExtraMissing(Unavailable):
    """A format needs a library that is not installed; says how to get it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of files. `load` gives the module with `write(table, out)` and `pieces(table)`.

    `flat`: a row has the table's columns only. `extra`: what must be installed for it.
    """

    name: str
    media_type: str
    load: Callable[[], ModuleType]
    flat: bool
    binary: bool = False
    extra: str = ""
    notes: tuple[str, ...] = ()

    def writer(self) -> Write:
        """Give the function that writes a table to a file.

        :raises ExtraMissing: if the library for it is not installed.
        """
        return cast("Write", self._module().write)

    def pieces(self, table: Table[Any]) -> Iterator[bytes]:
        """Give a table as a file, piece by piece; nothing of it is read yet.

        :raises ExtraMissing: if the library for it is not installed.
        """
        return cast("Iterator[bytes]", self._module().pieces(table))

    def _module(self) -> ModuleType:
        try:
            return self.load()
        except ModuleNotFoundError as problem:
            if not self.extra:
                raise
            raise ExtraMissing(
                f"{self.name} needs the extra `{self.extra}`, which is not installed:"
                f" run `make {self.extra}` once, or take another format"
            ) from problem


def _parquet() -> ModuleType:
    # Only when it is used, since its library may not be installed.
    return import_module("tracker.exports.parquet")


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(name="ndjson", media_type="application/x-ndjson", load=lambda: ndjson, flat=False),
        Format(
            name="csv",
            media_type="text/csv; charset=utf-8",
            load=lambda: csvtext,
            flat=True,
            notes=(GUARD, LISTS),
        ),
        Format(
            name="parquet",
            media_type="application/vnd.apache.parquet",
            load=_parquet,
            flat=True,
            binary=True,
            extra="parquet",
        ),
    )
}
