import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.divergence import Divergence, Side, compare
from tracker.domain.scoring.moments import Score


def a_side(lens: str, value: float, *, sd: float = 1.0, roots: int = 5, model: str = "standing"):
    score = Score(value=value, sd=sd, low=value - sd, high=value + sd)
    return Side(lens=lens, model=model, score=score, roots=roots)


class TestCompare:
    def test_gives_the_difference_and_the_sd_of_two_that_err_apart(self):
        # 2 − (−1) = 3; √(1.2² + .9²) = 1.5; 3 ± 1.645·1.5
        found = compare(a_side("a@1", 2, sd=1.2), a_side("b@1", -1, sd=0.9))

        assert isinstance(found, Divergence)
        assert found.amount == 3
        assert found.sd == pytest.approx(1.5)
        assert (found.low, found.high) == pytest.approx((0.5325, 5.4675))
        assert found.apart

    @pytest.mark.parametrize(
        ("value", "apart"), [(2.5, True), (2.4, False), (0, False), (-2.4, False), (-2.5, True)]
    )
    def test_tells_apart_what_the_interval_tells_apart(self, value, apart):
        # 1.645·1.5 = 2.4675
        assert compare(a_side("a@1", value, sd=1.2), a_side("b@1", 0, sd=0.9)).apart is apart

    @given(
        *(
            st.builds(a_side, st.just(name), st.floats(-9, 9), sd=st.floats(0.01, 4))
            for name in "ab"
        )
    )
    def test_is_the_same_seen_from_the_other_side_but_for_its_sign(self, one, other):
        there, back = compare(one, other), compare(other, one)

        assert (back.amount, back.low, back.high) == (-there.amount, -there.high, -there.low)
        assert (back.sd, back.apart) == (there.sd, there.apart)
        assert there.sd >= max(one.score.sd, other.score.sd) * (1 - 1e-9)


class TestNotShown:
    def test_is_what_a_lens_and_itself_have(self):
        found = compare(a_side("a@1", 2), a_side("a@1", 2))

        assert (found.reason, found.detail) == ("one lens", "a@1 does not diverge from itself")

    def test_leaves_two_versions_of_a_lens_to_be_compared(self):
        assert compare(a_side("a@1", 2), a_side("a@2", 1)).amount == 1

    def test_names_the_quantities_that_cannot_be_compared(self):
        found = compare(a_side("a@1", 2, model="tone"), a_side("b@1", 2))

        assert found.reason == "different models"
        assert found.detail == "a@1 measures tone, b@1 standing"

    @pytest.mark.parametrize(
        ("one", "other", "detail"),
        [
            (4, 5, "a@1 has 4 of 5 roots"),
            (5, 4, "b@1 has 4 of 5 roots"),
            (0, 2, "a@1 has 0 of 5 roots, b@1 has 2 of 5 roots"),
        ],
    )
    def test_says_which_side_has_too_few_roots(self, one, other, detail):
        found = compare(a_side("a@1", 2, roots=one), a_side("b@1", 1, roots=other))

        assert (found.reason, found.detail) == ("too few roots", detail)
