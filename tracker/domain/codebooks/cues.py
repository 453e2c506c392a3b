"""The table of cues: everyday words, the code that each means, and the stems that compare words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tracker.domain import codebooks
from tracker.domain.codes import PLOVER, Code
from tracker.domain.facts import rows
from tracker.domain.problems import Problem, invalid, required

SHORTEST_STEM = 3
# The most characters of a row that a desk adds.
LONGEST = {"cue": 60, "object": 60, "example": 200}
_EMPTY_WORDS = frozenset({"a", "an", "the", "of", "for", "to", "on", "in", "by", "or", "and", "as"})
_IRREGULAR_FORMS = """
begin began begun
beat beaten
bite bit bitten
blow blew blown
break broke broken
bring brought
build built
buy bought
catch caught
choose chose chosen
deal dealt
draw drew drawn
drive drove driven
fight fought
find found
flee fled
fly flew flown
forbid forbade forbidden
forgive forgave forgiven
freeze froze frozen
give gave given
go went gone
hang hung
hide hid hidden
hold held
keep kept
lay laid
lead led
leave left
lend lent
meet met
overrun overran
overthrow overthrew overthrown
pay paid
seek sought
sell sold
send sent
shake shook shaken
shoot shot
sink sank sunk
slay slew slain
speak spoke spoken
spend spent
stand stood
steal stole stolen
strike struck stricken
swear swore sworn
sweep swept
take took taken
tear tore torn
throw threw thrown
undertake undertook undertaken
uphold upheld
withdraw withdrew withdrawn withdrawal
withhold withheld
write wrote written
become became
come came
cling clung
fall fell fallen
get got gotten
hear heard
lose lost
make made
ride rode ridden
rise rose risen
run ran
see saw seen
shrink shrank shrunk
sit sat
slide slid
spin spun
spring sprang sprung
stick stuck
swing swung
teach taught
think thought
tell told
wear wore worn
win won
grow grew grown
know knew known
wake woke woken
weave wove woven
fling flung
"""
_IRREGULAR = {
    form: verb
    for verb, *forms in map(str.split, _IRREGULAR_FORMS.split("\n")[1:-1])
    for form in forms
}
# Words that would otherwise have the stem of a cue.
_OTHERS = (
    "according aide aides armed arms billion james million mining plane planes quite role site"
    " state states united vacation"
)
_OTHER_WORDS = frozenset(_OTHERS.split())


class CueRow(NamedTuple):
    """A row of the table, or one that a desk adds. `object` may be empty.

    `code` is a code of PLOVER, such as `plover-2.0/SANCTION/discontinue`.
    """

    cue: str
    object: str
    code: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """A row as text and as stems. `phrase` is the cue with its small words, such as "for"."""

    row: CueRow
    text: str
    phrase: tuple[str, ...]
    cue: tuple[str, ...]
    object: tuple[str, ...]
    code: Code

    @property
    def example(self) -> str:
        return self.row.example


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters, without articles, prepositions and "and"; all
    of them if nothing else is left."""
    found = _all_words(text)
    return tuple(word for word in found if word not in _EMPTY_WORDS) or found


def is_irregular(word: str) -> bool:
    """Return whether a word is an irregular form of a verb, such as "struck"."""
    return word in _IRREGULAR


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return a word without its ending: "expelled" and "expels" become "expel"."""
    if word in _OTHER_WORDS:
        return word
    word = _without(_IRREGULAR.get(word, word), ("ings", "ing", "ed", "es", "s", "e"))
    word = _without(word, ("ion",))
    if len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") else word


def read(row: CueRow) -> Cue:
    """Return a row with its stems and its code.

    :raises UnknownCode: if there is no such code.
    """
    return Cue(
        row=row,
        text=" ".join(words(f"{row.cue} {row.object}")),
        phrase=tuple(map(stem, _all_words(row.cue))),
        cue=tuple(map(stem, words(row.cue))),
        object=tuple(map(stem, words(row.object))),
        code=codebooks.find(row.code),
    )


@lru_cache(maxsize=8)
def table(extra: tuple[CueRow, ...] = ()) -> tuple[Cue, ...]:
    """Return extra rows, then those of `fixtures/reference/cues.csv`, in order. An extra row
    replaces those of the file with its cue and object.

    :raises UnknownCode: if an extra row has a code that does not exist.
    """
    if extra:
        own = tuple(map(read, extra))
        replaced = {key(cue) for cue in own}
        return (*own, *(cue for cue in table() if key(cue) not in replaced))
    return tuple(
        read(CueRow(row["cue"], row["object"], row["code"], row["example"])) for row in rows("cues")
    )


def key(cue: Cue) -> tuple[tuple[str, ...], ...]:
    """Return what two rows for the same words have in common: "expelled" is "expel"."""
    return cue.phrase, cue.object


def problems(row: CueRow) -> Iterator[Problem]:
    """Yield what is wrong with a row that a desk adds."""
    for name, longest in LONGEST.items():
        text = getattr(row, name)
        if len(text) > longest:
            yield invalid(f"/{name}", f"write at most {longest} characters")
        if not text.isprintable():
            yield invalid(f"/{name}", "write one line, without control characters")
    if _EMPTY_WORDS.issuperset(_all_words(row.cue)):
        yield required("/cue", "name a word that means an act, such as sanction")
    if row.object and _EMPTY_WORDS.issuperset(_all_words(row.object)):
        yield invalid("/object", "name a word such as treaty, or leave this empty")
    yield from _code_problems(row.code)


def _code_problems(code: str) -> Iterator[Problem]:
    try:
        scheme = codebooks.find(code).scheme
    except codebooks.UnknownCode as problem:
        detail = str(problem) if code else "choose a code"
        yield Problem(pointer="/code", code="unknown_code", detail=detail)
    else:
        if scheme != PLOVER:
            yield invalid("/code", f"choose a code of {PLOVER}: {code} is one of {scheme}")


def _all_words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def _without(word: str, endings: Iterable[str]) -> str:
    shorter = (word.removesuffix(ending) for ending in endings if word.endswith(ending))
    return next((short for short in shorter if len(short) >= SHORTEST_STEM), word)
