"""Reads a mapping, written in TOML; `docs/importing.md` describes it."""

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
from tracker.imports.formats.values import DIRECTIVES, DateSource, Value, precision

_LONGEST_NAME = limit(Name, "text").longest


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyMapping:
    """A party of every claim, with a label for the rules. Only an optional one may be missing."""

    label: str
    role: Role
    name: Value
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRule:
    """The code of some rows, and the reason. `when`: the values that columns must have.

    `roles`: roles of parties, by their labels, that differ from their own.
    """

    reason: str
    when: Names[str, tuple[str, ...]]
    code: str | None = None
    kind: Kind | None = None
    strength: Strength | None = None
    contexts: tuple[str, ...] = ()
    roles: Names[str, Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherRule:
    """The description of new sources whose name matches a pattern such as `*.gov.??`."""

    like: tuple[str, ...]
    kind: SourceKind = "outlet"
    country: str = ""
    ownership: Ownership | None = None
    grade: Grade | None = None

    def matches(self, name: str) -> bool:
        """Whether a name matches a pattern. A text that is too long for a name matches none."""
        if len(name) > _LONGEST_NAME:
            return False
        return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in self.like)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How the rows of a table become claims of a collection.

    `key`: the columns that identify a row; by default all of them.
    """

    collection: Collection
    layout: Layout
    key: tuple[str, ...]
    claim: Names[str, Value]
    occurred: DateSource | None
    basis: Basis
    parties: tuple[PartyMapping, ...]
    rules: tuple[CodeRule, ...]
    citation: Names[str, Value]
    chain: tuple[Value, ...]
    document: Names[str, Value]
    published: DateSource | None
    publisher: Value
    publishers: tuple[PublisherRule, ...]
    said_by: Value | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it uses."""
        sources: list[Value | DateSource] = [
            *self.claim.values(),
            *(source for source in (self.occurred, self.published, self.said_by) if source),
            *(party.name for party in self.parties),
            *self.citation.values(),
            *self.document.values(),
            self.publisher,
            *self.chain,
        ]
        of_rules = (column for rule in self.rules for column in rule.when)
        of_sources = (column for source in sources for column in source.columns)
        return tuple(dict.fromkeys([*self.key, *of_sources, *of_rules]))


# The keys of the tables of a mapping, and the pointer of the field that each fills.
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
CITATION = tuple(
    field.key for field in of(Citation) if field.key not in ("document", "chain", "note")
)
DOCUMENT = tuple(field.key for field in of(Document) if field.key not in ("source", "date"))
_FIELDS = (*of(Claim), *of(Citation), *of(Document))
LISTS = tuple(field.key for field in _FIELDS if field.type.item and field.type.item.of is str)
NUMBERS = tuple(field.key for field in _FIELDS if field.type.of is int)
# The time to parse TOML grows with the parts of a key, which are separated by points. Points in
# quotes do not count, as far as can be seen without parsing.
MOST_CHARACTERS, MOST_PARTS, MOST_POINTS = 256 * 1024, 20, 1_000
_QUOTED = re.compile(r""" "(?:[^"\\]|\\.)*"? | '[^']*'? """, re.VERBOSE)
# Each date is compared with each format.
MOST_FORMATS, LONGEST_FORMAT = 20, 100
# Each row can be compared with each rule.
MOST_RULES = 1_000


