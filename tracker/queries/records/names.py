"""Finds actors, sources, documents and collections by what people call them."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from uuid import UUID

from tracker.domain import codec, facts, speech_cues
from tracker.domain import state as f
from tracker.domain.problems import NotFound
from tracker.domain.speech_cues import Speech
from tracker.models.derived import StandingRecord
from tracker.queries.records import states

MOST_NEAR = 5


class NoSuchName(NotFound):
    """Nobody is called so, or several are; says who comes near."""


class AmbiguousName(NoSuchName):
    """More than one is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRecord:
    """A record with the name that is printed, and everything else it goes by."""

    id: UUID
    name: str
    also: tuple[str, ...] = ()


class Directory:
    """The records of one noun, by name. Case, accents and spaces do not matter."""

    def __init__(self, noun: str, entries: Iterable[NamedRecord]) -> None:
        self.noun = noun
        self._entries = {one.id: one for one in entries}
        self._times = Counter(name_key(one.name) for one in self._entries.values())
        self._called: dict[str, dict[UUID, NamedRecord]] = defaultdict(dict)
        for one in self._entries.values():
            for text in (one.name, *one.also, str(one.id)):
                self._called[name_key(text)][one.id] = one

    def __contains__(self, identifier: UUID) -> bool:
        return identifier in self._entries

    def __iter__(self) -> Iterator[NamedRecord]:
        return iter(self._entries.values())

    def label(self, identifier: UUID) -> str:
        """What `find` takes back for this record: its name, with the id where others share it."""
        one = self._entries.get(identifier)
        if one is None:
            return str(identifier)
        return one.name if self._times[name_key(one.name)] == 1 else f"{one.name} [{one.id}]"

    def find(self, text: str) -> NamedRecord:
        """Give the only record that goes by a name, an alias, a code or an id.

        :raises NoSuchName: naming those that come near, or those that share the name.
        """
        found = self.get(text)
        if found is None:
            raise NoSuchName(self.nobody(text))
        return found

    def nobody(self, text: str) -> str:
        """Say that nobody is called so, and who comes near."""
        return f"no {self.noun} on record is called {text!r}; {self._near(text)}"

    def get(self, text: str) -> NamedRecord | None:
        """Give the same, or None without a look around where nobody is called so.

        :raises Several: naming those that share the name.
        """
        bracketed = re.search(r"\[([0-9a-f-]{36})\]\s*$", text)
        found = self._called.get(name_key(bracketed[1] if bracketed else text), {})
        if len(found) > 1:
            several = " or ".join(f"{one.name} [{one.id}]" for one in found.values())
            raise AmbiguousName(f"{text!r} is the name of {len(found)}: write {several}")
        return next(iter(found.values()), None)

    def _near(self, text: str) -> str:
        close = get_close_matches(name_key(text), self._called, n=MOST_NEAR, cutoff=0.6)
        names = dict.fromkeys(
            self.label(identifier) for key in close for identifier in self._called[key]
        )
        return f"nearest: {', '.join(names)}" if names else f"add the {self.noun} first"


def directory(noun: str) -> Directory:
    """Give all records of a noun ("actor", "source", "document", "collection") by name."""
    rows = StandingRecord.objects.filter(noun=noun).order_by("name", "id")
    found = {row.id: codec.build(states.NOUNS[noun], row.state) for row in rows}
    names = states.names(found, at=None)
    return Directory(noun, [named_record(key, one, names[key]) for key, one in found.items()])


def countries(codes: Iterable[str]) -> dict[str, str]:
    """Give the printed names of countries by code."""
    rows = StandingRecord.objects.filter(noun="actor", name__in=set(codes)).order_by("-id")
    found = [codec.build(f.ActorState, row.state).actor for row in rows]
    return {one.code: one.name for one in found if one.code}


def named_record(identifier: UUID, state: f.State, name: str) -> NamedRecord:
    """A record with all that it goes by; `name` is the printed one of an actor or a source."""
    match state:
        case f.ActorState(actor=actor):
            others = (one.text for one in actor.names[1:])
            also = [actor.code or "", *others, *actor.aliases, actor.wikidata or ""]
        case f.DocumentState(document=document):
            name = document.title or document.url or str(identifier)
            also = [document.url or "", document.archive_url or ""]
        case f.CollectionState(collection=collection):
            name, also = collection.name, []
        case _:
            also = []
    return NamedRecord(id=identifier, name=name, also=tuple(filter(None, also)))


def name_key(text: str) -> str:
    """What is the same in all spellings of a name: case, accents and spaces do not matter."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())


MOST = 3
# Shorter names are taken only in capitals: "in" is no country.
_SHORT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """An actor on record, as a form takes it (`label`), and the words that name it."""

    id: UUID
    label: str
    words: str
    denies: bool


def likely_speakers(texts: Iterable[str], parties: Sequence[UUID]) -> list[Speaker]:
    """Give who may say what is typed, the likeliest first. `parties` are asked where a text only
    says that a government speaks, in the order given."""
    said = [one for text in texts for one in speech_cues.speeches(text)]
    if not said:
        return []
    known = directory("actor")
    found: dict[UUID, Speaker] = {}
    for speech in said:
        for one in _meant(speech, parties, known):
            words = f"{' '.join(speech.speaker)} {speech.verb}"
            label = known.label(one)
            found.setdefault(one, Speaker(id=one, label=label, words=words, denies=speech.denies))
    return list(found.values())[:MOST]


def _meant(speech: Speech, parties: Sequence[UUID], known: Directory) -> Iterator[UUID]:
    """The actor whose name or demonym stands there; else the parties, if a government speaks."""
    parts = [one for one in speech_cues.name_parts(speech.speaker) if _may_name(one)]
    named = [_named(one, known) for one in parts]
    of_country = [_named(code, known) for one in parts if (code := demonyms().get(one))]
    first = next((one for one in (*named, *of_country) if one), None)
    if first:
        yield first
    elif speech_cues.names_organ(speech.speaker):
        yield from (one for one in parties if one in known)


def _may_name(part: str) -> bool:
    letters = part.replace(".", "")
    return len(letters) > _SHORT or letters.isupper()


def _named(text: str, known: Directory) -> UUID | None:
    try:
        found = known.get(text)
    except AmbiguousName:
        return None
    return found.id if found else None


@cache
def demonyms() -> dict[str, str]:
    """The codes of countries by what their people are called."""
    return {row["demonym"]: row["iso3"] for row in facts.rows("demonyms")}
