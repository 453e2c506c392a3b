"""`manage.py explain` tells why a score moved, between two days or since something was known,
and the balance of a triangle."""

import re

import pytest
from django.core.management import CommandError

from tests.kit.builders import AT, BY, a_desk, a_lens, rate
from tests.kit.pulls import still_parameters
from tests.kit.texts import together
from tracker import log
from tracker.domain.claims import Occurred
from tracker.domain.triads import Edge
from tracker.management.commands.explain import flipping
from tracker.operations import lenses

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


@pytest.fixture
def explain(explain):
    def run(*options, what="KAZ-RUS"):
        return explain(what, *options)

    return run


class TestFromDayToDay:
    def test_says_what_each_claim_gave_and_that_its_day_came(self, desk, explain):
        old = desk.asserts(summary="Old.", occurred=Occurred(edtf="2022-04-10")).stream
        new = desk.asserts(summary="New.", occurred=Occurred(edtf="2022-05-20")).stream
        head = log.head().position

        said = together(explain("--since", "2022-04-10"))

        # −.6 in 166 of 256 worlds, with p .65. Where both are true, 1 − .6/9 of the old one is
        # left.
        for part in (
            "KAZ and RUS: why the score moved both directions, lens standing@1",
            f"−0.389 on 10 April 2022 as known at position {head}: discord or normal",
            f"−0.389 New. from 0.000 to −0.389: its first day was reached claim:{new}",
            f": it faded, or later claims wore it down claim:{old}",
        ):
            assert part in said
        assert re.search(r"\+0\.0[12]\d Old\. from −0\.389 to −0\.3[67]\d", said)
        assert "what nobody reported" not in said
        # Then the claims did all of it.
        moved, pull = re.search(r"(\S+) the movement; claims pull it by (\S+), the", said).groups()
        assert moved == pull

    def test_names_what_nobody_reported_and_adds_up(self, desk, explain):
        for month in range(1, 5):
            desk.asserts(occurred=Occurred(edtf=f"2022-{month:02}-10"))
        name = desk.measures_levels()

        said = together(explain("--lens", name, "--since", "2022-01-10"))

        moved = re.search(r"(\S+) the movement;", said)
        total = re.search(r"(\S+) the sum, which is the difference", said)
        assert moved
        assert total
        assert moved[1] == total[1]
        assert "what nobody reported" in said

    def test_tells_the_largest_one_by_one(self, desk, explain):
        for month in ("03", "04", "05"):
            desk.asserts(summary=f"In {month}.", occurred=Occurred(edtf=f"2022-{month}-10"))

        said = explain("--since", "2022-03-10", "--most", "1")

        assert sum("claim:" in line for line in said) == 1
        assert "2 smaller changes" in together(said)


class TestFromKnowledgeToKnowledge:
    def test_names_the_event_that_caused_it(self, desk, explain):
        desk.asserts(summary="Russia shut off the oil.")
        before = log.head().position
        graded = rate(desk.source, "A")

        said = together(explain("--known-from", str(before)))

        # −.6 at C .65, then at A .95
        assert "−0.180 Russia shut off the oil. from −0.389 to −0.570" in said
        cause = f"position {graded.position}: SourceRated by ann (source: The Gazette, its record)"
        assert cause in said

    def test_names_the_version_of_the_lens_that_moved_it(self, desk, explain):
        desk.asserts(summary="Russia shut off the oil.")
        before = log.head().position
        made = a_lens(view=desk.view, parameters=still_parameters(conflict_in_deeds="-3"))
        defined = lenses.define_lens(made, at=AT, by=BY, lens_id=desk.lenses["standing"])

        said = together(explain("--known-from", str(before)))

        assert "both directions, lens standing@1, then standing@2" in said
        # −.6 and then −3, in 166 of 256 worlds
        assert "−1.556 Russia shut off the oil. from −0.389 to −1.945" in said
        assert f"position {defined.position}: LensDefined by ann (lens: standing)" in said


@pytest.mark.parametrize(
    ("what", "options", "says"),
    [
        ("KAZ-RUS", ["--since", "2022-05-25"], "--since 2022-05-25 is after --day 2022-05-24"),
        ("KAZ-RUS", ["--known-from", "11", "--as-of", "10"], "--known-from 11 is after --as-of 10"),
        ("KAZ-RUS", ["--known-from", "9999"], "the log ends at position"),
        ("KAZ-RUS", ["--since", "2022-05-01", "--known-from", "3"], "not allowed with"),
        ("KAZ-RUS", ["--since", "2022-05-01", "--without", "claim:x"], "require a pair"),
        ("CHN-KAZ-RUS", ["--since", "2022-05-01"], "require a pair"),
        ("KAZ-RUS", ["--robustness", "--since", "2022-05-10"], "--robustness requires a pair"),
        ("KAZ-RUS", ["--robustness", "--known-from", "3"], "--robustness requires a pair"),
        ("CHN-KAZ-RUS", ["--robustness"], "--robustness requires a pair"),
    ],
)
def test_what_cannot_be_told_is_refused(desk, explain, what, options, says):
    desk.asserts()

    with pytest.raises(CommandError, match=says):
        explain(*options, what=what)


