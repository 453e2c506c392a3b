"""The sentence of a claim for readers, always with its speaker, verdict and status."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from tracker.domain.events import VerdictGiven

_STATED_VERDICTS = ("false", "disputed")


class Sentence(NamedTuple):
    """The part of a claim that its printed sentence is made of."""

    summary: str
    polarity: str
    status: str
    verdicts: Sequence[VerdictGiven] = ()


def printed(
    sentence: Sentence, *, speakers: Sequence[str] = (), names: Mapping[UUID, str] | None = None
) -> str:
    """Return a claim's sentence with its speakers and verdicts.

    `speakers` are the names of those who make an embedded claim. `names` has the names of the
    sources that gave verdicts and of the parties that the verdicts concern.
    """
    text = sentence.summary or "[text withheld]"
    if speakers:
        subject = " and ".join(dict.fromkeys(speakers))
        text = f"{subject} {'allege' if len({*speakers}) > 1 else 'alleges'}: {text}"
    if sentence.polarity == "denied":
        text = f"{text} [denied]"
    for verdict in verdicts_in_force(sentence.verdicts):
        if verdict.verdict in _STATED_VERDICTS:
            text = f"{text} [{_verdict_text(verdict, names or {})}]"
    if sentence.status == "retracted":
        text = f"{text} [retracted]"
    return text


def verdicts_in_force(verdicts: Sequence[VerdictGiven]) -> list[VerdictGiven]:
    """Return the last verdict on the whole claim and later verdicts on some parties.

    An unverifiable verdict changes nothing, so earlier verdicts stay in force.
    """
    last: dict[tuple[UUID, ...], VerdictGiven] = {}
    for verdict in verdicts:
        if verdict.verdict == "unverifiable":
            continue
        if not verdict.parties:
            last.clear()
        last[verdict.parties] = verdict
    return list(last.values())


def _verdict_text(verdict: VerdictGiven, names: Mapping[UUID, str]) -> str:
    by = names.get(verdict.source, "a source") if verdict.source else "the desk"
    of = " and ".join(names.get(party, "a party") for party in verdict.parties)
    return f"judged {verdict.verdict}{f' of {of}' if of else ''} by {by}"
