"""Impacts with quiet defaults, and the short way from them to a score."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tracker.domain.scoring import MODELS
from tracker.domain.scoring.evidence import Impact, Pull, series
from tracker.domain.scoring.moments import Knot, Model, Score, Scorer, State, latest

DAY = date(2022, 3, 1)


def an_id(number: int) -> UUID:
    return UUID(int=number)


def a_day(number: int) -> date:
    """The day `number` days after `DAY`."""
    return DAY + timedelta(days=number)


def an_act(**given: Any) -> Impact:
    """Ash's government backs Birch on day 0, for certain."""
    given = {
        "claim": an_id(1),
        "initiator": "ASH",
        "recipient": "BIR",
        "first": DAY,
        "situation": False,
        "fades": False,
        "value": 5.0,
        "weight": 1.0,
        "sectors": ("government",),
        "code": "plover-2.0/SUPPORT",
        "p": 1.0,
        "roots": (an_id(900),),
        "state_roots": (),
        **given,
    }
    return Impact(**{"last": given["first"], **given})


def a_situation(*, days: int, **given: Any) -> Impact:
    """The same, going on for some days and fading."""
    first = given.get("first", DAY)
    return an_act(
        **{"situation": True, "fades": True, "last": first + timedelta(days=days - 1), **given}
    )


def a_level(value: float, *, sd: float, **given: Any) -> Impact:
    """Somebody assesses the level of Ash and Birch at the close of day 0, for certain."""
    return an_act(**{"claim": an_id(800), "value": value, "sd": sd, "sectors": (), **given})


def bare(day: date, moments: State) -> Knot:
    """A knot without evidence."""
    return Knot(day=day, moments=moments, claims=0, roots=0, state_roots=0, newest=None)


def pulls_of(*impacts: Impact) -> list[Pull]:
    return series(impacts, initiator=None, levels=True)


def a_scorer(name: str, **changed: Any) -> Scorer:
    model = MODELS[name]
    return model.read({**model.defaults, **changed})


def usual(model: Model) -> Scorer:
    return model.read(model.defaults)


def score(scorer: Scorer, pulls: Iterable[Pull], day: date) -> Score:
    return scorer.at(latest(scorer.knots(list(pulls)), day), day)