def read(text: str) -> Mapping:
    """Read a mapping.

    :raises BadMapping: naming the first key that is invalid, missing or unknown.
    """
    root = Section("", _parsed(text))
    sections = [root.section(name) for name in ("claim", "occurred", "citation", "document")]
    claim, occurred, citation, document = sections
    parties = tuple(map(_party, root.sections("parties")))
    mapping = Mapping(
        key=root.texts("key"),
        collection=_collection(root.section("collection")),
        layout=_layout(root.section("table")),
        claim={pointer: one for key, pointer in CLAIM.items() if (one := value(claim, key))},
        occurred=_date_source(occurred, "date"),
        basis=occurred.choice("basis", get_args(Basis)) or "stated",
        parties=parties,
        rules=_rules(root, parties),
        chain=tuple(_values(citation, "chain")),
        citation=_record(citation, CITATION),
        published=_date_source(document, "date"),
        publisher=_publisher(document),
        document=_record(document, DOCUMENT),
        publishers=tuple(map(_publisher_rule, root.sections("publishers"))),
        said_by=value(claim, "said_by"),
    )
    for section in (*sections, root):
        section.end()
    _check(mapping)
    return mapping


def _parsed(text: str) -> dict[str, Any]:
    """:raises BadMapping: if it is not TOML, or would take long to parse."""
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


def value(section: Section, key: str) -> Value | None:
    """Read a text, a number, or a table that names the source of the value."""
    return _value(section, key, section.take(key))


def _value(section: Section, key: str, content: Any) -> Value | None:
    if content is None:
        return None
    if isinstance(content, str | int) and not isinstance(content, bool):
        return Value(constant=str(content))
    if key in LISTS and isinstance(content, list) and all(isinstance(one, str) for one in content):
        return Value(constant="\n".join(content), split="\n")
    inside = Section(f"{section.name}.{key}", content)
    ways = {way: inside.text(way) for way in ("column", "template", "host_of")}
    given = {way: text for way, text in ways.items() if text}
    if len(given) != 1:
        raise section.error(key, f"requires one of: {', '.join(ways)}; or a text")
    values = inside.take("values") or {}
    if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
        raise section.error(f"{key}.values", 'must be a table such as {"Türkei" = "TUR"}')
    split = inside.text("split")
    inside.end()
    return Value(**given, values=values, split=split or None)


def _values(section: Section, key: str) -> list[Value]:
    content = section.take(key)
    listed = content if isinstance(content, list) else [] if content is None else [content]
    return [one for item in listed if (one := _value(section, key, item))]


def _record(section: Section, keys: tuple[str, ...]) -> dict[str, Value]:
    return {f"/{key}": one for key in keys if (one := value(section, key))}


def _date_source(section: Section, key: str) -> DateSource | None:
    start, until = value(section, key), value(section, "until")
    formats = section.texts("formats")
    if len(formats) > MOST_FORMATS:
        raise section.error("formats", f"are {len(formats)}; at most {MOST_FORMATS} are allowed")
    for form in formats:
        if len(form) > LONGEST_FORMAT:
            raise section.error("formats", f"one is longer than {LONGEST_FORMAT} characters")
        if not precision(form):
            detail = f"{form!r} must have a year, or also a month, or also a day: {DIRECTIVES}"
            raise section.error("formats", detail)
    if start is None and (until or formats):
        raise section.error(key, "is missing")
    return DateSource(value=start, formats=formats, until=until) if start else None


def _collection(section: Section) -> Collection:
    collection = Collection(
        name=section.required_text("name"),
        coding=section.choice("coding", ("curated", "machine")) or "curated",
        review=section.flag("review"),
        description=section.text("description") or "",
        default_reliability=section.choice("default_reliability", get_args(Reliability)),
        default_credibility=section.integer("default_credibility"),
    )
    section.end()
    return collection


def _layout(section: Section) -> Layout:
    header = section.integer("header")
    layout = Layout(
        header=1 if header is None else header,
        encoding=section.choice("encoding", ENCODINGS) or "utf-8",
        delimiter=section.choice("delimiter", DELIMITERS),
        sheet=section.text("sheet"),
    )
    if layout.header < 1:
        raise section.error("header", "must be the number of a line, from 1")
    section.end()
    return layout


def _party(section: Section) -> PartyMapping:
    name, role = value(section, "name"), section.choice("role", get_args(Role))
    if name is None:
        raise section.error("name", "is missing")
    if role is None:
        raise section.error("role", "is missing")
    party = PartyMapping(
        label=section.text("label") or "",
        role=role,
        name=name,
        optional=section.flag("optional"),
    )
    section.end()
    return party


