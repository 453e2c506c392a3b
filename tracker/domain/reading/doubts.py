"""What a clause does not say to have happened: conditions, questions, what nobody believes, and
what somebody denies. English only, by a few patterns of words.
"""

import re
from typing import NamedTuple

from tracker.domain.speech_cues import denying_verbs

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
