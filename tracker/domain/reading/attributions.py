"""Who says what a sentence says: a party, a source behind the publisher, or only the author; and
what did not happen or is denied."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import speech_cues
from tracker.domain.reading.sides import Named
from tracker.domain.reading.word_lists import listed, pattern
from tracker.domain.speech_cues import Speech, denying_verbs

_CITING = pattern("citing")
_REACH = 60
_POSSESSIVE = frozenset({"his", "her", "its", "their"})


class Attributed(NamedTuple):
    """`speakers`: the parties that may say it, the likeliest first; `words`: "the junta said", from
    `start` to `end` of the sentence. `denies`: they deny it. `sources`: the sources behind the
    publisher, the root last."""

    speakers: tuple[UUID, ...] = ()
    words: str = ""
    denies: bool = False
    sources: tuple[UUID, ...] = ()
    start: int = 0
    end: int = 0

    def covers(self, one: Named) -> bool:
        """Return whether a name is among the words that say who speaks."""
        return self.start <= one.start < self.end


def attributed(
    sentence: str,
    names: Sequence[Named],
    sources: Sequence[Named],
    around: Sequence[UUID] = (),
    before: Sequence[UUID] = (),
) -> Attributed:
    """Return who says what a sentence says.

    `around`: the parties of the text so far, the likeliest speaker first. One of them is meant
    where the speaker is only called a government, a junta or an army. `before`: who acted last,
    whom a pronoun means.
    """
    speeches = tuple(speech_cues.speeches(sentence))
    chain = _chain(sentence, sources, speeches)
    for speech in speeches:
        words = " ".join(speech.speaker)
        span = (speech.start, speech.end)
        if _last_in(span, sources) or speech.speaker[0] == "whose":
            continue
        speaker = _last_in(span, names)
        named = [one.actor for one in names if one.end <= speech.start][:1]
        speakers = (speaker,) if speaker else tuple(_meant(speech.speaker, around, named or before))
        if speakers:
            return Attributed(speakers, f"{words} {speech.verb}", speech.denies, chain, *span)
    return Attributed(sources=chain)


def _last_in(span: tuple[int, int], names: Sequence[Named]) -> UUID | None:
    """The last name among the words before a verb of saying."""
    start, end = span
    return next((one.actor for one in reversed(names) if start <= one.start < end), None)


def _meant(
    speaker: Sequence[str], around: Sequence[UUID], before: Sequence[UUID]
) -> Sequence[UUID]:
    """Who may speak, where no name says it."""
    organ = speech_cues.names_organ(tuple(speaker))
    if speaker[-1].casefold() in listed("pronoun"):
        return tuple(dict.fromkeys((*before, *around)))
    if speaker[0].casefold() in _POSSESSIVE:
        # "Its officials" are those of who acted; "his hosts" are others.
        return before if organ else [one for one in around if one not in before]
    return around if organ else ()


def _chain(sentence: str, sources: Sequence[Named], speeches: Sequence[Speech]) -> tuple[UUID, ...]:
    """The sources that the sentence names as such: first who reports, then whom they cite."""
    cited = [one for one in sources if _is_cited(sentence, one)]
    spoken = {" ".join(speech.speaker) for speech in speeches}
    reporting = [one for one in sources if any(one.text in words for words in spoken)]
    return tuple(dict.fromkeys(one.actor for one in (*reporting, *cited)))


def _is_cited(sentence: str, one: Named) -> bool:
    before = sentence[max(0, one.start - _REACH) : one.start]
    return bool(_CITING.search(before.casefold()))


_JOINED = r"(?:(?:and|but|or|even|only|so|then|yet),? )*"
# "If A attacks", "Should A attack", "Had A attacked".
_BEGINS_CONDITION = re.compile(
    rf"{_JOINED}(?:(?P<if>(?i:if|unless|in case|provided that|as long as))|(?i:whether)"
    r"|(?P<inverted>(?i:should)|Had|Were))\b"
)
_WITHIN_CONDITION = re.compile(r"\b(?:if|unless|whether)\b")

_STORIES = (
    r"(?:claims?|reports?|rumou?rs?|allegations?|accusations?|assertions?|suggestions?|stories|story"
    r"|charges?)"
)
_UNTRUE = (
    r"(?:false|untrue|baseless|unfounded|groundless|unproven|unproved|unconfirmed|wrong|fabricated"
    r"|invented|fake|denied|nonsense|a lie|lies|a myth|a hoax)"
)
_UNBELIEVED = re.compile(
    r"\b(?:neither|nobody|no[ -]one|none of"
    r"|(?:no|little|scant|not any|without) (?:\w+ )?(?:evidence|proof|signs?|indications?)"
    r"|few (?:\w+ )?(?:believe|believed|think|thought)"
    rf"|not (?:true|the case) that|{_UNTRUE} that)\b",
    re.IGNORECASE,
)
# "Paris fears that Rome will …": not "amid fears, Rome …"
_EXPECTED = re.compile(
    r"(?<!mid )(?<!over )(?<!spite )(?<!on )\b"
    r"(?:fear|hope|expect|suspect|worr[iy]e?|believe|think|thought|doubt|dread|imagine|dream)"
    r"(?:e?d|s)?\b[^,;:]*$"
)
_STORY = re.compile(rf"\b{_STORIES} (?:[\w’'-]+ ){{0,3}}?that\b", re.IGNORECASE)
_IS_UNTRUE = re.compile(
    r"\b(?:is|are|was|were|be|been|proved|remain|remained|remains|turned out)"
    rf" (?:\w+ ){{0,2}}?{_UNTRUE}\b"
)

_DENYING = re.compile(
    rf"\b(?:(?P<verb>{'|'.join(denying_verbs())})"
    r"|reject(?:s|ed|ing)?|contest(?:s|ed|ing)?|disput(?:es|ed|ing|e)|brush(?:es|ed|ing)? off)"
    r"(?= (?P<told>having|being|[a-z]+ing|that (?:it|he|she|they|the|its|any|there|[A-Z]\w*))\b"
    rf"|,? (?:[a-z’'-]+ ){{0,3}}?(?P<story>{_STORIES}|involvement|responsibility|wrongdoing|role)\b"
    r"| (?P<it>it|this|that|them all|everything|all)(?:[ ,.;]|$)|(?P<end>[ ,.;]*$))"
)
# These also mean to send away and to turn down.
_ONLY_STORIES = re.compile(r"dismiss|reject|contest|disput|brush")
_ABOUT = re.compile(r" (?:that|of)\b")


class Denying(NamedTuple):
    """A verb of denying in a clause, from `start` to `end`. `content`: what is denied follows;
    otherwise it is what was said before."""

    start: int
    end: int
    content: bool


def is_condition(clause: str) -> bool:
    """Return whether a clause is a condition, or what is asked with "whether"."""
    return _BEGINS_CONDITION.match(clause) is not None


def condition_of(clause: str) -> str:
    """Return the condition that a clause is, without its "if"; empty for other clauses."""
    found = _BEGINS_CONDITION.match(clause)
    if not found or not (found["if"] or found["inverted"]):
        return ""
    word = "if" if found["if"] else "inverted"
    return clause[found.end() if found[word].casefold() == "if" else found.start(word) :].strip(
        " .!"
    )


def is_doubted(clause: str, verb: int) -> bool:
    """Return whether a clause says that nobody believes what it tells, that somebody only expects
    it, or that it is untrue. `verb` is where its act is."""
    if any(one.search(clause, 0, verb) for one in (_WITHIN_CONDITION, _EXPECTED)):
        return True
    if _UNBELIEVED.search(clause):
        return True
    return bool(_STORY.search(clause, 0, verb) and _IS_UNTRUE.search(clause, verb))


def denying(clause: str) -> Denying | None:
    """Return the verb by which somebody denies in a clause. None if there is none, or if it refuses
    something: "denied France access"."""
    for found in _DENYING.finditer(clause):
        if found["story"] or not _ONLY_STORIES.match(found[0]):
            story = bool(found["story"]) and bool(_ABOUT.match(clause, found.end("story")))
            return Denying(found.start(), found.end(), bool(found["told"]) or story)
    return None
