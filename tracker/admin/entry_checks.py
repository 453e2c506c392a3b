"""Checks of what is typed at the desk, stricter than the checks of the record."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.domain import likelihood
from tracker.domain.validity import Problem

# The cleaned values of a form; a field that cannot be read is missing.
type CleanedData = Mapping[str, Any]


def problems(claim: CleanedData, citations: Sequence[CleanedData]) -> Iterator[Problem]:
    """Find what is unclear or incomplete in the forms of a claim."""
    if not claim.get("collection"):
        yield unclear("/collection", "say in which collection it is kept")
    yield from _date(claim)
    yield from _hedge(claim)
    yield from _incomplete(claim)
    yield from _of_acts(claim)
    for number, citation in enumerate(citations):
        if not citation.get("document"):
            yield unclear(f"/citations/{number}/document", "say in which document it is")


def unclear(pointer: str, detail: str) -> Problem:
    return Problem(pointer=pointer, code="unclear", detail=detail)


def _date(claim: CleanedData) -> Iterator[Problem]:
    reading = claim.get("occurred")
    if reading is None:
        yield unclear("/occurred", "say when it happened, or write: unknown")
    elif not reading.edtf and claim.get("phrase"):
        yield unclear("/phrase", "an unknown date has no words: put them into the note")


def _hedge(claim: CleanedData) -> Iterator[Problem]:
    hedge = claim.get("hedge", "")
    rule = likelihood.rule_for(hedge)
    if rule and rule.means == "band" and not claim.get("likelihood"):
        yield unclear("/likelihood", f"{hedge!r} means {rule.band}: choose that, or another")
    if rule and rule.means == "assessment" and claim.get("kind") in ("act", "situation"):
        yield unclear("/kind", f"a source that says {hedge!r} makes an assessment")


def _incomplete(claim: CleanedData) -> Iterator[Problem]:
    if claim.get("strength_reason") and not claim.get("strength"):
        yield unclear("/strength", "a reason is given: say which strength it explains")
    if claim.get("magnitude_unit") and claim.get("magnitude_value") is None:
        yield unclear("/magnitude", "a unit is given: say how many of them")


def _of_acts(claim: CleanedData) -> Iterator[Problem]:
    """The form hides these fields of a level, so nothing may be left in them."""
    if claim.get("kind") != "level":
        return
    for field, name in (("strength", "strength"), ("magnitude_value", "amount")):
        if claim.get(field) not in (None, ""):
            yield unclear(f"/{field}", f"a level has no {name}: remove it")
