"""The text of an article as it is read, and its sentences. Sentences are found by rule."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256 as _digest

from tracker.domain.problems import Invalid, Problem

MOST_CHARACTERS, MOST_WORDS = 200_000, 20_000
# A sentence is read as one up to here.
_LONGEST_SENTENCE, _MOST_SENTENCE_WORDS = 2_000, 150
# A heading is shorter.
_LONGEST_HEADING, _MOST_HEADING_WORDS = 150, 20
# The longest line of a paragraph that was broken at a margin has so many characters.
_NARROWEST_MARGIN, _WIDEST_MARGIN = 45, 130

_ENDS = ".!?…\"'”’»)"
_WORDS = re.compile(r"\S+")
_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]")
# Control characters, halves of a surrogate pair, and marks that nobody sees: soft hyphen, zero
# width space, word joiner, byte order mark, and those that turn the direction of writing.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\xad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff]"
)


class TextTooLong(Invalid):
    """A text with more characters or words than are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence or a heading, the `number`-th of its text (the first is 1), which is
    `text[start:end]` of it."""

    number: int
    start: int
    end: int
    text: str
    heading: bool

    @property
    def overlong(self) -> bool:
        """Whether it is longer than anybody writes: it is a list or a table, and is only read for
        names on record."""
        return len(self.text) > _LONGEST_SENTENCE or len(self.text.split()) > _MOST_SENTENCE_WORDS


def normalised(text: str) -> str:
    """Return a text in NFC, with line feeds, plain spaces, and no space at the end of a line or
    empty line at either end; without control characters. Twice is the same as once.

    :raises TextTooLong: if it has more than `MOST_CHARACTERS` or `MOST_WORDS`.
    """
    _refuse_long(len(text), "characters", MOST_CHARACTERS)
    plain = _SPACES.sub(" ", _UNSEEN.sub("", _BREAKS.sub("\n", text)))
    lines = unicodedata.normalize("NFC", plain).split("\n")
    clean = "\n".join(line.rstrip(" ") for line in lines).strip(" \n")
    _refuse_long(len(clean), "characters", MOST_CHARACTERS)
    _refuse_long(sum(1 for _ in _WORDS.finditer(clean)), "words", MOST_WORDS)
    return clean


def _refuse_long(count: int, unit: str, most: int) -> None:
    if count > most:
        detail = f"has {count} {unit}; at most {most} are read: paste the text in parts"
        raise TextTooLong([Problem(pointer="/text", code="too_long", detail=detail)])


def sha256(text: str) -> str:
    """Return the SHA-256 of a normalised text, as hexadecimal digits."""
    return _digest(text.encode()).hexdigest()


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences and headings of a normalised text, in order."""
    found = (
        (start, end, heading)
        for first, last, heading in _passages(text)
        for start, end in ([(first, last)] if heading else _split(text, first, last))
    )
    return tuple(
        Sentence(number=number, start=start, end=end, text=text[start:end], heading=heading)
        for number, (start, end, heading) in enumerate(found, start=1)
    )


_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(r"[ ]*(?:[-*•‣◦▪·–—][ ]+|(?:\(?[0-9]{1,2}[.)]|[a-z]\))[ ]+)(?=\S)")
_STOP = re.compile(r"[.!?…:;,][\"'’”»)\]]*(?:\[[0-9]+\])*$")


def _passages(text: str) -> Iterator[tuple[int, int, bool]]:
    """The start and the end of each heading, and of each run of lines that belong together."""
    for paragraph in _PARAGRAPH.finditer(text):
        lines = [match.span() for match in _LINE.finditer(text, *paragraph.span())]
        full = _full(text, lines)
        first = 0
        for place in range(1, len(lines) + 1):
            if place == len(lines) or not _goes_on(text, lines[place - 1], lines[place], full):
                yield _passage(text, lines[first:place])
                first = place


def _passage(text: str, lines: list[tuple[int, int]]) -> tuple[int, int, bool]:
    """The start and the end of lines that belong together, without the mark of a list, and whether
    they are a heading."""
    (first, _), (_, end) = lines[0], lines[-1]
    bullet = _BULLET.match(text, *lines[0])
    start = bullet.end() if bullet else first
    start += len(text[start:end]) - len(text[start:end].lstrip())
    alone = len(lines) == 1 and bullet is None
    return start, end, alone and _is_heading(text[start:end])


