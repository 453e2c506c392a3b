"""Reads a mapping as a person writes it, in TOML; `docs/importing.md` shows all of it."""

import re
import tomllib
from collections.abc import Mapping as Names
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, get_args

from tracker.domain import codebooks
from tracker.domain.claims import Basis, Citation, Claim, Kind
from tracker.domain.claims import Grade as Strength
from tracker.domain.fields import limit, of
from tracker.domain.records import Collection, Document, Name, Ownership, Reliability, Role
from tracker.imports.formats.base import DELIMITERS, ENCODINGS, Layout
from tracker.imports.formats.drafts import Grade, SourceKind
from tracker.imports.formats.sections import BadMapping, Section
from tracker.imports.formats.values import DIRECTIVES, Value, When, fineness

_LONGEST_NAME = limit(Name, "text").longest


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyOf:
    """A party of every claim, by a label for the rules. Only an optional one may be absent."""

    label: str
    role: Role
    name: Value
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What rows of a category are, and the reason. `when`: the values that a column may have.

    `roles` gives parties, by their labels, another role than their own.
    """

    reason: str
    when: Names[str, tuple[str, ...]]
    code: str | None = None
    kind: Kind | None = None
    strength: Strength | None = None
    contexts: tuple[str, ...] = ()
    roles: Names[str, Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What to say of new sources whose name is like one of some patterns, as `*.gov.??`."""

    like: tuple[str, ...]
    kind: SourceKind = "outlet"
    country: str = ""
    ownership: Ownership | None = None
    grade: Grade | None = None

    def fits(self, name: str) -> bool:
        """Whether a name is like one of the patterns. What is too long for a name is like none."""
        if len(name) > _LONGEST_NAME:
            return False
        return any(fnmatchcase(name.casefold(), one.casefold()) for one in self.like)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How the rows of a table become claims of a collection.

    `key`: the columns that name a row; none: all that stands in it does.
    """

    collection: Collection
    layout: Layout
    key: tuple[str, ...]
    claim: Names[str, Value]
    occurred: When | None
    basis: Basis
    parties: tuple[PartyOf, ...]
    rules: tuple[Rule, ...]
    citation: Names[str, Value]
    chain: tuple[Value, ...]
    document: Names[str, Value]
    published: When | None
    publisher: Value
    publishers: tuple[Publisher, ...]
    said_by: Value | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is asked for."""
        sources: list[Value | When] = [
            *self.claim.values(),
            *(one for one in (self.occurred, self.published, self.said_by) if one),
            *(party.name for party in self.parties),
            *self.citation.values(),
            *self.document.values(),
            self.publisher,
            *self.chain,
        ]
        coded = (column for rule in self.rules for column in rule.when)
        named = (column for one in sources for column in one.columns)
        return tuple(dict.fromkeys([*self.key, *named, *coded]))


# The keys of a mapping's tables, and the field that each fills, by its pointer in the record.
CLAIM: Names[str, str] = {
    **{
        field.key: f"/{field.key}"
        for field in of(Claim)
        if not field.type.is_record
        and field.key not in ("collection", "parties", "citations", "key")
    },
    "strength": "/strength/grade",
    "strength_reason": "/strength/reason",
    "value": "/magnitude/value",
    "unit": "/magnitude/unit",
    "baseline": "/magnitude/baseline",
}
CITATION = tuple(one.key for one in of(Citation) if one.key not in ("document", "chain", "note"))
DOCUMENT = tuple(one.key for one in of(Document) if one.key not in ("source", "date"))
_EVERY = (*of(Claim), *of(Citation), *of(Document))
LISTS = tuple(one.key for one in _EVERY if one.type.item and one.type.item.of is str)
NUMBERS = tuple(one.key for one in _EVERY if one.type.of is int)
# What TOML's reader takes long for grows with the parts of a key, which have points between them.
# Points in quotes are no such, as far as can be told without reading it.
MOST_CHARACTERS, MOST_PARTS, MOST_POINTS = 256 * 1024, 20, 1_000
_QUOTED = re.compile(r""" "(?:[^"\\]|\\.)*"? | '[^']*'? """, re.VERBOSE)
# Each row's date is held against each of them.
MOST_FORMATS, LONGEST_FORMAT = 20, 100
# Each row may be held against each of them.
MOST_RULES = 1_000


