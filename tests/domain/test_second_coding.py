"""Which claims are coded twice, and what is compared."""

from uuid import UUID, uuid5

import pytest

from tests.kit.builders import a_claim
from tests.kit.tables import each
from tracker.domain.claims import Strength
from tracker.domain.second_coding import (
    NO_ACT,
    Coding,
    agreements,
    coding_of,
    is_sampled,
    problems,
)

SANCTION, VISIT = "plover-2.0/SANCTION", "plover-2.0/CONSULT/visit"


class TestTheSample:
    def test_is_a_tenth_that_follows_from_the_ids(self):
        """The share of 10,000 draws of .1 has an sd of .003."""
        ids = [uuid5(UUID(int=0), str(number)) for number in range(10_000)]

        assert 0.09 < sum(map(is_sampled, ids)) / len(ids) < 0.113


class TestCoding:
    def test_is_what_the_claim_has(self):
        claim = a_claim(code=SANCTION, strength=Strength(grade="weak", reason="in part"))

        assert coding_of(claim) == Coding(SANCTION, "act", "weak")
        assert coding_of(a_claim(code=SANCTION)) == Coding(SANCTION, "act", "full")

    def test_of_a_claim_without_code_is_no_act(self):
        assert coding_of(a_claim(code=None)) == Coding(NO_ACT)

    @each(
        ("coding", "pointers"),
        [
            (Coding(SANCTION, "situation", "full"), []),
            (Coding(NO_ACT), []),
            (Coding(""), ["/code"]),
            (Coding("SANCTION", "act", "full"), ["/code"]),
            (Coding(SANCTION), ["/form", "/strength"]),
            (Coding(SANCTION, "level", "huge"), ["/form", "/strength"]),
            (Coding(NO_ACT, "act"), ["/form"]),
        ],
    )
    def test_is_complete_and_of_a_codebook(self, coding, pointers):
        assert [problem.pointer for problem in problems(coding)] == pointers


class TestAgreements:
    def test_are_by_field(self):
        """The codes agree: alpha 1. The forms are opposite: two units, four values: -.5. Nobody
        differs in strength, and where nobody acts it is missing."""
        found = agreements(
            [
                (Coding(SANCTION, "act", "full"), Coding(SANCTION, "situation", "full")),
                (Coding(VISIT, "situation", "full"), Coding(VISIT, "act", "full")),
                (Coding(VISIT, "act", "weak"), Coding(NO_ACT)),
            ]
        )

        assert found["code"].alpha == pytest.approx(1 - 5 * 2 / (36 - 4 - 9 - 1))
        assert (found["form"].alpha, found["form"].units) == (-0.5, 2)
        assert (found["strength"].alpha, found["strength"].same) == (None, 2)
