"""What a sentence names: actors, sources and dates, and names that no record has."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID, uuid5

from tracker.domain.codebooks.cues import CueRow
from tracker.domain.dates import edtf
from tracker.domain.events import NAMESPACE
from tracker.domain.reading import days
from tracker.domain.reading.codes import Counts
from tracker.domain.reading.drafts import NewName, OfferedActor
from tracker.domain.reading.found_days import DayFound
from tracker.domain.reading.local_names import KnownNames, introduced, recurrent
from tracker.domain.reading.names import Mention, Names
from tracker.domain.reading.sides import Named
from tracker.domain.reading.text import Sentence
from tracker.domain.reading.unknown_names import unknown_names

_LONGEST_NAME = 200
# "Lower Juba" is a region, not the seat of a government.
_PART = re.compile(r"\b(?:Lower|Upper|Middle|Inner|Outer) $")
_LONGEST_PART = 10
_WORD = re.compile(r"\w+")
_VERY_OFTEN = 3
# The dates before a sentence that it is offered.
_MOST_EARLIER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the reader knows besides the text.

    `published` is the EDTF date of the document. `person` is who reads: two people get drafts with
    different ids. `countries` are the names of states by code. `counts` and `cues` are the desk's
    own (`codes.ranked`).
    """

    document: UUID
    collection: UUID
    person: str
    actors: Names
    sources: Names
    countries: Mapping[str, str] = field(default_factory=dict)
    published: str | None = None
    counts: Counts = field(default_factory=dict)
    cues: tuple[CueRow, ...] = ()


class FoundSentence(NamedTuple):
    """A sentence with what was found in it. Places are within the sentence.

    `earlier` are the dates before it, the last first; `new` are the names that no record has;
    `around` are parties of the text before that it may mean without their names.
    """

    sentence: Sentence
    names: tuple[Named, ...]
    sources: tuple[Named, ...]
    days: tuple[DayFound, ...]
    earlier: tuple[DayFound, ...]
    new: tuple[NewName, ...]
    around: tuple[OfferedActor, ...] = ()


