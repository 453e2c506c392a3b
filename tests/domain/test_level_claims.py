"""Claims of a level: what they need, and what they become in a view."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.kit.claim_checks import FORECAST, of
from tests.kit.domain_builders import (
    World,
    a_citation,
    a_claim_state,
    a_document,
    a_verdict,
    an_id,
    owned_by,
    somebody,
    speaks_for,
)
from tests.kit.tables import each
from tracker.domain import validity
from tracker.domain.claims import Level
from tracker.domain.impacts import Evaluation
from tracker.domain.levels import RUNGS
from tracker.domain.state import ClaimState

WORLD = World(actors={"minister": somebody(speaks_for("KAZ"))})
ASSESSED = Level(value=Decimal("4.5"), sd=Decimal("1.5"))


def a_level(**given: Any) -> dict[str, Any]:
    """The fields of a claim that puts the level of Kazakhstan and Russia at 4.5 ± 1.5."""
    return {
        "ends": ">",
        "about": "RUS KAZ",
        "kind": "level",
        "code": None,
        "when": "2021-12-31",
        "level": ASSESSED,
        **given,
    }


def a_state(**given: Any) -> ClaimState:
    return a_claim_state(**a_level(**given))


def evaluation(state: ClaimState, world: World = WORLD, **around: Any) -> Evaluation:
    return world.evaluate(state, **around)


def why_none(state: ClaimState, world: World = WORLD) -> str:
    found = evaluation(state, world)
    assert found.impacts == ()
    return found.silent_because


class TestAClaim:
    def test_may_give_a_number_with_its_sd(self):
        assert of(**a_level()) == []

    @each("rung", RUNGS)
    def test_may_name_a_rung(self, rung):
        assert of(**a_level(level=Level(rung=rung))) == []

    @each(
        ("level", "problems"),
        [
            (None, [("/level", "required")]),
            (Level(), [("/level/value", "required"), ("/level/sd", "required")]),
            (Level(value=Decimal(1)), [("/level/sd", "required")]),
            (Level(sd=Decimal(1)), [("/level/value", "required")]),
            (Level(value=Decimal("9.1"), sd=Decimal(1)), [("/level/value", "invalid")]),
            (Level(value=Decimal("-9.1"), sd=Decimal(1)), [("/level/value", "invalid")]),
            (Level(value=Decimal(9), sd=Decimal("0.1")), []),
            (Level(value=Decimal(-9), sd=Decimal(9)), []),
            (Level(value=Decimal(1), sd=Decimal("0.09")), [("/level/sd", "invalid")]),
            (Level(value=Decimal(1), sd=Decimal("9.1")), [("/level/sd", "invalid")]),
            (Level(rung="structural-1/cold-war"), [("/level/rung", "unknown")]),
            (Level(rung="structural-1/pact", sd=Decimal(1)), [("/level", "invalid")]),
            (Level(rung="structural-1/pact", value=Decimal(3)), [("/level", "invalid")]),
        ],
    )
    def test_needs_a_number_on_the_scale_with_an_sd_or_a_rung(self, level, problems):
        assert of(**a_level(level=level)) == problems

    @each(
        ("changed", "pointer", "code"),
        [
            ({"about": "RUS"}, "/parties", "invalid"),
            ({"about": "RUS KAZ CHN"}, "/parties", "invalid"),
            ({"affected": "CHN"}, "/parties", "invalid"),
            ({"ends": "RUS>KAZ", "about": ""}, "/parties", "invalid"),
            ({"when": None}, "/occurred", "required"),
            ({"when": "2021-12-31/.."}, "/occurred/edtf", "bad_date"),
            ({"when": "../2021-12-31"}, "/occurred/edtf", "bad_date"),
            ({"when": "soon"}, "/occurred/edtf", "bad_date"),
            ({"code": "CONSULT/visit"}, "/code", "invalid"),
            ({"polarity": "denied"}, "/polarity", "invalid"),
            ({"modality": "announced"}, "/polarity", "invalid"),
        ],
    )
    def test_is_of_two_countries_on_a_day_and_nobody_acts(self, changed, pointer, code):
        assert (pointer, code) in of(**a_level(**changed))

    def test_is_of_countries_only(self):
        claim = a_state().claim
        kinds = {an_id("RUS"): "person", an_id("KAZ"): "state"}

        [problem] = validity.level_party_problems(claim, kinds)

        assert (problem.pointer, problem.code) == ("/parties/0", "no_country")
        assert problem.detail.endswith("the kind of this party is person")
        assert not [*validity.level_party_problems(claim, {})]
        assert not [*validity.level_party_problems(replace(claim, kind="assessment"), kinds)]

    @pytest.mark.parametrize("kind", ["act", "situation", "measure", "assessment"])
    def test_of_another_kind_has_none(self, kind):
        assert ("/level", "invalid") in of(kind=kind, level=ASSESSED)

    def test_of_a_forecast_has_none(self):
        assert ("/level", "invalid") in of(level=ASSESSED, **FORECAST)


class TestAnImpact:
    def test_is_the_assessed_level_in_both_directions(self):
        """A newsletter graded C: .65."""
        there, back = evaluation(a_state()).impacts

        assert (there.initiator, there.recipient) == ("KAZ", "RUS")
        assert back == there._replace(initiator="RUS", recipient="KAZ")
        assert (there.value, there.sd, there.p) == (4.5, 1.5, 0.65)
        assert there.first == there.last == date(2021, 12, 31)
        assert (there.situation, there.fades, there.sectors, there.code) == (False, False, (), "")
        assert there.roots == (an_id("newsletter"),)

    def test_has_the_numbers_of_a_rung(self):
        there, _ = evaluation(a_state(level=Level(rung="structural-1/lesser-rivalry"))).impacts

        assert (there.value, there.sd) == (-2, 2.5)

    def test_names_the_roots_that_a_state_owns(self):
        world = replace(WORLD, sources={"outlet": owned_by("RUS", "B")})
        world = replace(world, documents={"article": a_document("outlet")})

        there, _ = evaluation(a_state(), world).impacts

        assert there.state_roots == there.roots == (an_id("outlet"),)

    @each(
        ("when", "day"),
        [
            ("2021-12-31", "2021-12-31"),
            ("2021", "2021-12-31"),
            ("2021-06", "2021-06-30"),
            # The article is of 24 May 2022. Nothing applies before its date begins.
            ("2022", "2022-05-24"),
            ("2022-05", "2022-05-24"),
            ("2022-06", "2022-06-01"),
        ],
    )
    def test_applies_at_the_close_of_its_last_day_or_when_its_document_says_so(self, when, day):
        there, _ = evaluation(a_state(when=when)).impacts

        assert there.first == there.last == date.fromisoformat(day)

    @pytest.mark.parametrize("verdict", ["confirmed", "disputed"])
    def test_has_the_p_of_a_verdict(self, verdict):
        there, _ = evaluation(a_state(verdicts=[a_verdict(verdict)])).impacts

        assert there.p == {"confirmed": 0.99, "disputed": 0.5}[verdict]


class TestNoImpact:
    def test_comes_of_a_retraction(self):
        assert why_none(a_state(status="retracted")) == "it is retracted"

    def test_comes_of_an_open_or_wide_date(self):
        assert why_none(a_state(when="2021/..")) == "the day of its level is unknown"
        assert why_none(a_state(when=None)) == "the day of its level is unknown"
        assert why_none(a_state(when="2019/2021")) == "its dates span more than 366 days"

    @pytest.mark.parametrize("about", ["RUS minister", "RUS", "RUS RUS"])
    def test_comes_of_other_parties_than_two_countries(self, about):
        assert why_none(a_state(about=about)) == "it is not about two countries"

    def test_comes_of_no_source_that_counts(self):
        chain = a_state(citations=(a_citation(stance="denies"),))

        assert evaluation(chain).impacts == ()
