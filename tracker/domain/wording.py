"""How a claim is printed: never an embedded, disputed or false one without speaker and verdict."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tracker.domain.events import VerdictGiven
from tracker.domain.folding import ClaimState


def printed(
    state: ClaimState, *, speakers: Sequence[str] = (), judges: Mapping[UUID, str] | None = None
) -> str:
    """Give a claim's sentence with who says it and how it was judged, where that must be said.

    `speakers` are the names of those who say an embedded claim; `judges` those of the sources
    that gave verdicts.
    """
    sentence = state.claim.summary or "[text withheld]"
    if speakers:
        names = " and ".join(dict.fromkeys(speakers))
        sentence = f"{names} {'allege' if len({*speakers}) > 1 else 'alleges'}: {sentence}"
    if state.claim.polarity == "denied":
        sentence = f"{sentence} [denied]"
    verdicts = [one for one in state.verdicts if not one.parties]
    if verdicts and verdicts[-1].verdict in ("false", "disputed"):
        sentence = f"{sentence} [{_judged(verdicts[-1], judges or {})}]"
    if state.status == "retracted":
        sentence = f"{sentence} [retracted]"
    return sentence


def _judged(verdict: VerdictGiven, judges: Mapping[UUID, str]) -> str:
    by = judges.get(verdict.source, "a source") if verdict.source else "the desk"
    return f"judged {verdict.verdict} by {by}"
