"""What may not enter the log: every reason at once, each at its place."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.kit.claim_checks import FORECAST, found, of, told
from tests.kit.domain_builders import CURATED, a_citation, a_claim, an_id, denial
from tracker.domain import validity
from tracker.domain.claims import Claim, Level, Magnitude, Occurred, Strength
from tracker.domain.validity import Invalid, Problem, refuse


class TestRefuse:
    def test_raises_every_problem_at_once(self):
        problems = [
            Problem(pointer="/summary", code="required", detail="say what is claimed"),
            Problem(pointer="/parties", code="required", detail="say whom"),
        ]

        with pytest.raises(
            Invalid, match="/summary: say what is claimed; /parties: say whom"
        ) as no:
            refuse(iter(problems))
        assert no.value.problems == problems

    def test_lets_pass_what_has_none(self):
        refuse([])


class TestAClaim:
    def test_may_be_as_plain_as_this(self):
        assert of() == []

    def test_may_say_everything(self):
        claim = a_claim(
            "RUS BLR>UKR",
            affected="KAZ",
            kind="situation",
            when="2022-02-24/..",
            strength="weak",
            modality="conditional",
            condition="if it snows",
            contexts=("military", "economic"),
            tags=("oil", "gas"),
            hedge="apparently",
            likelihood="likely",
            magnitude=Magnitude(value=Decimal("-4.0"), unit="%", change=True, baseline="2021"),
            citations=(
                a_citation(chain="times firm", credibility=2, language="ru", quote="Да"),
                denial("other", interest="self-serving"),
            ),
            note="First line.\nSecond line.",
        )

        assert found(validity.claim_problems(claim)) == []

    def test_tells_everything_that_is_wrong_at_once(self):
        claim = Claim(
            collection=CURATED,
            kind="act",
            parties=(),
            citations=(),
            summary=" ",
            code="plover-2.0/SANCTION/nonsense",
            modality="conditional",
            occurred=Occurred(edtf="May"),
            strength=Strength(grade="weak"),
            note="n" * 10_001,
        )

        assert found(validity.claim_problems(claim)) == [
            ("/summary", "required"),
            ("/note", "too_long"),
            ("/parties", "required"),
            ("/parties", "no_initiator"),
            ("/code", "unknown_code"),
            ("/condition", "required"),
            ("/occurred/edtf", "bad_date"),
            ("/strength/reason", "required"),
            ("/citations", "required"),
        ]


class TestParties:
    @pytest.mark.parametrize("kind", ["act", "situation"])
    def test_of_a_deed_have_an_initiator(self, kind):
        assert of(">KAZ", kind=kind, code=None) == [("/parties", "no_initiator")]

    def test_of_a_situation_have_somebody_who_keeps_it_up(self):
        claim = a_claim(">KAZ", kind="situation", code=None)

        assert "the party that maintains it" in told(validity.claim_problems(claim))

    @pytest.mark.parametrize("kind", ["assessment", "measure", "forecast"])
    def test_of_other_claims_need_none(self, kind):
        magnitude = Magnitude(value=Decimal(1), unit="t") if kind == "measure" else None
        forecast = FORECAST if kind == "forecast" else {}

        assert of("", about="RUS", **{"kind": kind, "magnitude": magnitude, **forecast}) == []

    def test_of_any_claim_are_named(self):
        assert of("", kind="assessment", code=None) == [("/parties", "required")]

    def test_play_each_role_once(self):
        assert of("RUS RUS>KAZ") == [("/parties/1", "repeated")]
        assert of("RUS>KAZ", affected="KAZ CHN KAZ") == [("/parties/4", "repeated")]

    def test_may_play_several_roles(self):
        assert of("RUS>KAZ", affected="RUS KAZ") == []

    def test_do_not_do_it_to_themselves(self):
        assert of("RUS CHN>KAZ CHN RUS") == [("/parties", "both_ends"), ("/parties", "both_ends")]
        assert told(validity.claim_problems(a_claim("RUS>KAZ RUS"))).startswith(str(an_id("RUS")))


class TestCodes:
    @pytest.mark.parametrize(
        "code", ["plover-2.0/SANCTION", "cameo-1.1b3/163", "plover-2.0/ACCUSE/allege", None]
    )
    def test_are_of_a_scheme_in_an_edition(self, code):
        claim = replace(a_claim(), code=code)

        assert found(validity.claim_problems(claim)) == []

    @pytest.mark.parametrize("code", ["SANCTION", "cameo/163", "plover-3.0/SANCTION", "x" * 101])
    def test_of_no_scheme_are_refused(self, code):
        claim = replace(a_claim(), code=code)

        assert ("/code", "unknown_code") in found(validity.claim_problems(claim))

    def test_that_are_done_to_somebody_need_somebody(self):
        assert of("RUS", code="SANCTION") == [("/parties", "no_recipient")]
        assert of("RUS", affected="KAZ", code="AID") == [("/parties", "no_recipient")]

    def test_that_are_done_to_somebody_may_be_mutual(self):
        assert of("RUS CHN", code="COOPERATE") == []

    def test_of_the_streets_need_nobody(self):
        assert of("KAZ", code="PROTEST") == []

    def test_come_with_contexts_that_there_are(self):
        assert of(contexts=("economic", "nonsense", "economic")) == [
            ("/contexts/1", "unknown_context"),
            ("/contexts/2", "repeated"),
        ]

    def test_come_with_each_tag_once(self):
        assert of(tags=("oil", "gas", "oil")) == [("/tags/2", "repeated")]


class TestKinds:
    def test_a_measure_has_its_magnitude(self):
        assert of(kind="measure") == [("/magnitude", "required")]

    def test_any_claim_may_have_one(self):
        assert of(magnitude=Magnitude(value=Decimal(-40), unit="% of staff")) == []

    def test_a_magnitude_has_a_unit(self):
        assert of(magnitude=Magnitude(value=Decimal(1), unit=" ")) == [
            ("/magnitude/unit", "required")
        ]

    def test_only_a_change_is_against_a_baseline(self):
        magnitude = Magnitude(value=Decimal(1), unit="t", baseline="2022-02")

        assert of(magnitude=magnitude) == [("/magnitude/baseline", "invalid")]
        assert of(magnitude=replace(magnitude, change=True)) == []

    def test_a_baseline_is_a_period(self):
        magnitude = Magnitude(value=Decimal(1), unit="t", change=True, baseline="February")

        assert of(magnitude=magnitude) == [("/magnitude/baseline", "bad_date")]

    def test_a_conditional_claim_says_on_what(self):
        assert of(modality="conditional") == [("/condition", "required")]
        assert of(modality="conditional", condition="if it snows") == []

    @pytest.mark.parametrize("modality", ["actual", "announced"])
    def test_no_other_claim_has_a_condition(self, modality):
        assert of(modality=modality, condition="if it snows") == [("/condition", "invalid")]

    def test_a_denied_claim_is_as_good_as_another(self):
        assert of(polarity="denied") == []

    @pytest.mark.parametrize(
        ("left_out", "pointer"), [("resolves_by", "/resolves_by"), ("criterion", "/criterion")]
    )
    def test_a_forecast_has_a_horizon_and_a_criterion(self, left_out, pointer):
        assert of(**FORECAST) == []
        assert of(**FORECAST | {left_out: ""}) == [(pointer, "required")]

    @pytest.mark.parametrize("kind", ["act", "assessment"])
    def test_no_other_claim_has_them(self, kind):
        assert of(**FORECAST | {"kind": kind}) == [
            ("/resolves_by", "invalid"),
            ("/criterion", "invalid"),
        ]

    @pytest.mark.parametrize("horizon", ["2023-05-24/..", "[2023..]", "soon", "9023"])
    def test_a_horizon_has_an_end(self, horizon):
        [(pointer, _)] = of(**FORECAST | {"resolves_by": horizon})

        assert pointer == "/resolves_by"

    @pytest.mark.parametrize("horizon", ["2023-05-24", "2023", "../2023-05-24"])
    def test_a_horizon_may_be_any_date_that_ends(self, horizon):
        assert of(**FORECAST | {"resolves_by": horizon}) == []

    @pytest.mark.parametrize("grade", ["weak", "partial"])
    def test_less_than_full_strength_has_its_reason(self, grade):
        assert of(strength="") == []
        claim = replace(a_claim(), strength=Strength(grade=grade))

        assert found(validity.claim_problems(claim)) == [("/strength/reason", "required")]

    def test_full_strength_needs_none(self):
        claim = replace(a_claim(), strength=Strength(grade="full"))

        assert found(validity.claim_problems(claim)) == []


class TestLevels:
    def test_of_another_kind_have_a_known_rung_all_the_same(self):
        """So that a table's mapping with an unknown one is refused as a whole."""
        assert of(level=Level(rung="nonsense")) == [
            ("/level", "invalid"),
            ("/level/rung", "unknown"),
        ]