class Finder:
    """Looks for names and dates in the sentences of one text."""

    def __init__(self, normal: str, context: Context) -> None:
        self._context = context
        self._days = days.find_days(normal, context.published)
        self._day = edtf.bounds(context.published).latest if context.published else None
        # Over the whole text, since a surname means a person whom it names in full elsewhere.
        self._named_in_text = context.actors.find(normal, self._day)
        self._clear = {
            one.meanings[0].actor for one in self._named_in_text if len(one.meanings) == 1
        }
        self._introduced = KnownNames(introduced(normal, self._named_in_text))
        self._recurrent = recurrent(normal)
        self._new: dict[UUID, NewName] = {}

    def in_sentence(self, sentence: Sentence) -> FoundSentence:
        """Return what a sentence names."""
        new: dict[UUID, NewName] = {}
        mentions = self._mentions(sentence)
        actors = [self._named(one, new) for one in mentions]
        if not sentence.overlong:
            actors += self._unknown(sentence, mentions, actors, new)
            actors += self._recurring(sentence, actors, new)
        before = bisect_right(self._days, sentence.start, key=lambda one: one.end)
        earlier = {one.edtf: one for one in self._days[max(0, before - _MOST_EARLIER) : before]}
        return FoundSentence(
            sentence=sentence,
            names=tuple(sorted(actors)),
            sources=self._sources(sentence),
            days=_within(self._days, sentence),
            earlier=tuple(reversed(earlier.values())),
            new=tuple(new.values()),
        )

    def _unknown(
        self,
        sentence: Sentence,
        mentions: Sequence[Mention],
        actors: Sequence[Named],
        new: dict[UUID, NewName],
    ) -> list[Named]:
        """The names of persons and organisations that no record has. What may also be a place is
        only offered."""
        found = []
        in_text = [
            replace(one, start=one.start + sentence.start, end=one.end + sentence.start)
            for one in mentions
        ]
        for one in unknown_names(sentence, in_text):
            place = one.start - sentence.start
            actor = self._new_name(one.text, new)
            if one.kind and not _is_described(sentence.text[:place], actors):
                found.append(Named(place, place + len(one.text), one.text, actor))
        return found

    def _recurring(
        self, sentence: Sentence, actors: Sequence[Named], new: dict[UUID, NewName]
    ) -> list[Named]:
        """The names that the text often uses and no table has. As the first word of a sentence, or
        if the text uses it very often, without an article, such a name is probably a party;
        elsewhere it is only offered."""
        known = " ".join([*(one.text for one in actors), *(name.name for name in new.values())])
        found = []
        places: dict[str, int] = {}
        for match in _WORD.finditer(sentence.text):
            places.setdefault(match[0], match.start())
        for name, start in places.items():
            number = self._recurrent.get(name, 0)
            if not number or name in known:
                continue
            actor = self._new_name(name, new)
            before = sentence.text[:start].casefold()
            if not before or (number >= _VERY_OFTEN and not before.endswith("the ")):
                found.append(Named(start, start + len(name), name, actor))
        return found

    def _mentions(self, sentence: Sentence) -> list[Mention]:
        """The names on record, and those of persons whom the text has introduced."""
        mentions = [
            one
            for one in _within(self._named_in_text, sentence)
            if not _PART.search(sentence.text[max(0, one.start - _LONGEST_PART) : one.start])
        ]
        if sentence.overlong:
            return mentions
        for start, end, state in self._introduced.occurrences(sentence.text):
            if all(end <= one.start or one.end <= start for one in mentions):
                name = sentence.text[start:end]
                mentions.append(replace(state, start=start, end=end, text=name))
        return sorted(mentions, key=lambda one: one.start)

    def _sources(self, sentence: Sentence) -> tuple[Named, ...]:
        return tuple(
            Named(one.start, one.end, one.text, meaning.actor)
            for one in self._context.sources.find(sentence.text)
            for meaning in one.meanings[:1]
            if meaning.actor
        )

    def _named(self, one: Mention, new: dict[UUID, NewName]) -> Named:
        """The first actor on record that a name may mean, else a new name for the state."""
        on_record = [meaning for meaning in one.meanings if meaning.actor]
        # Of a city that is the seat of a state and of an organisation, the organisation is meant.
        # Of two states of one name, the one that the text names otherwise.
        on_record.sort(key=lambda one: (one.country is not None, one.actor not in self._clear))
        country = one.meanings[0].country or ""
        name = self._context.countries.get(country, one.text)
        first = on_record[0].actor if on_record else None
        actor = first or self._new_name(name, new)
        return Named(one.start, one.end, one.text, actor)

    def _new_name(self, name: str, new: dict[UUID, NewName]) -> UUID:
        key = uuid5(NAMESPACE, f"proposed:actor:{self._context.document}:{name}")
        new[key] = self._new[key] = NewName(id=key, noun="actor", name=name[:_LONGEST_NAME])
        return key

    def new_names(self, actors: Iterable[UUID]) -> tuple[NewName, ...]:
        """Return those of some actors that are names without a record."""
        return tuple(self._new[actor] for actor in dict.fromkeys(actors) if actor in self._new)


def _within[Place: (DayFound, Mention)](
    found: Sequence[Place], sentence: Sentence
) -> tuple[Place, ...]:
    """What a sentence has of what was found in the text, in order, with the places in it."""
    first = bisect_left(found, sentence.start, key=lambda one: one.start)
    last = bisect_left(found, sentence.end, key=lambda one: one.start)
    return tuple(
        replace(one, start=one.start - sentence.start, end=one.end - sentence.start)
        for one in found[first:last]
    )


def _is_described(before: str, names: Sequence[Named]) -> bool:
    """Whether a name is in brackets, or follows that of its state: "Georgian President X"."""
    return before.endswith("(") or any(before[one.end :].isspace() for one in names)
