"""The sentence that is proposed as the summary of a draft, from its structure."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID

from tracker.domain import codebooks
from tracker.domain.claims import Claim
from tracker.domain.codes import PLOVER
from tracker.domain.facts import rows
from tracker.domain.fields import limit
from tracker.wording import capitalised, listed, with_article

# Which column of the table of phrases is meant, by whether there are recipients, and whether the
# initiators act together.
_TOWARDS, _ALONE, _TOGETHER = "towards", "alone", "together"


def summary(claim: Claim, names: Mapping[UUID, str]) -> str:
    """Return the sentence: "Russia stopped or cut trade or cooperation with Kazakhstan."

    `names` are the printed names of the claim's actors. Without enough structure it is empty.
    """
    said = _sentence(claim, names)
    longest = limit(Claim, "summary").longest
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


def _sentence(claim: Claim, names: Mapping[UUID, str]) -> str:
    initiators = _listed(claim.actors("initiator"), names)
    recipients = _listed(claim.actors("recipient"), names)
    phrase = _phrase(claim)
    if not initiators or not phrase:
        return ""
    if claim.polarity == "denied":
        said = f"it is denied that {initiators} {phrase}"
    elif claim.modality == "announced":
        said = f"{initiators} announced that it will {_to_come(phrase)}"
    elif claim.modality == "conditional":
        said = f"{initiators} will {_to_come(phrase)} on a condition"
    else:
        said = f"{initiators} {phrase}"
    return f"{capitalised(said.replace('{B}', recipients))}."


def _to_come(phrase: str) -> str:
    """The phrase without its past tense: "sanctioned {B}" becomes "sanction {B}"."""
    return " ".join(_base_forms().get(word, word) for word in phrase.split())


def _phrase(claim: Claim) -> str:
    """The words of the code; empty without a code of the first codebook."""
    if not claim.code:
        return ""
    try:
        code = codebooks.find(claim.code)
    except codebooks.UnknownCode:
        return ""
    phrases = _phrases().get(code.plover) or {}
    if claim.actors("recipient"):
        return phrases.get(_TOWARDS, "")
    return phrases.get(_TOGETHER if len(claim.actors("initiator")) > 1 else _ALONE, "")


def _listed(actors: tuple[UUID, ...], names: Mapping[UUID, str]) -> str:
    return listed([with_article(names.get(actor, "somebody")) for actor in actors])


@cache
def _phrases() -> dict[str, dict[str, str]]:
    """The phrases of each code of PLOVER: `fixtures/reference/plover_phrases.csv`."""
    return {
        "/".join(filter(None, (PLOVER, row["event"], row["mode"]))): row
        for row in rows("plover_phrases")
    }


@cache
def _base_forms() -> dict[str, str]:
    """The base forms of the verbs in the phrases: `fixtures/reference/past_forms.csv`."""
    return {row["past"]: row["base"] for row in rows("past_forms")}