def _rules(root: Section, parties: Sequence[PartyMapping]) -> tuple[CodeRule, ...]:
    sections = root.sections("codes")
    if len(sections) > MOST_RULES:
        raise root.error("codes", f"are {len(sections)} rules; at most {MOST_RULES} are allowed")
    return tuple(_rule(section, {party.label for party in parties}) for section in sections)


def _rule(section: Section, labels: set[str]) -> CodeRule:
    rule = CodeRule(
        reason=section.required_text("reason"),
        when=_condition(section),
        code=section.text("code"),
        kind=section.choice("kind", get_args(Kind)),
        strength=section.choice("strength", get_args(Strength)),
        contexts=section.texts("contexts"),
        roles=_roles(section.section("roles"), labels - {""}),
    )
    section.end()
    if rule.code:
        try:
            codebooks.find(rule.code)
        except codebooks.UnknownCode as problem:
            raise section.error("code", str(problem)) from problem
    return rule


def _condition(section: Section) -> dict[str, tuple[str, ...]]:
    content = section.take("when")
    if not isinstance(content, dict) or not content:
        raise section.error("when", 'must have a column and its value: {category = "visit"}')
    condition = {}
    for column, wanted in content.items():
        listed = wanted if isinstance(wanted, list) else [wanted]
        if not all(isinstance(text, str) for text in listed):
            raise section.error(f"when.{column}", 'must be a text or a list such as ["x", "y"]')
        condition[column] = tuple(listed)
    return condition


def _roles(section: Section, labels: set[str]) -> dict[str, Role]:
    roles = {label: section.choice(label, get_args(Role)) for label in sorted(labels)}
    section.end()
    return {label: role for label, role in roles.items() if role}


def _publisher(document: Section) -> Value:
    publisher = value(document, "publisher")
    if publisher is None:
        raise document.error("publisher", 'is missing, for example {host_of = "url"}')
    return publisher


def _publisher_rule(section: Section) -> PublisherRule:
    rule = PublisherRule(
        like=section.texts("like"),
        kind=section.choice("kind", get_args(SourceKind)) or "outlet",
        country=section.text("country") or "",
        ownership=section.choice("ownership", get_args(Ownership)),
        grade=_grade(section),
    )
    section.end()
    if not rule.like:
        raise section.error("like", 'is missing, for example ["*.gov.??", "reuters.com"]')
    if any(len(pattern) > _LONGEST_NAME for pattern in rule.like):
        raise section.error("like", f"one is longer than {_LONGEST_NAME} characters, unlike a name")
    return rule


def _grade(section: Section) -> Grade | None:
    reliability = section.choice("reliability", get_args(Reliability))
    since, reason = section.day("since"), section.text("reason")
    if not reliability:
        return None
    if not (since and reason):
        raise section.error("reliability", "requires `since`, a day, and a `reason`")
    return Grade(reliability=reliability, since=since, reason=reason)


def _check(mapping: Mapping) -> None:
    """Refuse a mapping that lacks a required part of a claim."""
    if not mapping.parties:
        raise BadMapping("parties: is missing: list the parties of the claims in [[parties]]")
    if "/summary" not in mapping.claim:
        raise BadMapping(
            'claim.summary: is missing, for example {template = "{visitor} visits {host}"}'
        )
    kinds = [rule.kind for rule in mapping.rules]
    if "/kind" not in mapping.claim and not (kinds and all(kinds)):
        raise BadMapping('claim.kind: is missing, for example "act"')
    if mapping.rules and "/code" in mapping.claim:
        raise BadMapping("claim.code: cannot be combined with [[codes]]; remove one of them")
    if not mapping.document.keys() & {"/url", "/title"}:
        raise BadMapping("document: requires a url or a title")
