"""As of a position the API answers what the pure domain makes of the log cut there, bit for bit,
whatever is written later."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.kit.builders import AT, BY, Desk, a_lens
from tests.kit.models import FIRST as MODELS
from tests.kit.random_days import FIRST, Days, days_at
from tracker import log
from tracker.domain.lenses import Bloc, Lens, directions
from tracker.domain.scoring import moments
from tracker.operations import lenses
from tracker.queries.evidence.refold import refold

pytestmark = pytest.mark.django_db

PAIRS = ("CHN-KAZ", "CHN-RUS", "KAZ-RUS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the score of a direction was on a day under a lens, as known at a position."""

    pair: str
    direction: str
    lens: str
    day: date
    position: int

    def asked(self) -> dict[str, Any]:
        return {
            "lens": self.lens,
            "direction": self.direction,
            "from": self.day,
            "to": self.day,
            "as_of": self.position,
        }


def theirs(desk: Desk) -> Lens:
    """What governments did, by sources that no state owns, from an anchor in two of the series."""
    anchors = [
        {"series": series, "day": "2021-06-01", "level": level, "citation": "An expert"}
        for series, level in (("KAZ-RUS", "4"), ("RUS>CHN", "-2.5"))
    ]
    return a_lens(
        name="theirs",
        view=replace(desk.view, bloc=Bloc(ownerships=("state",), rule="except")),
        sectors=("government",),
        parameters={**a_lens().parameters, "anchors": anchors, "share_day": True},
    )


def questions(days: Days, number: int, *, since: int) -> Iterator[Question]:
    end = log.head().position
    for _ in range(number):
        pair = days.die.choice(PAIRS)
        yield Question(
            pair=pair,
            direction=days.die.choice(directions(pair)),
            lens=days.die.choice((*sorted(MODELS), "theirs")),
            day=FIRST + timedelta(days=days.die.randrange(1_100)),
            position=days.die.randint(since, end),
        )


def answer(api, question: Question) -> dict[str, Any]:
    found = api.get(f"pairs/{question.pair}/scores/", **question.asked())
    assert found["as_of"] == found["scored_through"] == question.position
    (score,) = found["scores"]
    return score


def replayed(days: Days, question: Question) -> dict[str, Any]:
    """The same from the log cut at the position, by the pure domain alone."""
    anew = refold(
        theirs(days.desk).view if question.lens == "theirs" else days.desk.view,
        position=question.position,
    )
    assert anew.failed == set()
    (lens,) = (one for one in anew.lenses if one.lens.name == question.lens)
    known = anew.impacts.get(question.pair, [])
    scorer = lens.scorer(question.direction)
    knots = scorer.knots(lens.pulls(known, question.direction))
    knot = moments.latest(knots, question.day)
    score = scorer.at(knot, question.day)
    return {
        "value": score.value,
        "sd": score.sd,
        "low": score.low,
        "high": score.high,
        "band": score.band,
        "claims": knot.claims if knot else 0,
        "roots": knot.roots if knot else 0,
        "state_roots": knot.state_roots if knot else 0,
    }


def agree(api, desk, *, deeds: int, asked: int, later: int) -> None:
    lenses.define_lens(theirs(desk), at=AT, by=BY)
    days = days_at(desk, seed=deeds)
    begun = log.head().position
    days.go_by(deeds)
    wanted = list(questions(days, asked, since=begun))
    before = [answer(api, one) for one in wanted]
    expected = [replayed(days, one) for one in wanted]
    for given, right in zip(before, expected, strict=True):
        # JSON writes the shortest digits that read back as the same float
        assert {name: given[name] for name in right} == right
    assert sum(one["claims"] > 0 for one in before) > asked / 3
    days.go_by(later)
    assert [answer(api, one) for one in wanted] == before


class TestAHistory:
    @pytest.mark.parametrize(
        ("deeds", "asked", "later"),
        [(60, 10, 30), pytest.param(500, 40, 300, marks=pytest.mark.long)],
    )
    def test_is_answered_as_the_log_cut_there_before_and_after_more_is_written(
        self, api, desk, deeds, asked, later
    ):
        agree(api, desk, deeds=deeds, asked=asked, later=later)
