"""The entries of the seed's files as records. They refer to one another by keys."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, get_args
from uuid import UUID

import yaml

from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.claims import Claim
from tracker.domain.codec import Plain
from tracker.domain.facts import rows
from tracker.domain.lenses import Lens
from tracker.domain.likeness import suggestion
from tracker.domain.records import Actor, Collection, Document, Source
from tracker.operations.ids import content_id

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "seed"


class BadSeed(ValueError):
    """An entry of the seed is not valid. The message names file, entry and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEntry:
    """An entry of a file: its key and its fields."""

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
        """Build a record. `below` is the field that `value` comes from.

        :raises BadSeed: at the first field that is not valid.
        """
        try:
            return codec.build(shape, value, below)
        except codec.BadShape as problem:
            raise self.bad(problem.pointer, problem.detail) from problem

    def mapping(self, field: str) -> Plain:
        """The fields below a field; none if it is missing.

        :raises BadSeed: if it is not a mapping.
        """
        value = self.fields.get(field, {})
        if not isinstance(value, dict):
            raise self.bad(field, "must be a mapping, such as {name: value}")
        return value

    def names(self, field: str) -> list[str]:
        """The keys that a field lists; none if it is missing.

        :raises BadSeed: if it is not a list of keys.
        """
        value = self.fields.get(field, [])
        if not isinstance(value, list) or any(isinstance(item, list | dict) for item in value):
            raise self.bad(field, "must be a list, such as [KAZ, RUS]")
        return [str(item) for item in value]


def parse(file: str, *, folder: Path) -> Plain:
    """Read a file.

    :raises BadSeed: if it is not a YAML mapping with unique keys.
    """
    try:
        # A subclass of the safe loader, which creates no objects.
        value = yaml.load((folder / file).read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as problem:
        raise BadSeed(f"{file}: {problem}") from problem
    if not isinstance(value, dict):
        raise BadSeed(f"{file}: must be a mapping of keys to entries")
    return value


def entries(file: str, value: Plain) -> dict[str, SeedEntry]:
    """The entries of a file by key.

    :raises BadSeed: if one is not a mapping.
    """
    by_key = {}
    for key, fields in value.items():
        if not isinstance(fields, dict):
            raise BadSeed(f"{file}, entry {key}: must be a mapping, such as name: value")
        by_key[key] = SeedEntry(file=file, key=key, fields=fields)
    return by_key


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 # PyYAML requires it

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 # PyYAML calls it so
        for key, times in Counter(key.value for key, _ in node.value).items():
            if times > 1:
                problem = f"duplicate key {key}"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return {key.value: self.construct_object(item, deep=deep) for key, item in node.value}


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)\Z"), list("-0123456789")
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), ["t", "f"])


_ROLES = {
    "initiators": "initiator",
    "recipients": "recipient",
    "affected": "affected",
    "about": "about",
}
LINKS: tuple[e.LinkType, ...] = get_args(e.LinkType)
# Fields of a claim's entry that are not fields of the claim.
_BESIDE = {*_ROLES, *LINKS, "citation", "verdict", "correction"}


def seed_id(noun: str, key: str) -> UUID:
    """The id of an entry other than a claim: `seed_id("actor", "KAZ")`."""
    return content_id("seed", f"{noun}:{key}")


# The noun of the keys at a place of an entry; or what is below it, by field or for each of a list.
type Places = str | list[Places] | dict[str, Places]


class Keys:
    """The keys of all entries by noun, to check references."""

    def __init__(self, **known: Iterable[str]) -> None:
        self._known = {noun: [*keys] for noun, keys in known.items()}

    def id(self, noun: str, key: str, *, entry: SeedEntry, field: str) -> str:
        """The id for a key.

        :raises BadSeed: if no entry has the key.
        """
        known = self._known[noun]
        if key not in known:
            raise entry.bad(field, f"there is no {noun} {key!r}; {suggestion(key, known)}")
        return str(seed_id(noun, key))

    def replace(self, value: Any, places: Places, *, entry: SeedEntry, at: str = "") -> Any:
        """Replace the keys at some places below the field `at` by ids.

        :raises BadSeed: if a key is unknown, or there is something else in its place.
        """
        if isinstance(places, str):
            return self.id(places, str(value), entry=entry, field=at)
        if isinstance(places, list):
            if not isinstance(value, list):
                raise entry.bad(at, "must be a list, such as [KAZ, RUS]")
            below = enumerate(value)
            return [self.replace(one, places[0], entry=entry, at=f"{at}/{n}") for n, one in below]
        if not isinstance(value, dict):
            raise entry.bad(at, "must be a mapping, such as {name: value}")
        return value | {
            field: self.replace(value[field], below, entry=entry, at=f"{at}/{field}")
            for field, below in places.items()
            if field in value
        }


