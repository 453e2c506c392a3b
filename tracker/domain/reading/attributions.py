"""Who says what a sentence says: a party, a source behind the publisher, or only the author."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import speech_cues
from tracker.domain.reading.sides import Named
from tracker.domain.reading.word_lists import listed, pattern

_CITING = pattern("citing")
_REACH = 60


class Attributed(NamedTuple):
    """`speakers`: the parties that may say it, the likeliest first; `words`: "the junta said".
    `denies`: they deny it. `sources`: the sources behind the publisher, the root last."""

    speakers: tuple[UUID, ...] = ()
    words: str = ""
    denies: bool = False
    sources: tuple[UUID, ...] = ()


def attributed(
    sentence: str, names: Sequence[Named], sources: Sequence[Named], around: Sequence[UUID]
) -> Attributed:
    """Return who says what a sentence says.

    `around`: the parties of the text so far, the likeliest speaker first. One of them is meant
    where the speaker is only called a government, a junta or an army.
    """
    chain = _chain(sentence, sources)
    for speech in speech_cues.speeches(sentence):
        words = " ".join(speech.speaker)
        said = f"{words} {speech.verb}"
        if _one_in(words, sources):
            continue
        if speaker := _one_in(words, names):
            return Attributed((speaker,), said, speech.denies, chain)
        if speech_cues.names_organ(speech.speaker) or _is_pronoun(speech.speaker):
            return Attributed(tuple(around), said, speech.denies, chain)
    return Attributed(sources=chain)


def _one_in(words: str, names: Sequence[Named]) -> UUID | None:
    """The last name among the words before a verb of saying."""
    return next((one.actor for one in reversed(names) if one.text in words), None)


def _is_pronoun(speaker: tuple[str, ...]) -> bool:
    return bool(speaker) and speaker[-1].casefold() in listed("pronoun")


def _chain(sentence: str, sources: Sequence[Named]) -> tuple[UUID, ...]:
    """The sources that the sentence names as such: first who reports, then whom they cite."""
    cited = [one for one in sources if _is_cited(sentence, one)]
    spoken = {" ".join(speech.speaker) for speech in speech_cues.speeches(sentence)}
    reporting = [one for one in sources if any(one.text in words for words in spoken)]
    return tuple(dict.fromkeys(one.actor for one in (*reporting, *cited)))


def _is_cited(sentence: str, one: Named) -> bool:
    return bool(_CITING.search(sentence[max(0, one.start - _REACH) : one.start].casefold()))
