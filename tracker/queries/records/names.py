"""Finds actors, sources, documents and collections by their names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from tracker import log
from tracker.domain import codec, speech_cues
from tracker.domain import state as f
from tracker.domain.likeness import name_key, nearest
from tracker.domain.problems import NotFound
from tracker.domain.reading.reference_names import demonyms
from tracker.domain.speech_cues import Speech
from tracker.models.derived import StandingRecord
from tracker.queries.records import states

# Longer texts are cut in messages, and more records of one name are counted.
_LONGEST_SHOWN, _MOST_SHOWN = 200, 3
# What tells records of one name apart, behind the name.
_WITH_ID = re.compile(r"\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]\s*$")
_WITH_NUMBER = re.compile(r"(.+?)\s*\(no\. (\d{1,18})\)\s*")
# The messages about unknown names that are kept.
_MOST_REMEMBERED = 1_000


class NoSuchName(NotFound):
    """No record has that name, or several have it; the message lists similar names."""


class AmbiguousName(NoSuchName):
    """More than one record has that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRecord:
    """A record with its printed name, and all other names of it."""

    id: UUID
    name: str
    also: tuple[str, ...] = ()


class Directory:
    """The records of one noun, by name. Case, accents and spaces are ignored."""

    def __init__(self, noun: str, entries: Iterable[NamedRecord]) -> None:
        self.noun = noun
        self._entries = {entry.id: entry for entry in entries}
        # The messages about unknown names.
        self._nobody: dict[str, str] = {}
        self._by_name: dict[str, dict[UUID, NamedRecord]] = defaultdict(dict)
        for entry in self._entries.values():
            for text in (entry.name, *entry.also, str(entry.id)):
                self._by_name[name_key(text)][entry.id] = entry

    def __contains__(self, identifier: UUID) -> bool:
        return identifier in self._entries

    def __iter__(self) -> Iterator[NamedRecord]:
        return iter(self._entries.values())

    def label(self, identifier: UUID) -> str:
        """Return the text with which `find` finds this record: its name, with its number if others
        have the name too."""
        entry = self._entries.get(identifier)
        if entry is None:
            return str(identifier)
        shared = len(self._by_name[name_key(entry.name)]) > 1
        return told_apart([entry])[identifier] if shared else entry.name

    def find(self, text: str) -> NamedRecord:
        """Return the only record with a name, an alias, a code, an id or a label.

        :raises NoSuchName: with similar names, or those that share the name.
        """
        record = self.get(text)
        if record is None:
            raise NoSuchName(self.nobody(text))
        return record

    def nobody(self, text: str) -> str:
        """Return the message that no record has a name, with similar names. These take milliseconds
        to find, and the rows of a table repeat a name."""
        shown = text[:_LONGEST_SHOWN]
        if shown not in self._nobody:
            if len(self._nobody) >= _MOST_REMEMBERED:
                self._nobody.clear()
            near = self._near(shown)
            self._nobody[shown] = f"no {self.noun} on record is called {shown!r}; {near}"
        return self._nobody[shown]

    def get(self, text: str) -> NamedRecord | None:
        """As `find`, but None if no record has the name.

        :raises AmbiguousName: with the records that share the name.
        """
        records = self._by_name.get(name_key(text)) or self._with_mark(text)
        if len(records) > 1:
            several = " or ".join(told_apart(islice(records.values(), _MOST_SHOWN)).values())
            raise AmbiguousName(f"{text!r} is the name of {len(records)}: write {several}")
        return next(iter(records.values()), None)

    def _with_mark(self, text: str) -> Mapping[UUID, NamedRecord]:
        """The record that a text names with its number or its id."""
        if bracketed := _WITH_ID.search(text):
            return self._by_name.get(name_key(bracketed[1]), {})
        if found := numbered(text):
            own = self._by_name.get(name_key(found.name), {})
            return {found.id: own[found.id]} if found.id in own else {}
        return {}

    def near(self, text: str) -> list[NamedRecord]:
        """Return records with a name that resembles a text, the most similar first."""
        close = nearest(name_key(text[:_LONGEST_SHOWN]), self._by_name)
        found = {entry.id: entry for key in close for entry in self._by_name[key].values()}
        return list(found.values())

    def _near(self, text: str) -> str:
        names = dict.fromkeys(self.label(entry.id) for entry in self.near(text))
        return f"nearest: {', '.join(names)}" if names else f"add the {self.noun} first"


