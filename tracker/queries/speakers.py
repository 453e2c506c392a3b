"""Who may be speaking in what is typed: proposed, with the words that say so."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from tracker.domain import facts, speaking
from tracker.domain.speaking import Speech
from tracker.queries.names import Directory, Several, directory

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


def proposed(texts: Iterable[str], parties: Sequence[UUID]) -> list[Speaker]:
    """Give who may say what is typed, the likeliest first. `parties` are asked where a text only
    says that a government speaks, in the order given."""
    said = [one for text in texts for one in speaking.speeches(text)]
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
    parts = [one for one in speaking.name_parts(speech.speaker) if _may_name(one)]
    named = [_named(one, known) for one in parts]
    of_country = [_named(code, known) for one in parts if (code := demonyms().get(one))]
    first = next((one for one in (*named, *of_country) if one), None)
    if first:
        yield first
    elif speaking.names_organ(speech.speaker):
        yield from (one for one in parties if one in known)


def _may_name(part: str) -> bool:
    letters = part.replace(".", "")
    return len(letters) > _SHORT or letters.isupper()


def _named(text: str, known: Directory) -> UUID | None:
    try:
        found = known.get(text)
    except Several:
        return None
    return found.id if found else None


@cache
def demonyms() -> dict[str, str]:
    """The codes of countries by what their people are called."""
    return {row["demonym"]: row["iso3"] for row in facts.rows("demonyms")}
