"""The seed's files: YAML in, entries out.

Nothing is guessed: what is not in quotes is text, unless it is a whole number, true or false. So
NO, 2022-05-11 and 0.04 are texts, and a key is the text that stands there.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tracker.domain import codec
from tracker.domain.codec import Plain

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "seed"


class BadSeed(ValueError):
    """What is in the seed's files cannot be put on record; names file, entry and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a file: its key there, and its fields as they stand."""

    file: str
    key: str
    fields: Plain

    def bad(self, field: str, detail: str) -> BadSeed:
        parts = [self.file]
        if self.key:
            parts.append(f"entry {self.key}")
        if field.strip("/"):
            parts.append(field.strip("/").replace("/", "."))
        return BadSeed(f"{', '.join(parts)}: {detail}")

    def read[T](self, shape: type[T], value: Plain, *, below: str = "") -> T:
        """Read a record; `below` is the field that `value` comes from.

        :raises BadSeed: at the first field that does not fit.
        """
        try:
            return codec.build(shape, value, below)
        except codec.BadShape as problem:
            raise self.bad(problem.pointer, problem.detail) from problem

    def mapping(self, field: str) -> Plain:
        """The fields below a field, none if it is absent.

        :raises BadSeed: if it holds something else.
        """
        value = self.fields.get(field, {})
        if not isinstance(value, dict):
            raise self.bad(field, "must hold fields, as {name: value}")
        return value

    def names(self, field: str, *, among: Plain | None = None) -> list[str]:
        """The keys of other entries that a field lists, none if it is absent.

        :raises BadSeed: if it holds something else.
        """
        value = (self.fields if among is None else among).get(field, [])
        if not isinstance(value, list) or any(isinstance(one, list | dict) for one in value):
            raise self.bad(field, "must be a list, as [KAZ, RUS]")
        return [str(one) for one in value]


def parse(file: str, *, folder: Path) -> Plain:
    """Read a file as a whole.

    :raises BadSeed: if it is no YAML that holds entries under their keys, each once.
    """
    try:
        # A subclass of the safe loader: it builds no objects.
        value = yaml.load((folder / file).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as problem:
        raise BadSeed(f"{file}: {problem}") from problem
    if not isinstance(value, dict):
        raise BadSeed(f"{file}: must hold entries, each under its key")
    return value


def entries(file: str, value: Plain) -> dict[str, Entry]:
    """Give what a file holds under each key.

    :raises BadSeed: where that is no entry.
    """
    found = {}
    for key, fields in value.items():
        if not isinstance(fields, dict):
            raise BadSeed(f"{file}, entry {key}: must hold fields, as name: value")
        found[key] = Entry(file=file, key=key, fields=fields)
    return found


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # PyYAML's own way

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 # PyYAML calls it so
        for key, times in Counter(key.value for key, _ in node.value).items():
            if times > 1:
                problem = f"{key} stands there twice"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return {key.value: self.construct_object(item, deep=deep) for key, item in node.value}


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)\Z"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), ["t", "f"])
