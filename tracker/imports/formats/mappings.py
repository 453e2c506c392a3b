"""Reads a mapping, written in TOML; `docs/importing.md` describes it."""

from collections.abc import Mapping as Names
from dataclasses import dataclass
from typing import Any, get_args

from tracker.domain.claims import Basis, Citation, Claim
from tracker.domain.fields import limit, of
from tracker.domain.records import (
    Collection,
    Document,
    Name,
    Ownership,
    Reliability,
    Role,
    Sector,
)
from tracker.imports.formats import cldr, conditions, row_rules
from tracker.imports.formats.base import DELIMITERS, ENCODINGS, Layout
from tracker.imports.formats.country_schemes import SCHEMES, CountryScheme
from tracker.imports.formats.drafts import Grade, SourceKind
from tracker.imports.formats.row_rules import CodeRule, SkipRule
from tracker.imports.formats.sections import BadMapping, Section, parse
from tracker.imports.formats.values import (
    DIRECTIVES,
    DateSource,
    Value,
    has_month_name,
    precision,
)

_LONGEST_NAME = limit(Name, "text").longest


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyMapping:
    """A party of every claim, with a label for the rules. Only an optional one may be missing."""

    label: str
    role: Role
    name: Value
    optional: bool = False


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
        return len(name) <= _LONGEST_NAME and conditions.is_like(name, self.like)


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
    skips: tuple[SkipRule, ...]
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
        needed = [rule.when for rule in self.skips] + [rule.when for rule in self.rules]
        of_rules = (column for when in needed for column in when)
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
    "level": "/level/value",
    "level_sd": "/level/sd",
    "rung": "/level/rung",
}
CITATION = tuple(
    field.key
    for field in of(Citation)
    if not field.type.is_record and field.key not in ("document", "chain", "note")
)
DOCUMENT = tuple(field.key for field in of(Document) if field.key not in ("source", "date"))
_FIELDS = (*of(Claim), *of(Citation), *of(Document))
LISTS = tuple(field.key for field in _FIELDS if field.type.item and field.type.item.of is str)
NUMBERS = tuple(field.key for field in _FIELDS if field.type.of is int)
# The pointers of numbers that may have decimals.
DECIMALS = ("/magnitude/value", "/level/value", "/level/sd")
# Each date is compared with each format.
MOST_FORMATS, LONGEST_FORMAT = 20, 100


def read(text: str) -> Mapping:
    """Read a mapping.

    :raises BadMapping: naming the first key that is invalid, missing or unknown.
    """
    root = Section("", parse(text))
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
        rules=row_rules.codes(root, {party.label for party in parties}),
        skips=row_rules.skips(root),
        chain=tuple(_values(citation, "chain")),
        citation=_record(citation, CITATION),
        published=_date_source(document, "date"),
        publisher=_publisher(document),
        document=_record(document, DOCUMENT),
        publishers=tuple(map(_publisher_rule, root.sections("publishers"))),
        said_by=_actor(claim, "said_by"),
    )
    for section in (*sections, root):
        section.end()
    _check(mapping)
    return mapping


def value(section: Section, key: str) -> Value | None:
    """Read a text, a number, or a table that names the source of the value."""
    return _value(section, key, section.take(key))


def _actor(section: Section, key: str) -> Value | None:
    """As `value`, of an actor, whose code may be of a scheme of countries."""
    return _value(section, key, section.take(key), of_actor=True)


def _value(section: Section, key: str, content: Any, *, of_actor: bool = False) -> Value | None:
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
    countries = _country_scheme(inside) if of_actor else None
    sectors = _sectors(inside, countries) if of_actor else {}
    inside.end()
    return Value(**given, values=values, split=split or None, countries=countries, sectors=sectors)


def _sectors(section: Section, countries: CountryScheme | None) -> dict[str, Sector]:
    """The sector of a country that each prefix of its code means."""
    content = section.take("sectors")
    if content is None:
        return {}
    inside = Section(f"{section.name}.sectors", content)
    found = {prefix: inside.choice(prefix, get_args(Sector)) for prefix in content}
    if "" in found:
        raise section.error("sectors", "a prefix is empty")
    if countries is None:
        raise section.error("sectors", 'go with a scheme of countries, for example scheme = "iso3"')
    return found


def _country_scheme(section: Section) -> CountryScheme | None:
    scheme, languages = section.choice("scheme", SCHEMES), _languages(section, "languages")
    if (scheme == "name") != bool(languages):
        detail = 'go with scheme = "name" and only with it, for example languages = ["fr"]'
        raise section.error("languages", detail)
    return CountryScheme(scheme=scheme, languages=languages) if scheme else None


def _languages(section: Section, key: str) -> tuple[str, ...]:
    languages = section.texts(key)
    for language in languages:
        if language not in cldr.LANGUAGES:
            known = ", ".join(cldr.LANGUAGES)
            raise section.error(key, f"{language!r} is not one of: {known}")
    return languages


def _values(section: Section, key: str) -> list[Value]:
    content = section.take(key)
    listed = content if isinstance(content, list) else [] if content is None else [content]
    return [one for item in listed if (one := _value(section, key, item))]


def _record(section: Section, keys: tuple[str, ...]) -> dict[str, Value]:
    return {f"/{key}": one for key in keys if (one := value(section, key))}


def _date_source(section: Section, key: str) -> DateSource | None:
    start, until = value(section, key), value(section, "until")
    formats, or_words = _formats(section), section.flag("or_words")
    months = _languages(section, "months")
    if start is None and (until or formats or or_words or months):
        raise section.error(key, "is missing")
    if or_words and not formats:
        raise section.error("or_words", "goes with formats; without formats words are read anyway")
    if months and formats and not (or_words or any(map(has_month_name, formats))):
        raise section.error("months", "no format has %B or %b; add one, or or_words = true")
    if start is None:
        return None
    return DateSource(value=start, formats=formats, until=until, or_words=or_words, months=months)


def _formats(section: Section) -> tuple[str, ...]:
    formats = section.texts("formats")
    if len(formats) > MOST_FORMATS:
        raise section.error("formats", f"are {len(formats)}; at most {MOST_FORMATS} are allowed")
    for form in formats:
        if len(form) > LONGEST_FORMAT:
            raise section.error("formats", f"one is longer than {LONGEST_FORMAT} characters")
        if not precision(form):
            detail = f"{form!r} must have a year, or also a month, or also a day: {DIRECTIVES}"
            raise section.error("formats", detail)
    return formats


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
    name, role = _actor(section, "name"), section.choice("role", get_args(Role))
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
