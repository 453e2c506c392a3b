"""Cut a sentence where a new act begins, so that each clause can become one claim.

English only, by the words around, without a parse. What somebody says stays with the verb of
saying: "X attacked Y, the junta said" is one clause. A clause may lack its subject: that of "and
expelled two diplomats" is in the clause before.
"""

import re
from collections.abc import Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from tracker.domain.reading.clause_words import Word, is_finite, is_past, split
from tracker.domain.reading.cue_places import places
from tracker.domain.reading.word_lists import pattern
from tracker.domain.speech_cues import is_saying

_RELATIVE_WORDS = "which who whom whose where"
_SUBORDINATING_WORDS = (
    "after although as because before if once since though unless until when whereas while"
)
_COORDINATING_WORDS = "and but nor or so then yet"
_OTHER_ING_WORDS = (
    "according beginning being concerning during evening excluding following including king meeting"
    " morning nothing something pending regarding spring starting"
)
_SUBORDINATING = frozenset(_SUBORDINATING_WORDS.split())
_RELATIVE = frozenset(_RELATIVE_WORDS.split())
_BEGIN = _SUBORDINATING | _RELATIVE
_COORDINATING = frozenset(_COORDINATING_WORDS.split())
_NO_ACT = frozenset(_OTHER_ING_WORDS.split())
# The words of a subject between "and" and its verb.
_SUBJECT = 3
_MARKS = (";", ":", "—", "–", "(")


_WORD = re.compile(r"\w")
# What follows these is said, and saying it is an act too.
_ALLEGED = re.compile(rf"{pattern('alleging').pattern}(?: [\w’'-]+){{0,5}}?,? that\b")


class Clause(NamedTuple):
    """A part of a sentence: `text` is from `start` up to `end`."""

    start: int
    end: int
    text: str


def clauses(sentence: str) -> tuple[Clause, ...]:
    """Return the clauses of a sentence, in order, without the commas and spaces around them. A part
    without an act of its own belongs to the clause before it. None where there are no words."""
    words = split(sentence)
    if not words:
        return ()
    acts = {place.first for place in places(words) if is_finite(words, place.first)}
    acts |= {at for at, word in enumerate(words) if is_saying(word.text)}
    verbs = acts | {at for at in range(len(words)) if is_past(words, at)}
    borders = [at for at in range(1, len(words)) if _may_begin(sentence, words, at)]
    begins, start = [0], 0
    for at, following in pairwise([*_without_split_relatives(words, borders, verbs), len(words)]):
        begun = any(start <= verb < at for verb in verbs) or start > 0
        if begun and (_is_participle(words, at) or any(at <= act < following for act in acts)):
            begins.append(at)
            start = at
    starts = [0, *(words[at].start for at in begins[1:]), len(sentence)]
    return tuple(_clause(sentence, start, end) for start, end in pairwise(starts))


def _without_split_relatives(
    words: Sequence[Word], borders: Sequence[int], verbs: Set[int]
) -> list[int]:
    """Borders without those between "which the minister, A," and its verb."""
    kept: list[int] = []
    for at in borders:
        before = kept[-1] if kept else 0
        opened = words[before].text in _RELATIVE and verbs.isdisjoint(range(before, at))
        if not (opened and at in verbs):
            kept.append(at)
    return kept


def statements(sentence: str) -> tuple[Clause, ...]:
    """Return the parts of a sentence between semicolons, in order: each can be said by somebody
    else. None where there are no words."""
    found = []
    start = 0
    for part in sentence.split(";"):
        end = start + len(part)
        found.append(_clause(sentence, start, end))
        start = end + 1
    return tuple(one for one in found if _WORD.search(one.text))


def tells_past(clause: str) -> bool:
    """Return whether a clause has a verb in the past."""
    words = split(clause)
    return any(is_past(words, at) for at in range(len(words)))


def within(outer: Clause, inner: Clause) -> Clause:
    """Return a clause of another clause's text with its place in the sentence."""
    return Clause(outer.start + inner.start, outer.start + inner.end, inner.text)


def reported(clause: Clause) -> tuple[Clause, Clause] | None:
    """Return a clause of saying as what is done and what is said: "Paris claimed that" and "Rome
    had planted a bomb". None of a clause in which nothing is alleged."""
    found = _ALLEGED.search(clause.text)
    if not found:
        return None
    head = _clause(clause.text, 0, found.end())
    content = _clause(clause.text, found.end(), len(clause.text))
    return within(clause, head), within(clause, content)


def _clause(sentence: str, start: int, end: int) -> Clause:
    text = sentence[start:end]
    left = len(text) - len(text.lstrip(" \n\t,;:—–("))
    text = text[left:].rstrip(" \n\t,;:—–(")
    return Clause(start + left, start + left + len(text), text)


def _may_begin(sentence: str, words: Sequence[Word], at: int) -> bool:
    between = sentence[words[at - 1].end : words[at].start]
    text = words[at].text
    if any(mark in between for mark in _MARKS) or text in _BEGIN:
        return True
    comma = "," in between
    if text in _COORDINATING:
        return comma or _verb_follows(words, at) or _is_second_participle(sentence, words, at)
    if not comma:
        return False
    # "After Paris suspended aid, the junta …"; "the junta, which …, signed"
    resumed = words[0].text in _SUBORDINATING or is_past(words, at)
    return resumed or _is_act_in_ing(sentence, words[at])


def _verb_follows(words: Sequence[Word], at: int) -> bool:
    """Whether a verb is within a few words: "and expelled", "and Chile expelled"."""
    if words[at - 1].text in _COORDINATING:
        return False
    return any(is_finite(words, place) for place in range(at + 1, at + 2 + _SUBJECT))


def _is_participle(words: Sequence[Word], at: int) -> bool:
    """Whether a part begins with a participle: ", upsetting …" or "and triggering …"."""
    first = at + (words[at].text in _COORDINATING)
    return first < len(words) and words[first].text.endswith("ing")


def _is_second_participle(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether "and" joins a participle to one after a comma."""
    if at + 1 >= len(words) or not _is_act_in_ing(sentence, words[at + 1]):
        return False
    return any(
        "," in sentence[before.end : word.start] and _is_act_in_ing(sentence, word)
        for before, word in pairwise(words[:at])
    )


def _is_act_in_ing(sentence: str, word: Word) -> bool:
    lower = sentence[word.start].islower()
    return lower and word.text.endswith("ing") and word.text not in _NO_ACT
