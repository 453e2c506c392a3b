"""What may not enter the log as a claim: every reason at once, each at its place."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.kit.claim_checks import FORECAST, found, of, told
from tests.kit.domain_builders import CURATED, a_citation, a_claim, an_id, denial
from tests.kit.tables import each
from tracker.domain import validity
from tracker.domain.claims import Claim, Level, Magnitude, Occurred, Strength
from tracker.domain.validity import Invalid, Problem, refuse

TON = Magnitude(value=Decimal(1), unit="t")
GUESSES = ("may", "could have", "might", "may be quietly considering")
OTHER_HEDGES = ("reportedly", "according to", "neither … appear likely", "at least for now")


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

    @each(
        "given",
        [
            {},
            {"polarity": "denied"},
            {"strength": ""},
            {"ends": "", "about": "RUS", "kind": "assessment"},
            {"ends": "", "about": "RUS", "kind": "measure", "magnitude": TON},
            {"ends": "", "about": "RUS", **FORECAST},
            # A party may play several roles, and a deed be mutual or of the streets.
            {"affected": "RUS KAZ"},
            {"ends": "RUS CHN", "code": "COOPERATE"},
            {"ends": "KAZ", "code": "PROTEST"},
            {"magnitude": Magnitude(value=Decimal(-40), unit="% of staff")},
            {"magnitude": replace(TON, change=True, baseline="2022-02")},
            {"modality": "conditional", "condition": "if it snows"},
            FORECAST,
            *(
                FORECAST | {"resolves_by": horizon}
                for horizon in ("2023-05-24", "2023", "../2023-05-24")
            ),
            *({"kind": "assessment", "hedge": hedge} for hedge in (*GUESSES, "apparently")),
            {"hedge": "suspected", "likelihood": "unlikely"},
            {"hedge": "apparently", "likelihood": "likely"},
            *({"hedge": hedge} for hedge in OTHER_HEDGES),
            *(
                {"when": when}
                for when in ("", "2022-05-11", "[..2022-05-24]", "2022-02-24/..", "2022-03-2X")
            ),
            {"when": "1648-10-24"},
            {"citations": (a_citation(), denial("other"))},
            {"citations": (a_citation(), a_citation(locator="p. 4"))},
        ],
    )
    def test_may_be_like_this(self, given):
        assert of(**given) == []

    @each(
        ("given", "problems"),
        [
            # parties
            ({"ends": ">KAZ", "code": None}, [("/parties", "no_initiator")]),
            (
                {"ends": ">KAZ", "kind": "situation", "code": None},
                [("/parties", "no_initiator")],
            ),
            ({"ends": "", "kind": "assessment", "code": None}, [("/parties", "required")]),
            ({"ends": "RUS RUS>KAZ"}, [("/parties/1", "repeated")]),
            ({"affected": "KAZ CHN KAZ"}, [("/parties/4", "repeated")]),
            ({"ends": "RUS CHN>KAZ CHN RUS"}, [("/parties", "both_ends")] * 2),
            ({"ends": "RUS", "code": "SANCTION"}, [("/parties", "no_recipient")]),
            ({"ends": "RUS", "affected": "KAZ", "code": "AID"}, [("/parties", "no_recipient")]),
            # contexts and tags
            (
                {"contexts": ("economic", "nonsense", "economic")},
                [("/contexts/1", "unknown_context"), ("/contexts/2", "repeated")],
            ),
            ({"tags": ("oil", "gas", "oil")}, [("/tags/2", "repeated")]),
            # what each kind and modality needs and no other has
            ({"kind": "measure"}, [("/magnitude", "required")]),
            ({"magnitude": replace(TON, unit=" ")}, [("/magnitude/unit", "required")]),
            (
                {"magnitude": replace(TON, baseline="2022-02")},
                [("/magnitude/baseline", "invalid")],
            ),
            (
                {"magnitude": replace(TON, change=True, baseline="February")},
                [("/magnitude/baseline", "bad_date")],
            ),
            ({"modality": "conditional"}, [("/condition", "required")]),
            ({"condition": "if it snows"}, [("/condition", "invalid")]),
            (
                {"modality": "announced", "condition": "if it snows"},
                [("/condition", "invalid")],
            ),
            (FORECAST | {"resolves_by": ""}, [("/resolves_by", "required")]),
            (FORECAST | {"criterion": ""}, [("/criterion", "required")]),
            *(
                (
                    FORECAST | {"kind": kind},
                    [("/resolves_by", "invalid"), ("/criterion", "invalid")],
                )
                for kind in ("act", "assessment")
            ),
            # So that a table's mapping with an unknown rung is refused as a whole.
            (
                {"level": Level(rung="nonsense")},
                [("/level", "invalid"), ("/level/rung", "unknown")],
            ),
            # hedges
            *(
                ({"kind": kind, "hedge": hedge}, [("/kind", "assessment")])
                for kind in ("act", "situation")
                for hedge in GUESSES
            ),
            ({"hedge": "suspected"}, [("/likelihood", "required")]),
            ({"hedge": "apparently"}, [("/likelihood", "required")]),
            ({"hedge": "may " * 100}, [("/hedge", "too_long"), ("/kind", "assessment")]),
            # dates
            *(
                ({"when": when}, [("/occurred/edtf", "bad_date")])
                for when in ("05/03/2024", "late March 2022", "2022-02-30")
            ),
            *(
                ({"when": when}, [("/occurred/edtf", "out_of_range")])
                for when in ("0202-05-11", "2022-05-11/9999", "3022", "[..1022]")
            ),
            # citations
            ({"citations": ()}, [("/citations", "required")]),
            ({"citations": (denial(), denial("other"))}, [("/citations", "no_support")]),
            ({"citations": (a_citation(), a_citation())}, [("/citations/1", "repeated")]),
            *(
                (
                    {"citations": (a_citation("other"), a_citation(credibility=credibility))},
                    [("/citations/1/credibility", "out_of_range")],
                )
                for credibility in (0, 1, 7)
            ),
        ],
    )
    def test_is_refused_at_the_field_that_is_wrong(self, given, problems):
        assert of(**given) == problems

    def test_names_who_is_missing_or_on_both_sides(self):
        unkept = a_claim(">KAZ", kind="situation", code=None)

        assert "the party that maintains it" in told(validity.claim_problems(unkept))
        assert told(validity.claim_problems(a_claim("RUS>KAZ RUS"))).startswith(str(an_id("RUS")))

    @each(
        ("code", "fits"),
        [
            *((code, True) for code in ("plover-2.0/SANCTION", "cameo-1.1b3/163", None)),
            *(
                (code, False)
                for code in ("SANCTION", "cameo/163", "plover-3.0/SANCTION", "x" * 101)
            ),
        ],
    )
    def test_has_a_code_of_a_scheme_in_an_edition(self, code, fits):
        claim = replace(a_claim(), code=code)

        assert (("/code", "unknown_code") not in found(validity.claim_problems(claim))) == fits

    @pytest.mark.parametrize("horizon", ["2023-05-24/..", "[2023..]", "soon", "9023"])
    def test_has_a_horizon_with_an_end(self, horizon):
        [(pointer, _)] = of(**FORECAST | {"resolves_by": horizon})

        assert pointer == "/resolves_by"

    @pytest.mark.parametrize(("grade", "needed"), [("weak", 1), ("partial", 1), ("full", 0)])
    def test_has_a_reason_for_less_than_full_strength(self, grade, needed):
        claim = replace(a_claim(), strength=Strength(grade=grade))

        assert found(validity.claim_problems(claim)) == [("/strength/reason", "required")] * needed


class TestACitation:
    @each(
        ("given", "problems"),
        [
            *(({"credibility": known}, []) for known in (None, 2, 3, 4, 5, 6)),
            ({"credibility": 1}, [("/credibility", "out_of_range")]),
            ({"chain": "times firm times firm"}, [("/chain", "repeated")] * 2),
            ({"stance": "doubts"}, [("/stance", "invalid")]),
        ],
    )
    def test_is_refused_at_the_field_that_is_wrong(self, given, problems):
        assert found(validity.citation_problems(a_citation(**given))) == problems

    def test_is_looked_at_up_to_the_most_of_a_claim(self):
        cited = [a_citation(f"d{n}", chain="a a") for n in range(150)]

        assert len(of(citations=tuple(cited))) == 101
