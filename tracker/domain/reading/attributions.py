"""Who says what a sentence says: a party, a source behind the publisher, or only the author."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain import speech_cues
from tracker.domain.reading.sides import Named
from tracker.domain.reading.word_lists import listed, pattern
from tracker.domain.speech_cues import Speech

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
