"""PETRARCH's patterns of verbs: a second opinion on the code of a clause.

A pattern belongs to a group of verbs: words before and after one of them, in order, and a code of
CAMEO, which its codebook maps to PLOVER. Patterns are matched without a parse. Three tables in
`fixtures/reference/`: `petrarch_verbs.csv`, `petrarch_patterns.csv` and `petrarch_word_sets.csv`,
the words that stand for one another in a pattern ("&weapon").
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tracker.domain import codebooks
from tracker.domain.codebooks import cameo, cues
from tracker.domain.facts import rows
from tracker.domain.reading.clause_words import Evidence, Word, use

_BEFORE, _AFTER = 8, 10
# How much the verb alone says; each word of a pattern halves what is missing to 1.
_ALONE = 0.35
_HALF = 0.5
# A pattern's word matches the beginning of a longer one if it has this many letters.
_PREFIX = 4
_SMALL_SETS = frozenset({"&auxverb1", "&auxverb2", "&auxverb3", "&preposit1", "&tobeverb"})


class _Verb(NamedTuple):
    text: str
    phrase: tuple[str, ...]
    group: str
    code: str


class _Pattern(NamedTuple):
    before: tuple[str, ...]
    after: tuple[str, ...]
    text: str
    code: str

    @property
    def weight(self) -> float:
        """From the number of words."""
        return float(1 - _HALF ** (len(self.before) + len(self.after)))


def opinions(words: Sequence[Word]) -> list[Evidence]:
    """Return what the patterns say for each verb of a clause, in order; for each place and code
    the best pattern."""
    return [one for first in range(len(words)) for one in _at(words, first)]


def _at(words: Sequence[Word], first: int) -> Iterator[Evidence]:
    best: dict[str, Evidence] = {}
    for verb in _verbs().get(words[first].stem, ()):
        last = first + len(verb.phrase) - 1
        if tuple(word.stem for word in words[first : last + 1]) != verb.phrase:
            continue
        for code, weight, text in _codes(words, first, last, verb):
            if code not in best or best[code].weight < weight:
                best[code] = Evidence(code, weight, verb.text, text, first, last, text)
    weight = use(words, first) if best else 0.0
    return (one._replace(weight=one.weight * weight) for one in best.values())


def _codes(
    words: Sequence[Word], first: int, last: int, verb: _Verb
) -> Iterator[tuple[str, float, str]]:
    if verb.code:
        yield verb.code, _ALONE, ""
    before = words[max(0, first - _BEFORE) : first]
    after = words[last + 1 : last + 1 + _AFTER]
    patterns = _patterns()
    keys = {(verb.group, key) for word in (*before, *after) for key in _keys(word.stem)}
    for key in keys:
        for pattern in patterns.get(key, ()):
            if _in_order(pattern.before, before) and _in_order(pattern.after, after):
                yield pattern.code, pattern.weight, pattern.text


def _in_order(wanted: Sequence[str], words: Sequence[Word]) -> bool:
    rest = iter(words)
    return all(any(_matches(one, word.stem) for word in rest) for one in wanted)


def _matches(wanted: str, stem: str) -> bool:
    if wanted.startswith("&"):
        return wanted in _sets().get(stem, ())
    return stem == wanted or (len(wanted) >= _PREFIX and stem.startswith(wanted))


def _keys(stem: str) -> tuple[str, ...]:
    """What a word may be listed under: its first letters and its sets."""
    return (stem[:_PREFIX], *_sets().get(stem, ()))


@cache
def _verbs() -> Mapping[str, Sequence[_Verb]]:
    by_stem: dict[str, list[_Verb]] = {}
    for row in rows("petrarch_verbs"):
        phrase = tuple(map(cues.stem, row["verb"].split()))
        verb = _Verb(row["verb"], phrase, row["group"], _plover(row["code"]))
        by_stem.setdefault(phrase[0], []).append(verb)
    return by_stem


@cache
def _patterns() -> Mapping[tuple[str, str], Sequence[_Pattern]]:
    """By group and the key of a pattern's last word."""
    by_key: dict[tuple[str, str], list[_Pattern]] = {}
    for row in rows("petrarch_patterns"):
        before, after = _stems(row["before"]), _stems(row["after"])
        text = " ".join(_shown(f"{row['before']} {row['after']}"))
        pattern = _Pattern(before, after, text, _plover(row["code"]))
        last = (*before, *after)[-1]
        key = last if last.startswith("&") else last[:_PREFIX]
        by_key.setdefault((row["group"], key), []).append(pattern)
    return by_key


def _stems(text: str) -> tuple[str, ...]:
    return tuple(word if word.startswith("&") else cues.stem(word) for word in text.split())


def _shown(text: str) -> Iterator[str]:
    """The words of a pattern, without sets of auxiliaries and prepositions."""
    for word in text.split():
        if word not in _SMALL_SETS:
            yield word.removeprefix("&")


@cache
def _sets() -> Mapping[str, frozenset[str]]:
    by_stem: dict[str, set[str]] = {}
    for row in rows("petrarch_word_sets"):
        by_stem.setdefault(cues.stem(row["word"]), set()).add(f"&{row['set']}")
    return {stem: frozenset(sets) for stem, sets in by_stem.items()}


@cache
def _plover(code: str) -> str:
    return codebooks.find(f"{cameo.SCHEME}/{code}").plover if code else ""
