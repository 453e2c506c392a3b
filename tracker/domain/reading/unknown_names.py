"""Capitalised names in a sentence that no record has, and that look like a person or an
organisation: candidates for new actors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tracker.domain.dates.description import MONTHS
from tracker.domain.offices import TITLES
from tracker.domain.reading.names import Mention
from tracker.domain.reading.people import TITLE_WORDS, only_begins
from tracker.domain.reading.reference_names import no_parties
from tracker.domain.reading.relative_days import WEEKDAYS
from tracker.domain.reading.text import Sentence, word_set
from tracker.domain.speech_cues import is_saying

type Kind = Literal["person", "organisation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownName:
    """A name that no record has, `text[start:end]` of the text, without an article. `kind` is what
    it looks like, None where that is open."""

    start: int
    end: int
    text: str
    kind: Kind | None


class _Token(NamedTuple):
    """A word with its place in the sentence, without a possessive."""

    start: int
    end: int
    text: str

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() or self.text.startswith(_ARABIC_ARTICLES)


_ARABIC_ARTICLES = ("al-", "el-", "an-")
_WORD = re.compile(r"(?:al|el|an)-[^\W\d_][\w’'-]*|[^\W_][\w’'‐‑-]*")
# "ExxonMobil", not "McDonald".
_TWO_IN_ONE = re.compile(r"(?!Ma?c)[A-Z][a-z]+[A-Z][A-Za-z]*")
_INTERNATIONAL = "international"
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINT = re.compile(r"[ \n]|/| & ")
# These join any capitalised words, and those only what follows an organisation's word.
_PARTICLES = word_set("de la le del bin ibn al el van von der")
_PREPOSITIONS = word_set("of for the")
_CALENDAR = frozenset((*MONTHS, *WEEKDAYS))
# What persons are called before their name; alone they are no name.
_ROLES = (
    frozenset(word for title in TITLES for word in title.split())
    | TITLE_WORDS
    | word_set(
        "deputy acting former interior finance energy trade economy justice health defence defense "
        "foreign prime vice first junta state transitional interim lord sir dame st i"
    )
)
_ORGANISATIONS = word_set(
    "academy agency airlines airways alliance assembly association authority bank battalion "
    "board bloc brigade brotherhood bureau centre center church club coalition commission "
    "committee community company confederation congress consortium corporation corps council "
    "federation forum foundation front fund group guard holding holdings inc industries "
    "institute institution league legion ltd mission motors movement network office "
    "organisation organization partnership party secretariat society syndicate taskforce "
    "tribunal union university"
)
# With the name of a state before them, these are that state.
_ORGANS = word_set(
    "administration army cabinet court embassy force forces government kingdom ministry navy "
    "parliament police presidency republic senate treasury"
)
_PLACES = word_set(
    "airport avenue base basin bay bridge canal cape city corridor county desert district fort "
    "gulf highway hospital island islands lake mount mountain mountains oblast palace park "
    "peninsula pipeline port prefecture province region reef river road sea shoal square "
    "stadium strait street valley"
)
_EVENTS = word_set(
    "accord accords act agreement charter conference convention crisis cup day declaration "
    "decree doctrine games initiative law memorandum month operation pact phase peace plan "
    "prize programme program protocol resolution summit treaty war week year"
)
_NO_ACRONYMS = word_set(
    "AI AD AM BC CEO CFO CO2 COVID DNA DVD FAQ GDP GMT GNP GPS HIV ID IT LGBT LNG OK PDF PM PR "
    "Q1 Q2 Q3 Q4 TV UTC VAT VIP WWI WWII"
)


def unknown_names(sentence: Sentence, mentions: Sequence[Mention]) -> tuple[UnknownName, ...]:
    """Return the names in a sentence that no record has. `mentions` are those that were found in
    the text of the sentence."""
    tokens = [_token(match) for match in _WORD.finditer(sentence.text)]
    if sentence.heading and sum(token.is_capital for token in tokens) * 2 > len(tokens):
        # All words of such a heading have capitals.
        return ()
    taken = _taken(sentence, mentions)
    found = (
        _name(sentence, tokens, part, taken)
        for run in _runs(sentence.text, tokens)
        for part in _parts(run, taken)
    )
    return tuple(name for name in found if name)


def _taken(sentence: Sentence, mentions: Sequence[Mention]) -> dict[int, int | None]:
    """The places of a sentence in which names on record stand, with the start of each; None for
    names that mean no party."""
    taken: dict[int, int | None] = {}
    for mention in no_parties().find(sentence.text):
        # A single word can begin a name: "European Commission".
        if " " in mention.text:
            taken |= dict.fromkeys(range(mention.start, mention.end))
    for mention in mentions:
        start, end = mention.start - sentence.start, mention.end - sentence.start
        taken |= dict.fromkeys(range(start, end), start)
    return taken


def _token(match: re.Match[str]) -> _Token:
    text = _POSSESSIVE.sub("", match[0])
    return _Token(match.start(), match.start() + len(text), text)


def _runs(text: str, tokens: list[_Token]) -> Iterator[list[_Token]]:
    """Capitalised words one after the other, with the particles between them."""
    run: list[_Token] = []
    between: list[_Token] = []
    for token in tokens:
        follows = bool(run) and _is_joint(text, (between or run)[-1], token)
        if token.is_capital and follows:
            run += [*between, token]
            between = []
        elif token.is_capital:
            yield run
            run, between = [token], []
        elif follows and _can_join(token, run):
            between.append(token)
        else:
            yield run
            run, between = [], []
    yield run


def _is_joint(text: str, token: _Token, after: _Token) -> bool:
    gap = text[token.end : after.start]
    return bool(_JOINT.fullmatch(gap)) or (len(token.text) == 1 and gap in (".", ". "))


def _can_join(token: _Token, run: list[_Token]) -> bool:
    if token.text in _PARTICLES:
        return True
    if not any(word.folded in _ORGANISATIONS | {_INTERNATIONAL} for word in run):
        return False
    # "Centre for Strategic and International Studies"
    follows = any(word.text in _PREPOSITIONS for word in run)
    return token.text in _PREPOSITIONS or (token.text == "and" and follows)


def _parts(run: list[_Token], taken: Mapping[int, int | None]) -> Iterator[list[_Token]]:
    """A run without days and months, and without names on record, unless they follow the word of an
    organisation: "Bank of China"."""
    part: list[_Token] = []
    for token in run:
        inside = bool(part) and part[-1].text in _PREPOSITIONS
        if token.text in _CALENDAR or (token.start in taken and not inside):
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _name(
    sentence: Sentence,
    tokens: list[_Token],
    part: list[_Token],
    taken: Mapping[int, int | None],
) -> UnknownName | None:
    if part and part[0] is tokens[0] and only_begins(part[0].text):
        part = part[1:]
    if not part or not _may_name(part):
        return None
    start, end = part[0].start, part[-1].end
    # The start of a name on record before it: "Chinese" in "Chinese Communist Party".
    before = taken.get(start - 2)
    kind = _kind(part, follows=before is not None)
    if len(part) == 1 and kind is None and not _speaks(sentence.text, part[0]):
        return None
    if kind == "organisation" and part[-1].folded in _ORGANISATIONS and before is not None:
        start = before
    text = sentence.text[start:end]
    return UnknownName(start=sentence.start + start, end=sentence.start + end, text=text, kind=kind)


def names_no_person(word: str) -> bool:
    """Return whether a word is that of an organisation, a place or an event: "Bank", "Gulf"."""
    return word.casefold() in _ORGANISATIONS | _ORGANS | _PLACES | _EVENTS


def _may_name(part: list[_Token]) -> bool:
    """Whether capitalised words may be those of a person or an organisation."""
    first, last = part[0].folded, part[-1].folded
    if first == _INTERNATIONAL and len(part) > 1:
        # "International Court of Justice"
        return last not in _EVENTS
    if all(token.folded in _ROLES for token in part) or last in _ORGANS:
        return False
    if len(part) == 1 and no_parties().meanings(part[0].text):
        return False
    return first in _ORGANISATIONS or not {first, last} & (_PLACES | _EVENTS)


def _kind(part: list[_Token], *, follows: bool) -> Kind | None:
    """What a name looks like; `follows`: a name on record is before it."""
    ends = {part[0].folded, part[-1].folded}
    if (ends & _ORGANISATIONS or part[0].folded == _INTERNATIONAL) and (len(part) > 1 or follows):
        return "organisation"
    if len(part) == 1 and _TWO_IN_ONE.fullmatch(part[0].text):
        return "organisation"
    if any(token.folded in TITLE_WORDS for token in part[:-1]):
        return "person"
    return "organisation" if len(part) == 1 and _is_acronym(part[0].text) else None


def _is_acronym(word: str) -> bool:
    if word in _NO_ACRONYMS or not word.isupper() or len(word) > 6:
        return False
    return len(word) > 2 or any(letter.isdigit() for letter in word)


def _speaks(text: str, token: _Token) -> bool:
    """Whether a name of one word says something, or has the form of "al-Shabaab"."""
    after = re.match(r" (\w+)", text[token.end : token.end + 40])
    return token.text.startswith(_ARABIC_ARTICLES) or bool(after and is_saying(after[1]))
