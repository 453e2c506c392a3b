"""A score that can be cited: one file that holds it with everything that it follows from.

Whoever has the file and the key of the log verifies by `tools/verify.py` that its events are in the
log, and recomputes the score from them by the published method. Needs no Django and no pydantic.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from tracker.domain import codec, stored_records
from tracker.domain.events import decode
from tracker.domain.proofs.refusals import Reason, Refused
from tracker.domain.recomputing import Answer, Question, recompute
from tracker.domain.state import Entry

FORMAT: Literal["entente-score-1"] = "entente-score-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedEvent:
    """An event as a line of the download of the log, and its nonce in hex digits."""

    line: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedClaim:
    """A claim that the series has, and what it contributes on the day; empty for nothing."""

    claim: UUID
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedScore:
    """A score and what it follows from. Numbers are texts: the shortest that give the same 64-bit
    number. A flow has no `sd`, `low` and `high`. Hashes are in hex digits.

    `root_hash` is that of the first `as_of` events, and `consistency` leads from there to the
    `checkpoint`. `inclusion` leads from all `events` together to the root of the checkpoint.
    """

    format: Literal["entente-score-1"]
    pair: str
    direction: str
    lens: str
    lens_id: UUID
    day: date
    as_of: int
    value: str
    sd: str = ""
    low: str = ""
    high: str = ""
    start: str
    drift: str
    claims: tuple[CitedClaim, ...]
    events: tuple[CitedEvent, ...]
    root_hash: str
    consistency: tuple[str, ...]
    inclusion: tuple[str, ...]
    checkpoint: str


def write(cited: CitedScore) -> str:
    """The file: canonical JSON (RFC 8785)."""
    return codec.texts(cited)[2]


def parse(text: str) -> CitedScore:
    """
    :raises Refused: it is no such file, or not in its one form.
    """
    try:
        cited = stored_records.build(CitedScore, json.loads(text))
        is_canonical = write(cited) == text
    except (ValueError, RecursionError) as problem:
        raise Refused(Reason.MALFORMED, f"this is not a score of Entente: {problem}") from None
    if not is_canonical:
        raise Refused(Reason.MALFORMED, "the file is not in canonical form")
    return cited


def figures(answer: Answer, claims: Sequence[UUID]) -> dict[str, Any]:
    """The fields of a file that a score gives."""
    score, explanation = answer.score, answer.explanation
    amounts = {part.claim: repr(part.amount) for part in explanation.parts}
    return {
        "lens": answer.lens.label,
        "value": repr(score.value),
        "sd": _number(score.sd),
        "low": _number(score.low),
        "high": _number(score.high),
        "start": repr(explanation.start),
        "drift": repr(explanation.drift),
        "claims": tuple(CitedClaim(claim=claim, amount=amounts.get(claim, "")) for claim in claims),
    }


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def check(text: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Compute the score of a file again from its events, whose place in the log was verified.

    :raises Refused: the file is not in its one form, or the events give another score.
    """
    _check_figures(parse(text), events)


def _check_figures(cited: CitedScore, events: Iterable[Mapping[str, Any]]) -> None:
    """Compute the score again, and compare."""
    claims = [one.claim for one in cited.claims]
    if claims != sorted(set(claims)):
        raise Refused(Reason.MALFORMED, "the claims are not in the order of their ids")
    try:
        question = Question(
            lens=cited.lens_id,
            version=int(cited.lens.rpartition("@")[2]),
            direction=cited.direction,
            day=cited.day,
            position=cited.as_of,
            claims=claims,
        )
        answer = recompute(question, [_entry(event) for event in events])
        found = {"pair": question.pair, **figures(answer, claims)}
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as problem:
        raise Refused(Reason.SCORE, f"the events give no score: {problem}") from None
    for name, value in found.items():
        stated = getattr(cited, name)
        if stated != value:
            shown = "" if name == "claims" else f": {value}, not {stated}"
            raise Refused(Reason.SCORE, f"the events give another {name}{shown}")


def _entry(event: Mapping[str, Any]) -> Entry:
    decoded = decode(event["kind"], event["schema"], event["body"], build=stored_records.build)
    return Entry(UUID(event["stream"]), event["position"], decoded)
