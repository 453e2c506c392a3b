"""Rules of a mapping that a row's cells decide: its code, and whether it is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from tracker.domain import codebooks
from tracker.domain.claims import Grade as Strength
from tracker.domain.claims import Kind
from tracker.domain.records import Role
from tracker.imports.formats import conditions
from tracker.imports.formats.base import BadCell, TableRow
from tracker.imports.formats.conditions import Condition
from tracker.imports.formats.sections import Section

# Each row can be compared with each rule, and with each pattern and range in it.
MOST_RULES = MOST_PATTERNS = 1_000

type When = Mapping[str, Condition]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRule:
    """Rows to leave out, and the reason. `when`: the condition of each column."""

    reason: str
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRule:
    """The code of some rows, and the reason. `when`: the condition of each column.

    `roles`: roles of parties, by their labels, that differ from their own.
    """

    reason: str
    when: When
    code: str | None = None
    kind: Kind | None = None
    strength: Strength | None = None
    contexts: tuple[str, ...] = ()
    roles: Mapping[str, Role]


def first_fit[R: SkipRule | CodeRule](rules: Sequence[R], row: TableRow) -> R | None:
    """The first rule all of whose conditions a row fits.

    :raises BadCell: if a cell cannot be compared.
    """
    for rule in rules:
        if all(condition.fits(row, column) for column, condition in rule.when.items()):
            return rule
    return None


def check_kept(rules: Sequence[SkipRule], row: TableRow) -> None:
    """Check that no rule leaves the row out.

    :raises BadCell: with the reason of the rule.
    """
    if rule := first_fit(rules, row):
        column = next(iter(rule.when))
        raise BadCell(column, row.text(column), f"is skipped: {rule.reason}")


def codes(root: Section, labels: set[str]) -> tuple[CodeRule, ...]:
    """Read `[[codes]]`. `labels` are those of the parties.

    :raises BadMapping:
    """
    rules = tuple(_code_rule(section, labels - {""}) for section in _sections(root, "codes"))
    _check_patterns(root, "codes", rules)
    return rules


def skips(root: Section) -> tuple[SkipRule, ...]:
    """Read `[[skips]]`.

    :raises BadMapping:
    """
    rules = tuple(map(_skip_rule, _sections(root, "skips")))
    _check_patterns(root, "skips", rules)
    return rules


def _sections(root: Section, key: str) -> list[Section]:
    sections = root.sections(key)
    if len(sections) > MOST_RULES:
        raise root.error(key, f"are {len(sections)} rules; at most {MOST_RULES} are allowed")
    return sections


def _check_patterns(root: Section, key: str, rules: Sequence[SkipRule | CodeRule]) -> None:
    needed = [condition for rule in rules for condition in rule.when.values()]
    number = sum(len(condition.like) + len(condition.numbers) for condition in needed)
    if number > MOST_PATTERNS:
        detail = f"have {number} patterns and ranges; at most {MOST_PATTERNS} are allowed"
        raise root.error(key, detail)


def _skip_rule(section: Section) -> SkipRule:
    rule = SkipRule(reason=section.required_text("reason"), when=_conditions(section))
    section.end()
    return rule


def _code_rule(section: Section, labels: set[str]) -> CodeRule:
    rule = CodeRule(
        reason=section.required_text("reason"),
        when=_conditions(section),
        code=section.text("code"),
        kind=section.choice("kind", get_args(Kind)),
        strength=section.choice("strength", get_args(Strength)),
        contexts=section.texts("contexts"),
        roles=_roles(section.section("roles"), labels),
    )
    section.end()
    if rule.code:
        try:
            codebooks.find(rule.code)
        except codebooks.UnknownCode as problem:
            raise section.error("code", str(problem)) from problem
    return rule


def _conditions(section: Section) -> dict[str, Condition]:
    content = section.take("when")
    if not isinstance(content, dict) or not content:
        raise section.error("when", 'must have a column and its value: {category = "visit"}')
    inside = Section(f"{section.name}.when", content)
    return {column: conditions.read(inside, column) for column in content}


def _roles(section: Section, labels: set[str]) -> dict[str, Role]:
    roles = {label: section.choice(label, get_args(Role)) for label in sorted(labels)}
    section.end()
    return {label: role for label, role in roles.items() if role}