def told_apart(records: Iterable[NamedRecord]) -> dict[UUID, str]:
    """Return by id the texts that find records that share a name: the name with the number of the
    record's first entry in the log; with its id if it is not on record."""
    names_by_id = {record.id: record.name for record in records}
    numbers = {first.stream: first.position for first in log.firsts(names_by_id)}
    return {
        key: f"{name} (no. {numbers[key]})" if key in numbers else f"{name} [{key}]"
        for key, name in names_by_id.items()
    }


def numbered(text: str) -> NamedRecord | None:
    """Return the name in a text such as "The Gazette (no. 297)", with the id of what has the
    number; None if the text has another form, or nothing has the number."""
    found = _WITH_NUMBER.fullmatch(text)
    entry = log.at(int(found[2])) if found else None
    return NamedRecord(id=entry.stream, name=found[1]) if found and entry else None


def directory(noun: str) -> Directory:
    """Return all records of a noun ("actor", "source", "document", "collection") by name."""
    rows = StandingRecord.objects.filter(noun=noun).order_by("name", "id")
    return Directory(noun, named_records(rows))


def named_records(rows: Iterable[StandingRecord]) -> list[NamedRecord]:
    """Return the records in rows with all their names."""
    states_by_id = {row.id: codec.build(states.NOUNS[row.noun], row.state) for row in rows}
    printed = states.names(states_by_id, at=None)
    return [_named_record(key, state, printed[key]) for key, state in states_by_id.items()]


def countries(codes: Iterable[str]) -> dict[str, str]:
    """Return the printed names of countries by code."""
    return {code: state.actor.name for code, state in states.actors_by_code(codes).items()}


def _named_record(identifier: UUID, state: f.State, name: str) -> NamedRecord:
    """Return a record with all its names; `name` is the printed name of an actor or a source."""
    match state:
        case f.ActorState(actor=actor):
            others = (text.text for text in actor.names[1:])
            also = [actor.code or "", *others, *actor.aliases, actor.wikidata or ""]
        case f.DocumentState(document=document):
            name = document.title or document.url or str(identifier)
            also = [document.url or "", document.archive_url or ""]
        case f.CollectionState(collection=collection):
            name, also = collection.name, []
        case _:
            also = []
    return NamedRecord(id=identifier, name=name, also=tuple(filter(None, also)))


MOST = 3
# Shorter names need capitals: "in" is not a country.
_SHORT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An actor on record, as a form takes it (`label`), and the words that name it."""

    id: UUID
    label: str
    words: str
    denies: bool


def likely_speakers(texts: Iterable[str], parties: Sequence[UUID]) -> list[Speaker]:
    """Return who may say a text, the likeliest first. If a text only says that a government speaks,
    `parties` are returned in their order."""
    speeches = [speech for text in texts for speech in speech_cues.speeches(text)]
    if not speeches:
        return []
    actors = directory("actor")
    speakers: dict[UUID, Speaker] = {}
    for speech in speeches:
        for actor in _actors_meant(speech, parties, actors):
            words = f"{' '.join(speech.speaker)} {speech.verb}"
            label = actors.label(actor)
            speakers.setdefault(
                actor, Speaker(id=actor, label=label, words=words, denies=speech.denies)
            )
    return list(speakers.values())[:MOST]


def _actors_meant(speech: Speech, parties: Sequence[UUID], actors: Directory) -> Iterator[UUID]:
    """The actor whose name or demonym is in the text; else the parties, if a government speaks."""
    parts = [part for part in speech_cues.name_parts(speech.speaker) if _may_name(part)]
    named = [_named(part, actors) for part in parts]
    people = [codes[0] for part in parts if len(codes := demonyms().get(part, ())) == 1]
    of_country = [_named(code, actors) for code in people]
    first = next((actor for actor in (*named, *of_country) if actor), None)
    if first:
        yield first
    elif speech_cues.names_organ(speech.speaker):
        yield from (party for party in parties if party in actors)


def _may_name(part: str) -> bool:
    letters = part.replace(".", "")
    return len(letters) > _SHORT or letters.isupper()


def _named(text: str, actors: Directory) -> UUID | None:
    try:
        actor = actors.get(text)
    except AmbiguousName:
        return None
    return actor.id if actor else None
