"""Conditions on the text of a cell: exact texts, patterns such as `*visit*`, ranges of numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase

from tracker.imports.formats.base import BadCell, TableRow
from tracker.imports.formats.sections import Section

# Longer texts are not compared with patterns.
LONGEST_COMPARED, LONGEST_PATTERN = 1_000, 200
_NUMBER = r"[+−-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?"
_FROM_TO = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")
_BEYOND = re.compile(rf"(<=|>=|<|>)?\s*({_NUMBER})")


def is_like(text: str, patterns: Sequence[str]) -> bool:
    """Whether a text matches a pattern such as `*.gov.??`, in any case. The time grows with the
    length of the text and with the patterns. Brackets mean themselves."""
    folded = text.casefold()
    literal = [pattern.casefold().replace("[", "[[]") for pattern in patterns]
    return any(fnmatchcase(folded, pattern) for pattern in literal)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """The numbers from `low` to `high`, and both of them if `closed`. None: without a limit."""

    low: Decimal | None = None
    high: Decimal | None = None
    closed: bool = True

    def __contains__(self, number: Decimal) -> bool:
        if number in (self.low, self.high):
            return self.closed
        above = self.low is None or number > self.low
        return above and (self.high is None or number < self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What the text of a cell must be: one of some texts, like a pattern, or in a range."""

    texts: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    numbers: tuple[NumberRange, ...] = ()

    def fits(self, row: TableRow, column: str) -> bool:
        """Whether the cell of a column fits. A text that is no number is in no range.

        :raises BadCell: if the cell cannot be read, or is too long for a pattern.
        """
        text = row.text(column)
        if text in self.texts:
            return True
        if self.like and len(text) > LONGEST_COMPARED:
            most = f"at most {LONGEST_COMPARED} are compared with `like`"
            raise BadCell(column, text, f"is {len(text)} characters long; {most}")
        number = _number(text) if self.numbers else None
        in_range = number is not None and any(number in one for one in self.numbers)
        return in_range or is_like(text, self.like)


def read(section: Section, column: str) -> Condition:
    """The condition of a column in a table of conditions.

    :raises BadMapping:
    """
    content = section.take(column)
    if isinstance(content, dict):
        inside = Section(f"{section.name}.{column}", content)
        like = _texts(inside, "like")
        numbers = tuple(_range(inside, text) for text in _texts(inside, "number"))
        inside.end()
        if not like and not numbers:
            raise section.error(column, 'must have `like` or `number`, such as {number = "1..5"}')
        if any(len(pattern) > LONGEST_PATTERN for pattern in like):
            raise inside.error("like", f"one is longer than {LONGEST_PATTERN} characters")
        return Condition(like=like, numbers=numbers)
    return Condition(texts=_texts(section, column, content))


def _texts(section: Section, key: str, content: object = None) -> tuple[str, ...]:
    """The texts of a key that has one or a list of them."""
    content = section.take(key) if content is None else content
    listed = content if isinstance(content, list) else [] if content is None else [content]
    if not all(isinstance(text, str) for text in listed):
        raise section.error(key, 'must be a text or a list such as ["x", "y"]')
    return tuple(listed)


def _range(section: Section, text: str) -> NumberRange:
    if match := _FROM_TO.fullmatch(text.strip()):
        first, last = _decimal(match[1]), _decimal(match[2])
        if first > last:
            raise section.error("number", f"{text!r} is empty: write the lower number first")
        return NumberRange(low=first, high=last)
    match = _BEYOND.fullmatch(text.strip())
    if match is None:
        raise section.error("number", f"{text!r} is no range such as 1..5, <0, >=10 or 7")
    sign, number = match[1] or "", _decimal(match[2])
    return NumberRange(
        low=None if "<" in sign else number,
        high=None if ">" in sign else number,
        closed=sign not in ("<", ">"),
    )


def _number(text: str) -> Decimal | None:
    return _decimal(text) if re.fullmatch(_NUMBER, text) else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))
