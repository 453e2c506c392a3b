"""Sections of a TOML mapping: each key is asked for by name, and one that nobody asks for is
refused."""

from collections.abc import Collection
from datetime import date
from difflib import get_close_matches
from typing import Any


class BadMapping(ValueError):
    """A mapping that cannot be used; says where in it, and what to write."""


class Section:
    """A table of a mapping, by the name under which errors speak of it."""

    def __init__(self, name: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise BadMapping(f"{name or 'the mapping'}: must be a table, as [{name}]")
        self.name = name
        self._left = dict(value)
        self._asked: list[str] = []

    def bad(self, key: str, detail: str) -> BadMapping:
        return BadMapping(f"{'.'.join(filter(None, (self.name, key)))}: {detail}")

    def take(self, key: str) -> Any:
        """Give what stands under a key, None if nothing does."""
        self._asked.append(key)
        return self._left.pop(key, None)

    def text(self, key: str) -> str | None:
        return self._of(str, key, 'a text, as "x"')

    def needed(self, key: str) -> str:
        found = self.text(key)
        if not found or not found.strip():
            raise self.bad(key, "is missing")
        return found

    def whole(self, key: str) -> int | None:
        return self._of(int, key, "a whole number")

    def yes(self, key: str) -> bool:
        return bool(self._of(bool, key, "true or false"))

    def day(self, key: str) -> date | None:
        return self._of(date, key, "a day without quotes, as 2020-01-01")

    def texts(self, key: str) -> tuple[str, ...]:
        found = self._of(list, key, 'a list, as ["x", "y"]') or []
        if not all(isinstance(one, str) for one in found):
            raise self.bad(key, 'must be a list of texts, as ["x", "y"]')
        return tuple(found)

    def choice(self, key: str, among: Collection[str]) -> Any:
        """Give one of the words, or None."""
        found = self.text(key)
        if found is not None and found not in among:
            raise self.bad(key, f"{found!r} is none of: {', '.join(among)}")
        return found

    def section(self, key: str) -> "Section":
        """The table under a key, an empty one if there is none."""
        found = self.take(key)
        name = ".".join(filter(None, (self.name, key)))
        return Section(name, {} if found is None else found)

    def sections(self, key: str) -> list["Section"]:
        """The tables under a key, as [[key]]."""
        found = self.take(key)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self.bad(key, f"must be tables, as [[{key}]]")
        return [Section(f"{key}[{place}]", one) for place, one in enumerate(found, start=1)]

    def end(self) -> None:
        """Refuse what nobody asked for."""
        for key in self._left:
            near = get_close_matches(key, self._asked, n=1)
            known = f"did you mean {near[0]}?" if near else f"known: {', '.join(self._asked)}"
            raise self.bad(key, f"is no key here; {known}")

    def _of[T](self, kind: type[T], key: str, form: str) -> T | None:
        found = self.take(key)
        if found is not None and type(found) is not kind:
            raise self.bad(key, f"must be {form}")
        return found
