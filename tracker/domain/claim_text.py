"""How a claim is printed: never an embedded, disputed or false one without speaker and verdict."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tracker.domain.events import VerdictGiven
from tracker.domain.state import ClaimState

_MUST_BE_SAID = ("false", "disputed")


def printed(
    state: ClaimState, *, speakers: Sequence[str] = (), names: Mapping[UUID, str] | None = None
) -> str:
    """Give a claim's sentence with who says it and how it was judged, where that must be said.

    `speakers` are the names of those who say an embedded claim; `names` those of the sources
    that gave verdicts and of the parties that the verdicts are about.
    """
    sentence = state.claim.summary or "[text withheld]"
    if speakers:
        said_by = " and ".join(dict.fromkeys(speakers))
        sentence = f"{said_by} {'allege' if len({*speakers}) > 1 else 'alleges'}: {sentence}"
    if state.claim.polarity == "denied":
        sentence = f"{sentence} [denied]"
    for verdict in _in_force(state):
        if verdict.verdict in _MUST_BE_SAID:
            sentence = f"{sentence} [{_judged(verdict, names or {})}]"
    if state.status == "retracted":
        sentence = f"{sentence} [retracted]"
    return sentence


def _in_force(state: ClaimState) -> list[VerdictGiven]:
    """The last verdict on the whole, and those for some parties that came after it.

    One that leaves a claim as it is (unverifiable) leaves the earlier ones too.
    """
    found: dict[tuple[UUID, ...], VerdictGiven] = {}
    for one in state.verdicts:
        if one.verdict == "unverifiable":
            continue
        if not one.parties:
            found.clear()
        found[one.parties] = one
    return list(found.values())


def _judged(verdict: VerdictGiven, names: Mapping[UUID, str]) -> str:
    by = names.get(verdict.source, "a source") if verdict.source else "the desk"
    of = " and ".join(names.get(one, "a party") for one in verdict.parties)
    return f"judged {verdict.verdict}{f' of {of}' if of else ''} by {by}"