class TestRobustness:
    """A step of −.6, and p .65: from −1.2 in 193 of 256 worlds to −.3 in 136."""

    def test_stands_beside_the_interval(self, desk, explain):
        desk.asserts(occurred=Occurred(edtf="2022-05-10"))

        said = explain("--robustness")

        plain = " ".join(" ".join(said).split())
        assert (
            "Under 27 settings that can all be defended the level is −0.90 to −0.16; the sign is"
            " the same in 100 % of them. Its movement since 9 May 2022 is −0.90 to −0.16; the sign"
            " is the same in 100 % of them."
        ) in plain
        assert "27 settings" not in " ".join(explain())

    def test_of_another_model_is_not_worked_out(self, desk, explain):
        desk.asserts(occurred=Occurred(edtf="2022-05-10"))

        said = " ".join(explain("--lens", "tone", "--robustness"))

        assert "The model of this lens has no settings" in said


class TestATriangle:
    def test_is_explained_by_its_sides(self, desk, explain):
        desk.asserts(code="plover-2.0/ASSAULT/heavy-weapons")
        desk.asserts("CHN", "KAZ")
        desk.asserts("CHN", "RUS", code="plover-2.0/AGREE")

        lines = explain(what="RUS-chn-KAZ")

        assert lines[0] == "CHN–KAZ–RUS on 24 May 2022"
        # −.6 in 166 of 256 worlds, −2 in as many, and .3 in 242; in the others 0, which is half
        # of either sign: 1 − 45/256 = .82.
        said = together(lines)
        row = "−0.389 CHN–KAZ: negative, about 80 %; 90 % interval −0.60 to 0.00, x −0.0432"
        assert row in said
        # −166/256 = −.6484, twice, and 242/256 = .9453
        assert "P(balanced) = ½ · (1 + (−0.6484) · (+0.9453) · (−0.6484)) = 0.6987" in said
        assert "Balance: balanced, about 70 %." in said
        # .6 · 166/256/9, .3 · 242/256/9 and 2 · 166/256/9
        assert "the cube root of 0.0432 · 0.0315 · 0.1441; the maximum is 1." in said

    def test_says_what_would_flip_it(self, desk, explain):
        for ends in (("RUS", "KAZ"), ("CHN", "KAZ")):
            desk.asserts(*ends, code="plover-2.0/ASSAULT/heavy-weapons")
        desk.asserts("CHN", "RUS")

        said = together(explain(what="CHN-KAZ-RUS"))

        # .3891/(1 + .3891/9) = .373
        assert (
            "Nearest to a change of sign: CHN–RUS, at −0.389. +0.373 on one day would bring it to"
            in said
        )

    def test_has_no_sign_without_records(self, db, explain):
        a_desk()

        said = together(explain(what="CHN-KAZ-RUS"))

        assert "Balance: as likely balanced as not" in said
        assert "(1 + (0.0000) · (0.0000) · (0.0000)) = 0.5000" in said
        assert "Nothing on record moves CHN–KAZ, CHN–RUS and KAZ–RUS." in said

    def test_names_no_pair_without_an_act_as_nearest_to_a_change_of_sign(self, desk, explain):
        """CHN–KAZ was assessed at +1, nearer to 0 than the others; no act is reported of it."""
        desk.assesses("1", "1", pair="CHN-KAZ")
        desk.asserts(code="plover-2.0/ASSAULT/heavy-weapons")
        desk.asserts("CHN", "RUS", code="plover-2.0/ASSAULT/heavy-weapons")

        said = together(explain(what="CHN-KAZ-RUS"))

        assert "Nothing on record moves CHN–KAZ." in said
        assert "Nearest" not in said

    def test_comes_to_nothing_by_an_impact_against_its_sign(self):
        """2.5/(1 + 2.5/9)"""
        edge = Edge(pair="KAZ-RUS", value=2.5, low=-9, high=9, positive=0.5)

        assert flipping(edge) == pytest.approx(-1.95652, abs=1e-5)
