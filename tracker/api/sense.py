"""What else is wrong with a body whose shape is: its sense, as far as it can be read.

Each function takes what was sent and the pointers at which its shape is wrong, and gives what is
wrong whatever was meant there, so that one answer names all.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tracker.api.errors import fault_of
from tracker.api.problems import Fault
from tracker.domain import misfits, sayings
from tracker.domain.claims import Citation, Claim
from tracker.operations import drafts, withholding
from tracker.queries import copies

_CLAIM = "/claim"


def of_claim(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    claim, unread = misfits.read(Claim, sent)
    places = [*wrong, *(one.pointer for one in unread)]
    yield from map(fault_of, misfits.certain(drafts.problems(claim), places))


def of_new_claim(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    entered, unread = sayings.read(sent)
    places = [*wrong, *(one.pointer for one in unread)]
    problems = drafts.problems(entered.claim, entered.said_by)
    yield from map(fault_of, misfits.certain(problems, places))


def of_citation(sent: Any, wrong: Collection[str]) -> Iterator[Fault]:
    # Beside it may stand the version that the person saw.
    plain = isinstance(sent, Mapping)
    own = {key: one for key, one in sent.items() if key != "expected_version"} if plain else sent
    citation, unread = misfits.read(Citation, own)
    places = [*wrong, *(one.pointer for one in unread)]
    yield from map(fault_of, misfits.certain(drafts.citation_problems(citation), places))


def of_withholding(position: int) -> Callable[[Any, Collection[str]], Iterator[Fault]]:
    """Look at the number too, of a claim's event."""

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
        yield from map(fault_of, misfits.certain(drafts.reason_problems(given["reason"]), wrong))
