"""All that does not fit at once, and of the sense what is wrong whatever was meant there."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.laws import SOME
from tests.kit.strategies import records
from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain.attribution import NewClaim
from tracker.domain.claims import Citation, Claim, Magnitude, claim_problems
from tracker.domain.problems import Problem, certain
from tracker.domain.records import Affiliation
from tracker.domain.shape_errors import MOST_UNKNOWN

ONE, TWO = "331823dd-0988-470a-9d45-e95f3ddfd0cc", "331823dd-0988-470a-9d45-e95f3ddfd0cd"


def a_claim(**given: Any) -> dict[str, Any]:
    right = {
        "collection": ONE,
        "kind": "act",
        "summary": "Something was done.",
        "parties": [{"actor": ONE, "role": "initiator"}, {"actor": TWO, "role": "recipient"}],
        "citations": [{"document": ONE}],
        "occurred": {"edtf": "2022-05-11"},
    }
    return {name: one for name, one in (right | given).items() if one is not ...}


def places(sent: Any) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in codec.read(Claim, sent)[1]]


def told(sent: Any) -> list[str]:
    """Where something is wrong in any case."""
    claim, wrong = codec.read(Claim, sent)
    found = certain(claim_problems(claim), [one.pointer for one in wrong])
    return [one.pointer for one in found]


class TestRead:
    @SOME
    @given(records(Claim))
    def test_of_what_fits_is_what_the_codec_reads(self, claim: Claim) -> None:
        sent = json.loads(json.dumps(codec.plain(claim)))
        found, wrong = codec.read(Claim, sent)

        # Lines are trimmed, and must not be blank.
        assert wrong or len(str(found)) <= len(str(claim))
        assert {one.code for one in wrong} <= {"blank", "too_many", "required"}

    def test_names_every_misfit(self) -> None:
        sent = a_claim(
            collection="x",
            kind="deed",
            summary=3,
            parties=[{"actor": ONE}, 17, {"actor": ONE, "role": "initiator", "colour": "red"}],
            citations=[{"document": ONE, "chain": [ONE, "x"]}],
            contexts=["military", 4],
            occurred={"basis": "guessed"},
            **{"a/b": 1},
        )

        assert {*places(sent)} == {
            ("/collection", "invalid"),
            ("/kind", "invalid_choice"),
            ("/summary", "invalid"),
            ("/parties/0/role", "required"),
            ("/parties/1", "invalid"),
            ("/parties/2/colour", "unknown"),
            ("/citations/0/chain/1", "invalid"),
            ("/occurred/basis", "invalid_choice"),
            ("/occurred/edtf", "required"),
            ("/contexts/1", "invalid"),
            ("/a~1b", "unknown"),
        }

    def test_keeps_what_fits_beside_what_does_not(self) -> None:
        claim, _ = codec.read(
            Claim,
            a_claim(
                kind="deed",
                citations=[17, {"document": TWO}],
                contexts=["military", 4],
                magnitude={"unit": "t", "value": 3},
            ),
        )

        assert claim.occurred is not None
        assert claim.occurred.edtf == "2022-05-11"
        assert [one.document for one in claim.citations] == [UUID(int=0), UUID(TWO)]
        assert claim.contexts == ("military", "?")
        assert claim.magnitude == Magnitude(value=Decimal(0), unit="t")

    @pytest.mark.parametrize("sent", [None, 17, [], "x"])
    def test_of_no_object_is_one_misfit(self, sent: Any) -> None:
        assert places(sent) == [("", "invalid")]
        assert told(sent) == []

    def test_takes_null_for_nothing(self) -> None:
        assert places(a_claim(code=None, occurred=None, collection=None)) == [
            ("/collection", "null")
        ]

    def test_reads_no_list_that_is_too_long(self) -> None:
        claim, wrong = codec.read(Claim, a_claim(parties=[17] * 101))

        assert [(one.pointer, one.code) for one in wrong] == [("/parties", "too_many")]
        assert claim.parties == ()

    def test_takes_no_object_for_a_list(self) -> None:
        assert places(a_claim(contexts={"a": 1})) == [("/contexts", "not_a_list")]

    def test_names_no_field_that_cannot_be_written(self) -> None:
        assert places(a_claim(**{"\ud800": 1})) == [("", "unknown")]

    def test_takes_a_whole_number_with_a_point_as_json_does(self) -> None:
        claim, wrong = codec.read(Claim, a_claim(citations=[{"document": ONE, "credibility": 3.0}]))

        assert (claim.citations[0].credibility, wrong) == (3, [])

    def test_keeps_words_and_trims_lines(self) -> None:
        claim, _ = codec.read(Claim, a_claim(summary=" So. ", key=" 7 ", note=None))

        assert (claim.summary, claim.key, claim.note) == (" So. ", "7", "")


class TestCertain:
    def test_is_a_bad_date_beside_what_is_missing(self) -> None:
        assert told(a_claim(collection=..., occurred={"edtf": "late Smarch"})) == ["/occurred/edtf"]

    def test_is_what_is_wrong_in_one_party_beside_another(self) -> None:
        assert told(a_claim(citations=[17, {"document": ONE, "credibility": 1}])) == [
            "/citations/1/credibility"
        ]

    @each(
        "given",
        [
            # An act needs an initiator, which an assessment does not.
            {"kind": "deed", "parties": [{"actor": ONE, "role": "about"}]},
            {"kind": ..., "resolves_by": "2023"},
            {"kind": ..., "hedge": "likely"},
            # Who the second is, and what is said of it, is not known.
            {"parties": [{"actor": ONE, "role": "about"}, {"actor": ONE, "role": "judge"}]},
            {"citations": [{"document": ONE, "stance": "maybe"}, {"document": ONE}]},
            {"citations": [{"document": ONE, "stance": "denies", "locator": 3}]},
            {"modality": "perhaps", "condition": "if it rains"},
            {"strength": {"grade": "half"}},
            {"magnitude": {"value": "1", "unit": "t", "change": 1, "baseline": "2021"}},
            {"kind": "measure", "magnitude": 3},
        ],
    )
    def test_is_nothing_that_rests_on_what_does_not_fit(self, given: dict[str, Any]) -> None:
        sent = a_claim(**given)

        assert places(sent)
        assert told(sent) == []

    def test_compares_places_and_not_letters(self) -> None:
        near = Problem(pointer="/kindness", code="x", detail="")

        assert list(certain([near], ["/kind"])) == [near]

    @SOME
    @given(st.sampled_from(["collection", "kind", "parties", "citations"]), st.booleans())
    def test_is_also_told_once_the_rest_is_mended(self, name: str, missing: bool) -> None:  # noqa: FBT001
        wrong = {"occurred": {"edtf": "Smarch"}, "tags": ["a", "a"], "contexts": ["weather"]}
        said = told(a_claim(**wrong | {name: ... if missing else 3.5}))

        whole = codec.read(Claim, a_claim(**wrong))[0]
        assert said == [one.pointer for one in claim_problems(whole)]


class TestRecords:
    def test_are_shown_with_all_their_fields(self) -> None:
        citation = Citation(document=UUID(ONE), chain=(UUID(TWO),))
        claim = codec.read(Claim, a_claim())[0]

        assert codec.whole(citation, but=("note", "quote", "translation")) == {
            "document": ONE,
            "chain": [TWO],
            "stance": "supports",
            "interest": "none",
            "credibility": None,
            "language": None,
            "locator": None,
            "selector": None,
        }
        assert codec.whole(claim)["occurred"] == {
            "edtf": "2022-05-11",
            "basis": "stated",
            "phrase": "",
        }

    def test_lose_what_a_class_adds(self) -> None:
        found = codec.read(NewClaim, a_claim(said_by={"actor": ONE}))[0]

        assert codec.base(Claim, found) == codec.read(Claim, a_claim())[0]

    @pytest.mark.parametrize(
        "record",
        [
            Magnitude(value=1.5, unit="t"),  # type: ignore[arg-type]
            Affiliation(country=UUID(ONE), sector="military", since="2022"),  # type: ignore[arg-type]
        ],
        ids=repr,
    )
    def test_are_checked_for_the_types_of_their_values(self, record: Any) -> None:
        assert [one.code for one in codec.problems(record)] == ["invalid"]


class TestVeryManyUnknownNames:
    MANY = {f"n{number}": 0 for number in range(1_000)}  # a constant

    def test_are_reported_up_to_a_limit(self) -> None:
        claim, wrong = codec.read(Claim, a_claim(summary=7, **self.MANY))

        unknown = [one for one in wrong if one.code == "unknown"]
        assert len(unknown) == MOST_UNKNOWN
        assert "/summary" in [one.pointer for one in wrong]
        assert claim.kind == "act"

    def test_are_counted_in_each_object(self) -> None:
        citations = [{"document": ONE, **self.MANY}, {"document": 5, **self.MANY}]

        found = places(a_claim(citations=citations))

        assert len([one for one in found if one[1] == "unknown"]) == 2 * MOST_UNKNOWN
        assert ("/citations/1/document", "invalid") in found

    def test_hide_no_other_problems_of_a_long_list(self) -> None:
        parties = [{"actor": 5, "role": "initiator"}] * 101

        found = places(a_claim(parties=parties))

        assert {code for _, code in found} & {"invalid", "max_length", "too_many"}