class Home(NamedTuple):
    """The keys of the collection and of the document of a file's claims."""

    collection: str
    document: str

    def claim_id(self, key: str) -> UUID:
        return content_id(self.collection, f"{self.document}:{key}")


def home(entry: SeedEntry, keys: Keys) -> Home:
    """The collection and the document of a file's claims.

    :raises BadSeed: if one is unknown.
    """
    for field in ("collection", "document"):
        keys.id(field, str(entry.fields.get(field)), entry=entry, field=field)
    return Home(entry.fields["collection"], entry.fields["document"])


def countries(more: Mapping[str, SeedEntry]) -> dict[str, SeedEntry]:
    """The countries of the reference by code, with the seed's additions."""
    nothing = SeedEntry(file="countries.yaml", key="", fields={})
    return {
        row["iso3"]: country(row, more.get(row["iso3"], replace(nothing, key=row["iso3"])))
        for row in rows("countries")
    }


def former_states() -> dict[str, SeedEntry]:
    """The states of the reference that no longer exist, by code. The seed does not load them."""
    names = [row for row in rows("country_names") if row["language"] == "en"]
    return {
        code: country(
            row,
            SeedEntry(
                file="former_states.csv",
                key=code,
                fields={"aliases": [name["name"] for name in names if name["iso3"] == code]},
            ),
        )
        for row in rows("former_states")
        for code in [row["iso3"]]
    }


def country(row: Mapping[str, str], more: SeedEntry) -> SeedEntry:
    """An actor's entry from a row of the reference, without footnote marks, with the seed's
    additions."""
    names = {
        language: row[column].strip(" *")
        for language, column in (("en", "name"), ("ru", "name_ru"), ("zh", "name_zh"))
    }
    names = {language: name for language, name in names.items() if name} | more.mapping("names")
    aliases = [row.get("iso2", ""), row.get("capital", "").strip(), *more.names("aliases")]
    base = {"kind": "state", "code": row["iso3"], "wikidata": row["wikidata"]}
    unique = dict.fromkeys(alias for alias in aliases if alias and alias not in names.values())
    return replace(more, fields=base | more.fields | {"names": names, "aliases": list(unique)})


# Of an organisation: how the document with its members is described, and the titles of its
# decisions on suspensions by day.
LIST, DECISIONS = "list", "decisions"
_SHAPES: Mapping[str, tuple[type, Places]] = {
    "collection": (Collection, {}),
    "actor": (Actor, {"members": ["actor"], "affiliations": [{"country": "actor"}]}),
    "source": (Source, {"actor": "actor", "country": "actor"}),
    "document": (Document, {"source": "source"}),
    "lens": (Lens, {"view": {"collections": ["collection"], "bloc": {"countries": ["actor"]}}}),
}


def record(noun: str, entry: SeedEntry, keys: Keys) -> Any:
    """The record of an entry other than a claim.

    :raises BadSeed:
    """
    shape, places = _SHAPES[noun]
    beside = (LIST, DECISIONS, "ratings")
    value = {field: item for field, item in entry.fields.items() if field not in beside}
    if noun == "actor":
        names = entry.mapping("names").items()
        value["names"] = [{"language": language, "text": name} for language, name in names]
    return entry.read(shape, keys.replace(value, places, entry=entry))


def ratings(entry: SeedEntry) -> list[e.SourceRated]:
    """The grades of a source, in order."""
    items = entry.fields.get("ratings", [])
    if not isinstance(items, list):
        raise entry.bad("ratings", "must be a list, such as [{reliability: C, since: 2022-01-01}]")
    return [
        entry.read(e.SourceRated, item, below=f"/ratings/{place}")
        for place, item in enumerate(items)
    ]


def claim(entry: SeedEntry, keys: Keys, home: Home) -> Claim:
    value = {field: item for field, item in entry.fields.items() if field not in _BESIDE}
    value["key"] = entry.key
    value["collection"] = keys.id("collection", home.collection, entry=entry, field="collection")
    value["parties"] = [
        {"actor": keys.id("actor", key, entry=entry, field=field), "role": role}
        for field, role in _ROLES.items()
        for key in entry.names(field)
    ]
    citation = {"document": home.document, "chain": []} | entry.mapping("citation")
    places: Places = {"document": "document", "chain": ["source"]}
    value["citations"] = [keys.replace(citation, places, entry=entry, at="citation")]
    return entry.read(Claim, value)


def correction(entry: SeedEntry, keys: Keys, home: Home) -> tuple[Claim, str]:
    """The corrected claim and the reason."""
    changed = dict(entry.mapping("correction"))
    reason = str(changed.pop("reason", ""))
    return claim(replace(entry, fields=entry.fields | changed), keys, home), reason


def verdict(entry: SeedEntry, keys: Keys) -> e.VerdictGiven:
    places: Places = {"source": "source", "document": "document"}
    value = keys.replace(entry.mapping("verdict"), places, entry=entry, at="verdict")
    return entry.read(e.VerdictGiven, value, below="/verdict")
