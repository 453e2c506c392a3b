"""`manage.py explain` tells the balance of a triangle."""

import re

import pytest

from tests.kit.texts import together
from tracker.domain.triads import Edge
from tracker.management.triangle_report import flipping

pytestmark = pytest.mark.django_db


class TestATriangle:
    def test_is_explained_by_its_sides(self, desk, explain):
        desk.asserts(code="plover-2.0/ASSAULT/heavy-weapons")
        desk.asserts("CHN", "KAZ")
        desk.asserts("CHN", "RUS", code="plover-2.0/AGREE")

        lines = explain("RUS-chn-KAZ")

        assert lines[0] == "CHN–KAZ–RUS on 24 May 2022"
        # −.39/9 = −.0433; its sd is (5.66 + .39)/1.507 = 4.015, and t4(−.39 · √2/4.015) = .449
        row = "CHN–KAZ    −0.390  −6.44 to +5.66  −0.0433  negative, 55\N{NO-BREAK SPACE}%"
        assert row in lines
        said = together(lines)
        # 2 · .449 − 1 = −.103; with the second factor, near 0, the product is nearly 0
        assert "P(balanced) = ½ · (1 + (−0.10" in said
        assert "Balance: as likely balanced as not, 50" in said
        assert "the cube root of 0.0433 · 0.0157 · 0.3611; the maximum is 1." in said

    def test_says_what_would_flip_it(self, desk, explain):
        for ends in (("RUS", "KAZ"), ("CHN", "KAZ")):
            desk.asserts(*ends, code="plover-2.0/ASSAULT/heavy-weapons")
        desk.asserts("CHN", "RUS")

        said = together(explain("CHN-KAZ-RUS"))

        # .39/(1 + .39/9) = .3738
        assert (
            "Nearest to a change of sign: CHN–RUS, at −0.390. It would take +0.374 on one day"
            in said
        )
        assert re.search(r"For example one certain and full \w+\S* of a government \(step", said)

    def test_has_no_sign_without_records(self, desk, explain):
        said = together(explain("CHN-KAZ-RUS"))

        assert "neither is more probable" in said
        assert "(1 + (0.0000) · (0.0000) · (0.0000)) = 0.5000" in said
        assert "Nothing on record moves CHN–KAZ, CHN–RUS and KAZ–RUS." in said

    def test_names_no_pair_without_an_act_as_nearest_to_a_change_of_sign(self, desk, explain):
        """CHN–KAZ was assessed at +1, nearer to 0 than the others; no act is reported of it."""
        desk.assesses("1", "1", pair="CHN-KAZ")
        desk.asserts(code="plover-2.0/ASSAULT/heavy-weapons")
        desk.asserts("CHN", "RUS", code="plover-2.0/ASSAULT/heavy-weapons")

        said = together(explain("CHN-KAZ-RUS"))

        assert "Nothing on record moves CHN–KAZ." in said
        assert "Nearest" not in said

    def test_comes_to_nothing_by_an_impact_against_its_sign(self):
        """2.5/(1 + 2.5/9)"""
        edge = Edge(pair="KAZ-RUS", value=2.5, low=-9, high=9, positive=0.5)

        assert flipping(edge) == pytest.approx(-1.95652, abs=1e-5)
