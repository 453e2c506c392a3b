"""Pulls of a pair, the models that fold them, and histories that hypothesis may make up."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tracker.domain.scoring import level
from tracker.domain.scoring.evidence import Pull
from tracker.domain.scoring.level import DEFAULTS, Level

USUAL = level.read(DEFAULTS)


def still_parameters(**steps: str) -> dict[str, Any]:
    """Parameters of a level on which nothing happens unreported, that starts at 0, and whose steps
    are the same in all worlds: those by default, but for some given by class ("violence")."""
    changed = {name.replace("_", " "): step for name, step in steps.items()}
    quiet = {"drift": "0", "unknown": "0", "vary": "1"}
    return {**DEFAULTS, **quiet, "steps": {**DEFAULTS["steps"], **changed}}


def still(**steps: str) -> Level:
    """The level that has them."""
    return level.read(still_parameters(**steps))


CODES = {
    "agree": "plover-2.0/AGREE",
    "aid": "plover-2.0/AID",
    "accuse": "plover-2.0/ACCUSE",
    "sanction": "plover-2.0/SANCTION",
    "assault": "plover-2.0/ASSAULT",
}
BEGIN = date(2000, 1, 1)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def act(
    number: int, kind: str, on: str | int, *, p: float = 1.0, root: int = 1, weight: float = 1.0
) -> Pull:
    at = day(on) if isinstance(on, str) else on
    return Pull(
        claim=UUID(int=number),
        first=at,
        last=at,
        situation=False,
        fades=True,
        value=0.0,
        weight=weight,
        p=p,
        roots=(UUID(int=root),),
        state_roots=(),
        code=CODES[kind],
    )


def war(number: int, since: str, until: str, **given: Any) -> Pull:
    pull = act(number, "assault", since, **given)
    return pull._replace(last=day(until), situation=True, fades=False)


def assessed(number: int, on: str | int, value: float, sd: float, **given: Any) -> Pull:
    return act(number, "agree", on, **given)._replace(value=value, sd=sd, code="")


ACTS = st.builds(
    act,
    st.integers(1, 10_000),
    st.sampled_from([*CODES]),
    st.integers(0, 400).map(lambda n: BEGIN.toordinal() + 13 * n),
    p=st.sampled_from([0.3, 0.65, 0.97]),
    root=st.integers(1, 3),
)
LEVELS = st.builds(
    assessed,
    st.integers(10_001, 20_000),
    st.integers(0, 400).map(lambda n: BEGIN.toordinal() + 13 * n),
    st.sampled_from([-8.0, -3.0, 0.0, 5.0]),
    st.sampled_from([0.3, 1.0, 2.5]),
    p=st.sampled_from([0.3, 0.65, 0.97]),
    root=st.integers(1, 3),
)
WARS = st.builds(
    lambda one, days: one._replace(last=one.first + days, situation=True, fades=False),
    ACTS.map(lambda one: one._replace(code=CODES["assault"])),
    st.integers(0, 400),
)
HISTORIES = st.lists(
    st.one_of(ACTS, ACTS, ACTS, LEVELS, LEVELS, WARS),
    max_size=12,
    unique_by=lambda one: one.claim,
)
