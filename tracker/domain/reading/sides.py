"""Who does what to whom in a clause: by the place of its verb, and the prepositions before names.

The rules are few. The actor before the verb acts, those after it are acted upon; "by" turns them
around; a name after a preposition is rarely the subject. The result is a proposal to a person.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from tracker.domain.reading.codes import CodeFound
from tracker.domain.reading.word_lists import listed

# A name after one of these is not the subject of the clause, unless it is all there is.
_PREPOSITIONS = listed("preposition")
# Words that may stand between a preposition and the name that it governs.
_LIGHT = listed("light")
_JOINS = re.compile(r"^(?:\s|,|and|or|nor|&|both|the|as well as|along with|together with|-|–)*$")
_HYPHEN = re.compile(r"^[-–]$")
# What may stand between the parts of one name: "Kazakh President Toqaev".
_TITLE = re.compile(r"^(?:['’]s?)?(?:\s+[\w’'-]+){0,3}\s+$")
_WORD = re.compile(r"[^\W\d_]+")
_OF = re.compile(r"\s+of(?: the)?\s+$")
# "He and": whom the pronoun means acts too.
_HE_AND = re.compile(r"\b(?:he|she|it|they) and (?:the )?$")
_BY = re.compile(r"\bby\b")
# "The attack by A on B"
_DONE_BY = re.compile(r" by(?: the)? $")
_BETWEEN = re.compile(r"\bbetween(?: the)? $")
_TITLES = listed("title")


class Named(NamedTuple):
    """A name in a clause: where it is, and the actor that it means."""

    start: int
    end: int
    text: str
    actor: UUID


class Sides(NamedTuple):
    """The actors by role, each once."""

    initiators: tuple[UUID, ...]
    recipients: tuple[UUID, ...]
    affected: tuple[UUID, ...]


def sides(
    clause: str, names: Sequence[Named], found: CodeFound, carried: Sequence[UUID] = ()
) -> Sides:
    """Return who acts, who is acted upon and who else is affected.

    `carried` are the initiators of the clause before, or those whom a pronoun means. They act where
    this clause has no other subject before its verb.
    """
    heads = _heads(clause, names)
    before = [one for one in heads if one.end <= found.start]
    after = [one for one in heads if one.end > found.start]
    if found.passive or (after and _DONE_BY.match(clause[found.end : after[0].start])):
        return _passive(clause, before, after, found)
    if both := _between(clause, after):
        return Sides(both, (), ())
    subjects = _free_subject(clause, before)
    initiators = _actors(subjects) or tuple(carried) or _actors(_subject(clause, before))
    if subjects and _HE_AND.search(clause[: subjects[0].start].casefold()):
        initiators = tuple(dict.fromkeys([*carried, *initiators]))
    objects = [one for one in after if one.actor not in initiators]
    if not objects:
        objects = [one for one in before if one.actor not in initiators]
    return _split(clause, initiators, objects)


def _passive(
    clause: str, before: Sequence[Named], after: Sequence[Named], found: CodeFound
) -> Sides:
    """ "A was sanctioned by B": who is after "by" acts."""
    by = _BY.search(clause, found.end)
    agents = [one for one in after if by and one.start >= by.end()]
    initiators = _actors(_first_group(clause, agents))
    rest = [one for one in (*_subject(clause, before), *after) if one.actor not in initiators]
    return _split(clause, initiators, rest)


def _between(clause: str, after: Sequence[Named]) -> tuple[UUID, ...]:
    """The two of "talks between A and B"; empty if there is no such phrase after the verb."""
    group = _first_group(clause, after)
    is_both = len(group) > 1 and bool(_BETWEEN.search(clause[: group[0].start]))
    return _actors(group) if is_both else ()


def _split(clause: str, initiators: tuple[UUID, ...], objects: Sequence[Named]) -> Sides:
    """The first names that belong together are acted upon. Of "Kazakh-Chinese", the second is
    affected, and so are later names."""
    group = _first_group(clause, objects)
    recipients = group[:1] + [
        one
        for previous, one in pairwise(group)
        if not _HYPHEN.match(clause[previous.end : one.start])
    ]
    acted_upon = _actors(recipients)
    others = [one for one in group if one.actor not in acted_upon]
    return Sides(initiators, acted_upon, _actors(others))


def _heads(clause: str, names: Sequence[Named]) -> list[Named]:
    """The names without those that only say of which state the next one is, or the one before: of
    "Kazakh President Toqaev" and of "Toqaev of Kazakhstan" one."""
    kept: list[Named] = []
    for place, one in enumerate(names):
        if kept and kept[-1].actor == one.actor and _OF.match(clause[kept[-1].end : one.start]):
            continue
        following = names[place + 1] if place + 1 < len(names) else None
        if following is None or not _is_title(clause[one.end : following.start]):
            kept.append(one)
    return kept


def _is_title(between: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(between)]
    return (
        bool(_TITLE.match(between))
        and bool(words)
        and all(word in _TITLES or word == "s" for word in words)
    )


def _free_subject(clause: str, before: Sequence[Named]) -> list[Named]:
    """The names before the verb that act: the last group that no preposition governs."""
    groups = [part for group in _groups(clause, before) for part in _parts(clause, group)]
    return next((one for one in reversed(groups) if not _is_governed(clause, one[0])), [])


def _subject(clause: str, before: Sequence[Named]) -> list[Named]:
    """The names before the verb that act; where prepositions govern all, the first."""
    return _free_subject(clause, before) or next(_groups(clause, before), [])


def _parts(clause: str, group: list[Named]) -> list[list[Named]]:
    """A group without the name of a place at its start: "In Turkey, Russia …"."""
    is_place = len(group) > 1 and _is_governed(clause, group[0])
    if is_place and clause[group[0].end : group[1].start].strip() == ",":
        return [group[:1], group[1:]]
    return [group]


def _is_governed(clause: str, one: Named) -> bool:
    """Whether a preposition is before a name, with at most light words between."""
    words = _WORD.findall(clause[: one.start].casefold())
    while words and words[-1] in _LIGHT:
        words.pop()
    return bool(words) and words[-1] in _PREPOSITIONS


def _first_group(clause: str, names: Sequence[Named]) -> list[Named]:
    return next(_groups(clause, names), [])


def _groups(clause: str, names: Sequence[Named]) -> Iterator[list[Named]]:
    """The names that are joined by commas, "and" or hyphens."""
    group: list[Named] = []
    for one in names:
        if group and not _JOINS.match(clause[group[-1].end : one.start]):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _actors(names: Iterable[Named]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(one.actor for one in names))
