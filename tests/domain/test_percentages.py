"""How probabilities are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.percentages import about, even, percent


def spaced(text: str) -> str:
    """With spaces that break."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("p", "text"),
    [(0, "0 %"), (0.004, "under 1 %"), (0.654, "65 %"), (0.9999, "over 99 %"), (1, "100 %")],
)
def test_a_probability_is_in_full_percent(p, text) -> None:
    assert spaced(percent(p)) == text


@pytest.mark.parametrize(
    ("worlds", "text"),
    [
        # 6/256 = .0234, 7/256 = .0273
        (0, "under 5 %"),
        (6, "under 5 %"),
        (7, "about 5 %"),
        # 217/256 = .8477, 225/256 = .8789
        (217, "about 85 %"),
        (225, "about 90 %"),
        # 249/256 = .9727, 250/256 = .9766
        (249, "about 95 %"),
        (250, "over 95 %"),
        (256, "over 95 %"),
    ],
)
def test_a_share_of_worlds_is_to_the_nearest_five_percent(worlds, text) -> None:
    assert spaced(about(worlds / 256)) == text


@given(st.integers(0, 512))
def test_the_other_share_is_what_is_left_of_a_hundred(halves) -> None:
    """A world at exactly 0 may be half a share."""
    share, rest = (about(one / 512) for one in (halves, 512 - halves))
    numbers = [int("".join(filter(str.isdecimal, text))) for text in (share, rest)]

    assert sum(numbers) == 100
    assert even(halves / 512) == (numbers == [50, 50])
