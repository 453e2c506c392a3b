"""Semantic checks of a body whose structure is invalid, as far as it can be parsed.

Each function takes the body and the pointers that are invalid, and returns further faults that do
not depend on those, so that one response names all of them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tracker.api.errors import fault_of
from tracker.api.problems import Fault
from tracker.domain import attribution, misfits
from tracker.domain.claims import Citation, Claim
from tracker.operations import entries, withholding
from tracker.queries.claims import copies

_CLAIM = "/claim"


def of_claim(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    claim, unread = misfits.read(Claim, sent)
    places = [*wrong, *(one.pointer for one in unread)]
    yield from map(fault_of, misfits.certain(entries.problems(claim), places))


def of_new_claim(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    entered, unread = attribution.read(sent)
    places = [*wrong, *(one.pointer for one in unread)]
    problems = entries.problems(entered.claim, entered.said_by)
    yield from map(fault_of, misfits.certain(problems, places))


def of_citation(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    # The body may also have the version that was read.
    plain = isinstance(sent, Mapping)
    own = {key: one for key, one in sent.items() if key != "expected_version"} if plain else sent
    citation, unread = misfits.read(Citation, own)
    places = [*wrong, *(one.pointer for one in unread)]
    yield from map(fault_of, misfits.certain(entries.citation_problems(citation), places))


def of_withholding(position: int) -> Callable[[Any, Collection[str]], Iterator[Fault]]:
    """For an event of a claim, check the number too."""

    def faults(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
        record = copies.at(position)
        if record and record.claim and isinstance(sent, Mapping) and "/number" not in wrong:
            yield from map(fault_of, withholding.number_problems(record, sent.get("number")))

    return faults


def of_correction(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    given = sent if isinstance(sent, Mapping) else {}
    if isinstance(given.get("claim"), dict):
        inside = [one.removeprefix(_CLAIM) for one in wrong if one.startswith(_CLAIM)]
        for one in of_claim(given["claim"], inside):
            yield replace(one, pointer=_CLAIM + one.pointer)
    if isinstance(given.get("reason"), str):
        yield from map(fault_of, misfits.certain(entries.reason_problems(given["reason"]), wrong))