def _full(text: str, lines: list[tuple[int, int]]) -> int:
    """The length of a full line of a paragraph that was broken at a margin; 0 of another, such as a
    title above its author and date."""
    lengths = [end - start for start, end in lines]
    widest = max(lengths)
    full = int(widest * 0.6) + 1
    broken = sum(length >= full for length in lengths) > 1 or text[lines[-1][1] - 1] in _ENDS
    return full if broken and _NARROWEST_MARGIN <= widest <= _WIDEST_MARGIN else 0


def _goes_on(text: str, line: tuple[int, int], after: tuple[int, int], full: int) -> bool:
    """Whether a line break is only the end of a full line, within a sentence or between two."""
    if _BULLET.match(text, *after):
        return False
    if text[slice(*after)].lstrip()[0].islower():
        return True
    is_full = 0 < full <= line[1] - line[0]
    return is_full and len(text[slice(*line)].split()) > 5


def _is_heading(line: str) -> bool:
    return (
        len(line) <= _LONGEST_HEADING
        and len(line.split()) <= _MOST_HEADING_WORDS
        and not _STOP.search(line)
    )


# A full stop, with what closes with it, before a space.
_CANDIDATE = re.compile(
    r"(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>[\"'’”»)\]]*(?:\[[0-9]+\])*)\s+(?=(?P<next>\S))"
)


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text, which are separated by spaces."""
    return frozenset(words.split())


_OPENING = "\"'“‘«([¿¡"
# What follows these is in the same sentence.
_NEVER_LAST = word_set(
    "mr mrs ms mx dr prof gen col lt maj capt cpt cmdr sgt adm sen rep gov pres st sec amb "
    "rev hon msgr brig cf vs e.g i.e eg ie approx ca al fig figs vol messrs supt insp mt ft "
    "viz dept"
)
# And what follows these if it is a number.
_BEFORE_NUMBERS = word_set(
    "no nos art arts para paras sec p pp ch jan feb mar apr jun jul aug sep sept oct nov dec"
)
# These can be last. Then a sentence begins with a word such as "The".
_CAN_BE_LAST = word_set(
    "inc ltd co corp jr sr bros plc etc a.m p.m am pm jan feb mar apr jun jul aug sep sept "
    "oct nov dec univ est"
)
STARTERS = word_set(
    "a about after all also although among an and another any as at because before both but "
    "by despite during each earlier even every few for from had has have he her here his how "
    "however i if in instead it its last later many meanwhile more most much neither no none "
    "nor not now of on once one only or other others our over perhaps she should since so "
    "some still such that the their then there these they this those though three thus to "
    "today tomorrow two under unless until was we were what when where whether which while "
    "who whose why with within without yesterday yet you your"
)


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The start and end of each sentence of a paragraph."""
    first = start
    for match in _CANDIDATE.finditer(text, start, end):
        if _ends_sentence(text, first, match):
            yield first, match.end("close")
            first = match.end()
    yield first, end


def _ends_sentence(text: str, first: int, match: re.Match[str]) -> bool:
    following = text[match.start("next") : match.start("next") + 40].lstrip(_OPENING)
    if not following or following[0].islower():
        return False
    if match["stop"] != "." or match["close"]:
        return True
    before = text[max(first, match.start() - 24) : match.start()].split()
    return not before or not _abbreviates(before[-1].lstrip(_OPENING), following)


def _abbreviates(word: str, following: str) -> bool:
    """Whether the full stop after a word is that of an abbreviation or an initial within a
    sentence."""
    folded = word.casefold()
    if folded in _NEVER_LAST:
        return True
    if folded in _BEFORE_NUMBERS and following[0].isdigit():
        return True
    short = (len(word) == 1 and word.isupper()) or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word)
    if short or folded in _CAN_BE_LAST:
        return following.split(maxsplit=1)[0].casefold().rstrip(",;:.") not in STARTERS
    return False
