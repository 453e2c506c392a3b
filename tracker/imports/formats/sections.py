"""Sections of a TOML mapping. A key that is not read is refused."""

import re
import tomllib
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches
from typing import Any

# The time to parse TOML grows with the parts of a key, which are separated by points. Points in
# quotes do not count, as far as can be seen without parsing.
MOST_CHARACTERS, MOST_PARTS, MOST_POINTS = 256 * 1024, 20, 1_000
_QUOTED = re.compile(r""" "(?:[^"\\]|\\.)*"? | '[^']*'? """, re.VERBOSE)


class BadMapping(ValueError):
    """An invalid mapping. The message names the key and the fix."""


def parse(text: str) -> dict[str, Any]:
    """The content of a mapping.

    :raises BadMapping: if it is not TOML, or would take long to parse.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadMapping(f"it has {len(text)} characters; at most {MOST_CHARACTERS} are read")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MOST_POINTS or _QUOTED.sub("", line).count(".") > MOST_PARTS:
            raise BadMapping(
                f"line {number}: has too many points: write a separate table such as [a.b]"
            )
    try:
        # Some editors add a byte order mark.
        return tomllib.loads(text.removeprefix("\ufeff"))
    except ValueError as problem:  # A number can have too many digits, too.
        raise BadMapping(f"this is not TOML: {problem}") from problem
    except RecursionError as problem:
        raise BadMapping("this is not TOML: it is nested too deeply") from problem


class Section:
    """A table of a mapping, with its name for error messages."""

    def __init__(self, name: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise BadMapping(f"{name or 'the mapping'}: must be a table such as [{name}]")
        self.name = name
        self._unread = dict(value)
        self._keys: list[str] = []

    def error(self, key: str, detail: str) -> BadMapping:
        return BadMapping(f"{'.'.join(filter(None, (self.name, key)))}: {detail}")

    def take(self, key: str) -> Any:
        """The value of a key, None if it is missing."""
        self._keys.append(key)
        return self._unread.pop(key, None)

    def text(self, key: str) -> str | None:
        return self._typed(str, key, 'a text such as "x"')

    def required_text(self, key: str) -> str:
        text = self.text(key)
        if not text or not text.strip():
            raise self.error(key, "is missing")
        return text

    def integer(self, key: str) -> int | None:
        return self._typed(int, key, "a whole number")

    def flag(self, key: str) -> bool:
        return bool(self._typed(bool, key, "true or false"))

    def day(self, key: str) -> date | None:
        return self._typed(date, key, "a day without quotes such as 2020-01-01")

    def texts(self, key: str) -> tuple[str, ...]:
        texts = self._typed(list, key, 'a list such as ["x", "y"]') or []
        if not all(isinstance(text, str) for text in texts):
            raise self.error(key, 'must be a list of texts such as ["x", "y"]')
        return tuple(texts)

    def choice(self, key: str, choices: Collection[str]) -> Any:
        """One of the choices, or None."""
        text = self.text(key)
        if text is not None and text not in choices:
            raise self.error(key, f"{text!r} is not one of: {', '.join(choices)}")
        return text

    def section(self, key: str) -> "Section":
        """The table of a key, an empty one if it is missing."""
        value = self.take(key)
        name = ".".join(filter(None, (self.name, key)))
        return Section(name, {} if value is None else value)

    def sections(self, key: str) -> list["Section"]:
        """The tables of a key, written as [[key]]."""
        values = self.take(key)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self.error(key, f"must be tables such as [[{key}]]")
        return [Section(f"{key}[{place}]", value) for place, value in enumerate(values, start=1)]

    def end(self) -> None:
        """Refuse keys that were not read."""
        for key in self._unread:
            near = get_close_matches(key, self._keys, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(self._keys)}"
            raise self.error(key, f"is an unknown key; {hint}")

    def _typed[T](self, kind: type[T], key: str, form: str) -> T | None:
        value = self.take(key)
        if value is not None and type(value) is not kind:
            raise self.error(key, f"must be {form}")
        return value
