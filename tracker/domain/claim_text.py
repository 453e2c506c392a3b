"""The sentence of a claim for readers, always with its speaker, verdict and status."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tracker.domain.events import VerdictGiven
from tracker.domain.state import ClaimState

_STATED_VERDICTS = ("false", "disputed")


def printed(
    state: ClaimState, *, speakers: Sequence[str] = (), names: Mapping[UUID, str] | None = None
) -> str:
    """Return a claim's sentence with its speakers and verdicts.

    `speakers` are the names of those who make an embedded claim. `names` has the names of the
    sources that gave verdicts and of the parties that the verdicts concern.
    """
    sentence = state.claim.summary or "[text withheld]"
    if speakers:
        subject = " and ".join(dict.fromkeys(speakers))
        sentence = f"{subject} {'allege' if len({*speakers}) > 1 else 'alleges'}: {sentence}"
    if state.claim.polarity == "denied":
        sentence = f"{sentence} [denied]"
    for verdict in _in_force(state):
        if verdict.verdict in _STATED_VERDICTS:
            sentence = f"{sentence} [{_verdict_text(verdict, names or {})}]"
    if state.status == "retracted":
        sentence = f"{sentence} [retracted]"
    return sentence


def _in_force(state: ClaimState) -> list[VerdictGiven]:
    """Return the last verdict on the whole claim and later verdicts on some parties.

    An unverifiable verdict changes nothing, so earlier verdicts stay in force.
    """
    verdicts: dict[tuple[UUID, ...], VerdictGiven] = {}
    for verdict in state.verdicts:
        if verdict.verdict == "unverifiable":
            continue
        if not verdict.parties:
            verdicts.clear()
        verdicts[verdict.parties] = verdict
    return list(verdicts.values())


def _verdict_text(verdict: VerdictGiven, names: Mapping[UUID, str]) -> str:
    by = names.get(verdict.source, "a source") if verdict.source else "the desk"
    of = " and ".join(names.get(party, "a party") for party in verdict.parties)
    return f"judged {verdict.verdict}{f' of {of}' if of else ''} by {by}"
