"""The logs of the benchmarks, each a clone of a template: empty, small, or of N claims.

Two thousand claims are entered by the operation for users; the rest are copies of them (see
`copies`). An audit checks the copies: all of the small log, a sample of the large one. Then all
tables are vacuumed and analysed, as autovacuum would do later. A pair has about ninety claims in a
log of any length, except the big pair: it has a tenth of the large log.
"""

import itertools
import math
import random
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management import call_command
from pydantic import TypeAdapter

from benchmarks import copies, records, templates
from benchmarks.figures import stage
from benchmarks.records import BY, Countries, Records
from benchmarks.templates import Template
from tracker.domain.lenses import View
from tracker.operations import claims
from tracker.projections import disclosure, impacts, scores, shifts
from tracker.projections.audit import audit

# The claims of the small log, of the measured pair, and those that are copied.
SMALL = 10_000
MEASURED = 90
ENTERED = 2_000
CLAIMS_OF_A_PAIR = 90


class WrongResult(RuntimeError):
    """A result of the product is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The records, and groups of countries with claims only inside the group: a pair to measure, a
    pair with very many claims, and two groups for the other claims."""

    records: Records
    view: View
    measured: Countries
    few: Countries
    big: Countries = field(default_factory=dict)
    many: Countries = field(default_factory=dict)


_LOGS = TypeAdapter(Log)


@contextmanager
def empty() -> Iterator[str]:
    """A database with tables and no events. Yields its address."""
    with templates.clone(_tables()) as url:
        yield url


@contextmanager
def small(claims: int) -> Iterator[tuple[str, Log]]:
    """The log from which that of `claims` was made. Yields its address and its contents."""
    with _clone(_small(claims)) as made:
        yield made


@contextmanager
def large(claims: int) -> Iterator[tuple[str, Log]]:
    """The log of so many claims. Yields its address and its contents."""
    with _clone(_large(claims)) as made:
        yield made


@contextmanager
def _clone(template: Template) -> Iterator[tuple[str, Log]]:
    with templates.clone(template) as url:
        yield url, _LOGS.validate_python(template.facts)


def _tables() -> Template:
    return templates.template("tables", lambda: call_command("migrate", verbosity=0))


def _small(claims: int) -> Template:
    size = min(SMALL, claims // 2)

    def make() -> Any:
        measured, entered = (min(most, size // 3) for most in (MEASURED, ENTERED))
        log = begin(_countries("X", size))
        with stage(f"enter {measured + entered} claims"):
            enter(log, log.measured, times=measured)
            copies.prepare(enter(log, log.few, times=entered), log.view)
        with stage(f"copy up to {size} claims"):
            copies.fill(log.few, log.view, times=size - measured - entered)
        _finish(log, sample=None)
        return _LOGS.dump_python(log, mode="json")

    return templates.template(f"small_{size}", make, base=_tables())


def _large(claims: int) -> Template:
    base = _small(claims)

    def make() -> Any:
        more = claims - min(SMALL, claims // 2)
        log = replace(
            _LOGS.validate_python(base.facts),
            big=records.record_states(["ZAA", "ZAB"]),
            many=records.record_states(_countries("Y", more)),
        )
        _follow()
        with stage(f"copy up to {claims} claims"):
            copies.fill(log.big, log.view, times=claims // 10)
            copies.fill(log.many, log.view, times=more - claims // 10)
            copies.end()
        _finish(log, sample=20)
        return _LOGS.dump_python(log, mode="json")

    return templates.template(f"large_{claims}", make, base=base)


def begin(few: list[str]) -> Log:
    """Record what the claims refer to, and a lens."""
    made = records.record_all()
    states = dict(zip(records.STATES, made.states, strict=True))
    return Log(
        records=made,
        view=records.define_lens("standing", made.collection),
        measured={code: states[code] for code in ("CHN", "RUS")},
        few=records.record_states(few),
    )


def enter(log: Log, among: Countries, *, times: int) -> list[UUID]:
    """Record claims by the operation for users, and score them."""
    draw = random.Random(times)
    entered = [
        claims.assert_claim(
            records.claim_about(log.records, among, draw=draw), at=datetime.now(UTC), by=BY
        ).stream
        for _ in range(times)
    ]
    _follow()
    scores.recompute_all(at=datetime.now(UTC))
    return entered


def _follow() -> None:
    disclosure.follow_all()
    impacts.follow_all()


def _countries(letter: str, number: int) -> list[str]:
    """The codes of as many countries as have about ninety claims per pair."""
    pairs = number / CLAIMS_OF_A_PAIR
    countries = max(3, round((1 + math.sqrt(1 + 8 * pairs)) / 2))
    letters = itertools.product(string.ascii_uppercase, repeat=2)
    return [letter + "".join(two) for two in itertools.islice(letters, countries)]


def _finish(log: Log, *, sample: int | None) -> None:
    with stage("score"):
        copies.score(log.view)
    with stage("find shifts"):
        shifts.find(today=datetime.now(UTC).date())
    with stage("vacuum and analyse"):
        copies.vacuum()
    with stage("audit"):
        if differing := audit(at=datetime.now(UTC), sample=sample):
            raise WrongResult(f"the copies are not what the pipeline writes: {differing[:5]}")