def read(text: str) -> Mapping:
    """Read a mapping.

    :raises BadMapping: naming the first key that is wrong, missing or unknown.
    """
    # Some editors put a mark before UTF-8.
    whole = Section("", _parsed(text.removeprefix("\ufeff")))
    claim, occurred = whole.section("claim"), whole.section("occurred")
    citation, document = whole.section("citation"), whole.section("document")
    parties = tuple(_party(one) for one in whole.sections("parties"))
    basis: Basis = occurred.choice("basis", get_args(Basis)) or "stated"
    found = Mapping(
        key=whole.texts("key"),
        collection=_collection(whole.section("collection")),
        layout=_layout(whole.section("table")),
        claim={pointer: one for key, pointer in CLAIM.items() if (one := value(claim, key))},
        occurred=_when(occurred, "date"),
        basis=basis,
        parties=parties,
        rules=_rules(whole, parties),
        chain=tuple(_values(citation, "chain")),
        citation=_record(citation, CITATION),
        published=_when(document, "date"),
        publisher=_publisher_of(document),
        document=_record(document, DOCUMENT),
        publishers=tuple(_publisher(one) for one in whole.sections("publishers")),
        said_by=value(claim, "said_by"),
    )
    for section in (claim, occurred, citation, document, whole):
        section.end()
    _check(found)
    return found


def _parsed(text: str) -> dict[str, Any]:
    """:raises BadMapping: if it is no TOML, or such as would take long to read."""
    if len(text) > MOST_CHARACTERS:
        raise BadMapping(f"it has {len(text)} characters; at most {MOST_CHARACTERS} are read")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MOST_POINTS or _QUOTED.sub("", line).count(".") > MOST_PARTS:
            raise BadMapping(
                f"line {number}: has too many points: write a table of its own, as [a.b]"
            )
    try:
        return tomllib.loads(text)
    except ValueError as problem:  # A number can have too many digits, too.
        raise BadMapping(f"this is no TOML: {problem}") from problem
    except RecursionError as problem:
        raise BadMapping("this is no TOML: too much of it is nested") from problem


def value(section: Section, key: str) -> Value | None:
    """Read a text, a number or a table that says where the value comes from."""
    return _value(section, key, section.take(key))


def _value(section: Section, key: str, found: Any) -> Value | None:
    if found is None:
        return None
    if isinstance(found, str | int) and not isinstance(found, bool):
        return Value(constant=str(found))
    if key in LISTS and isinstance(found, list) and all(isinstance(one, str) for one in found):
        return Value(constant="\n".join(found), split="\n")
    inside = Section(f"{section.name}.{key}", found)
    ways = {way: inside.text(way) for way in ("column", "template", "host_of")}
    given = {way: text for way, text in ways.items() if text}
    if len(given) != 1:
        raise section.bad(key, f"needs one of: {', '.join(ways)}; or write a text")
    values = inside.take("values") or {}
    if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
        raise section.bad(f"{key}.values", 'must be a table, as {"Türkei" = "TUR"}')
    split = inside.text("split")
    inside.end()
    return Value(**given, values=values, split=split or None)


def _values(section: Section, key: str) -> list[Value]:
    found = section.take(key)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    return [one for each in listed if (one := _value(section, key, each))]


def _record(section: Section, keys: tuple[str, ...]) -> dict[str, Value]:
    return {f"/{key}": one for key in keys if (one := value(section, key))}


def _when(section: Section, key: str) -> When | None:
    found, until = value(section, key), value(section, "until")
    formats = section.texts("formats")
    if len(formats) > MOST_FORMATS:
        raise section.bad("formats", f"are {len(formats)}; at most {MOST_FORMATS} are tried")
    for form in formats:
        if len(form) > LONGEST_FORMAT:
            raise section.bad("formats", f"one is longer than {LONGEST_FORMAT} characters")
        if not fineness(form):
            detail = f"{form!r} must hold a year, or a month with it, or a day too: {DIRECTIVES}"
            raise section.bad("formats", detail)
    if found is None and (until or formats):
        raise section.bad(key, "is missing")
    return When(value=found, formats=formats, until=until) if found else None


def _collection(section: Section) -> Collection:
    found = Collection(
        name=section.needed("name"),
        coding=section.choice("coding", ("curated", "machine")) or "curated",
        review=section.yes("review"),
        description=section.text("description") or "",
        default_reliability=section.choice("default_reliability", get_args(Reliability)),
        default_credibility=section.whole("default_credibility"),
    )
    section.end()
    return found


def _layout(section: Section) -> Layout:
    header = section.whole("header")
    found = Layout(
        header=1 if header is None else header,
        encoding=section.choice("encoding", ENCODINGS) or "utf-8",
        delimiter=section.choice("delimiter", DELIMITERS),
        sheet=section.text("sheet"),
    )
    if found.header < 1:
        raise section.bad("header", "is the number of a line, from 1 on")
    section.end()
    return found


def _party(section: Section) -> PartyOf:
    name = value(section, "name")
    if name is None:
        raise section.bad("name", "is missing")
    role = section.choice("role", get_args(Role))
    if role is None:
        raise section.bad("role", "is missing")
    found = PartyOf(
        label=section.text("label") or "",
        role=role,
        name=name,
        optional=section.yes("optional"),
    )
    section.end()
    return found


def _rules(whole: Section, parties: Sequence[PartyOf]) -> tuple[Rule, ...]:
    sections = whole.sections("codes")
    if len(sections) > MOST_RULES:
        raise whole.bad("codes", f"are {len(sections)} rules; at most {MOST_RULES} are allowed")
    return tuple(_rule(one, {party.label for party in parties}) for one in sections)


def _rule(section: Section, labels: set[str]) -> Rule:
    found = Rule(
        reason=section.needed("reason"),
        when=_condition(section),
        code=section.text("code"),
        kind=section.choice("kind", get_args(Kind)),
        strength=section.choice("strength", get_args(Strength)),
        contexts=section.texts("contexts"),
        roles=_roles(section.section("roles"), labels - {""}),
    )
    section.end()
    if found.code:
        try:
            codebooks.find(found.code)
        except codebooks.UnknownCode as problem:
            raise section.bad("code", str(problem)) from problem
    return found


def _condition(section: Section) -> dict[str, tuple[str, ...]]:
    given = section.take("when")
    if not isinstance(given, dict) or not given:
        raise section.bad("when", 'must name a column and its value, as {category = "visit"}')
    found = {}
    for column, wanted in given.items():
        listed = wanted if isinstance(wanted, list) else [wanted]
        if not all(isinstance(one, str) for one in listed):
            raise section.bad(f"when.{column}", 'must be a text or a list, as ["x", "y"]')
        found[column] = tuple(listed)
    return found


def _roles(section: Section, labels: set[str]) -> dict[str, Role]:
    found = {label: section.choice(label, get_args(Role)) for label in sorted(labels)}
    section.end()
    return {label: role for label, role in found.items() if role}


def _publisher_of(document: Section) -> Value:
    found = value(document, "publisher")
    if found is None:
        raise document.bad("publisher", 'is missing, as {host_of = "url"}')
    return found


def _publisher(section: Section) -> Publisher:
    reliability = section.choice("reliability", get_args(Reliability))
    since, reason = section.day("since"), section.text("reason")
    if reliability and not (since and reason):
        raise section.bad("reliability", "needs `since`, a day, and a `reason`")
    found = Publisher(
        like=section.texts("like"),
        kind=section.choice("kind", get_args(SourceKind)) or "outlet",
        country=section.text("country") or "",
        ownership=section.choice("ownership", get_args(Ownership)),
        grade=Grade(reliability=reliability, since=since, reason=reason)
        if reliability and since and reason
        else None,
    )
    section.end()
    if not found.like:
        raise section.bad("like", 'is missing, as ["*.gov.??", "reuters.com"]')
    if any(len(one) > _LONGEST_NAME for one in found.like):
        raise section.bad("like", f"one is longer than {_LONGEST_NAME} characters, as no name is")
    return found


def _check(mapping: Mapping) -> None:
    """Refuse what no claim could do without."""
    if not mapping.parties:
        raise BadMapping("parties: is missing: say in [[parties]] whom the claims are about")
    if "/summary" not in mapping.claim:
        raise BadMapping('claim.summary: is missing, as {template = "{visitor} visits {host}"}')
    kinds = [rule.kind for rule in mapping.rules]
    if "/kind" not in mapping.claim and not (kinds and all(kinds)):
        raise BadMapping('claim.kind: is missing, as "act"')
    if mapping.rules and "/code" in mapping.claim:
        raise BadMapping("claim.code: stands beside [[codes]]; keep one of them")
    if not mapping.document.keys() & {"/url", "/title"}:
        raise BadMapping("document: needs a url or a title")
