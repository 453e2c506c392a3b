"""`manage.py explain` tells a score so that an analyst can follow it."""

import re

import pytest
from django.core.management import CommandError

from tests.kit.builders import AT, BY, a_desk, an_actor
from tests.kit.histories import undone
from tests.kit.pulls import still_parameters
from tests.kit.seeded import put_seed_on_record
from tests.kit.texts import together
from tracker import log
from tracker.domain.claims import Level, Occurred
from tracker.domain.records import Membership, Party
from tracker.operations import actors

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db):
    """A level that starts at 0, and that nothing moves but acts."""
    return a_desk(level=still_parameters())


class TestAPair:
    def test_is_told_with_the_membership_through_which_an_organisation_acts(self, desk, explain):
        membership = Membership(
            country=desk.countries["RUS"],
            since="2015-01-01",
            until="2030",
            document=desk.document,
        )
        union = an_actor(None, kind="organisation", memberships=(membership,))
        parties = (
            Party(actor=actors.describe_actor(union, at=AT, by=BY).stream, role="initiator"),
            Party(actor=desk.countries["KAZ"], role="recipient"),
        )
        desk.asserts(parties=parties)

        said = together(explain())

        assert "Through Somebody: RUS, a member since 1 January 2015 until 2030 (A report)" in said

    def test_is_told_with_every_number_of_a_claim(self, desk, explain):
        made = desk.asserts(summary="Russia shut off the oil.").stream

        said = together(explain())

        for part in (
            "KAZ and RUS on 24 May 2022",
            f"both directions, lens standing@1, as known at position {log.head().position}",
            # p .65 is 166 of 256 worlds: −.6 there, 0 in the others.
            "−0.389 discord or normal (over 95 %), level never assessed",
            "90 % interval −0.60 to 0.00 (standard deviation 0.29)",
            "moved −0.39 since 10 May 2022, 90 % interval −0.60 to 0.00; fell with about 65 %,",
            (
                "It rests on 1 claim from 1 independent root, none of them state-owned; the latest"
                " began to act 13 days before."
            ),
            "−0.389 Russia shut off the oil. on 11 May 2022; counts on 11 May 2022",
            "plover-2.0/MOBILIZE/militia: value −6.0, step −0.600",
            "weight 1 = strength 1 (full) × sector 1 (government)",
            "−0.600 × 1 × p .65 = −0.390",
            (
                "p .65: a citation supports: C, credibility not given = .65 → 1 independent root ="
                " .65 → an act that is attributed or covert: prior odds 1 to 1 = .65"
            ),
            f"source: The Gazette claim:{made}",
            "−0.389 the sum, to nine places −0.389062500; the score is −0.389062500",
        ):
            assert part in said

    def test_says_of_an_act_that_it_confirms_a_larger_one_of_its_month(self, desk, explain):
        """Both are true in the same 242 of 256 worlds (p .9435), and −.6 counts in all of them;
        alone the accusation would have moved it by −.3 · 242/256."""
        desk.asserts(summary="Russia shut off the oil.", code="plover-2.0/SANCTION/discontinue")
        desk.asserts(summary="Russia complained.", code="plover-2.0/ACCUSE/disapprove")

        said = together(explain())

        of_one, _, of_other = said.partition("Russia complained.")
        says = "confirms another report of its month; alone it would have moved the level by −0.284"
        assert says in of_other
        assert "confirms" not in of_one

    def test_says_when_a_situation_and_a_war_count(self, desk, explain):
        lasting = {"kind": "situation", "occurred": Occurred(edtf="2022-05-20/2022-06-30")}
        desk.asserts(**lasting)
        desk.asserts(code="plover-2.0/ASSAULT/heavy-weapons", **lasting)

        said = together(explain())

        assert "counts on 20 May 2022" in said
        assert "counts each month, 20 May 2022 to 30 June 2022" in said
        assert "step −2.000, and −2.250 a month" in said

    def test_in_one_direction_names_who_acts(self, desk, explain):
        desk.asserts()

        assert explain("rus>kaz")[:2] == [
            "RUS towards KAZ on 24 May 2022",
            f"RUS towards KAZ, lens standing@1, as known at position {log.head().position}",
        ]
        assert "There is no claim on record." in together(explain("KAZ>RUS"))

    def test_without_a_claim_says_so(self, desk, explain):
        made = desk.asserts().stream

        lines = explain("KAZ-RUS", "--without", f"claim:{made}")

        assert f"without claim:{made}" in lines
        assert "There is no claim on record." in together(lines)

    def test_under_a_flow_weighs_the_value_itself(self, desk, explain):
        desk.asserts()

        said = together(explain("KAZ-RUS", "--lens", "tone", day="2022-05-11"))

        assert "plover-2.0/MOBILIZE/militia: value −6.0 weight" in said
        # A/(B + 1): −6 · .65/1.65
        assert "−2.364 mostly conflict" in said
        assert "= −3.900, of which .6061 is left" in said
        assert "90 % interval" not in said


class TestRefusals:
    @pytest.mark.parametrize(
        ("what", "options", "says"),
        [
            ("KAZ", (), "is not a pair or a triangle"),
            ("KAZ-QQQ", (), "no country on record has the code QQQ"),
            ("KAZ-KAZ", (), "a pair must be two different countries"),
            ("KAZ-RUS", ("--lens", "nothing"), "there is no lens 'nothing'"),
            ("KAZ-RUS", ("--as-of", "9999"), "9999 is not on record"),
            ("KAZ-RUS", ("--as-of", "yesterday"), "is neither a position of the log"),
            ("KAZ-RUS", ("--day", "May"), "is not a day"),
            ("KAZ-RUS", ("--without", "claim:x"), "must end in an id"),
            ("CHN-KAZ-RUS", ("--lens", "tone"), "needs levels"),
            ("CHN-KAZ-RUS", ("--without", "claim:x"), "run it for each side"),
        ],
    )
    def test_are_said_in_a_sentence(self, desk, explain, what, options, says):
        with pytest.raises(CommandError, match=re.escape(says)):
            explain(what, *options)


@pytest.fixture(scope="class")
def article(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        put_seed_on_record(scored=True)
        yield


class TestALevel:
    """Assessed levels, acts of one month, and the window of a movement."""

    def test_is_told_with_who_assessed_it_and_its_rung(self, desk, explain):
        rung = Level(rung="structural-1/defence-pact")
        made = desk.assesses("5", "2", level=rung, summary="A pact of defence.").stream
        desk.asserts()

        lines = explain()
        said = together(lines)

        assert "level assessed at +5.0 ± 2.0 by The Gazette, as of 31 December 2020" in said
        assert "structural-1/defence-pact: a defence pact, no rivalry" in said
        assert f"claim:{made}" in said
        assert "moved −" in said
        assert "since 10 May 2022, 90 % interval −" in said
        assert "fell with about 65 %, rose with under 5 %" in said
        assert "the sum, to nine places" in said

    def test_without_an_act_says_so(self, desk, explain):
        desk.assesses("5", "2")

        said = together(explain())

        assert "There is no act on record." in said
        assert "moved" not in said

    def test_says_that_only_the_largest_act_of_a_month_counts(self, desk, explain):
        """A contact on the sidelines is not even listed."""
        for day, code in ((10, "SUPPORT"), (20, "SUPPORT"), (21, "CONSULT/phone")):
            desk.asserts(code=f"plover-2.0/{code}", occurred=Occurred(edtf=f"2022-05-{day}"))

        said = together(explain())

        assert said.count("+0.300 × 1 × p .9435 = +0.283") == 2
        assert said.count("of which 0 counts") == 1
        assert said.count("claim:") == 2

    def test_takes_the_window_that_is_asked_for(self, desk, explain):
        desk.asserts()

        said = together(explain("KAZ-RUS", "--moved-since", "2022-05-11"))

        assert "moved 0.00 since 11 May 2022" in said
        with pytest.raises(CommandError, match="choose an earlier day"):
            explain("KAZ-RUS", "--moved-since", "2022-05-25")


class TestASilentTone:
    def test_has_no_number_for_the_score(self, desk, explain):
        desk.asserts()

        lines = explain("KAZ-RUS", "--lens", "tone", day="2023-05-24")

        assert lines[3].strip() == "no news since May 2022"
        assert "90 % interval" not in together(lines)


class TestTheArticle:
    @pytest.mark.parametrize(
        ("what", "lens"),
        [("KAZ-RUS", "standing"), ("CHN-RUS", "tone"), ("CHN-KAZ-RUS", "standing")],
    )
    def test_fits_into_eighty_columns_without_colours(self, article, explain, what, lens):
        lines = explain(what, "--lens", lens)

        assert len(lines) > 5
        assert all(len(line) <= 80 and "\x1b" not in line for line in lines)

    def test_is_told_of_kazakhstan_and_russia(self, article, explain):
        said = together(explain("KAZ-RUS"))

        assert "It rests on 3 claims from 1 independent root" in said
        # With odds of 9 · .65/.35.
        assert "−0.600 × .6 × p .9435 = −0.340" in said
        assert "+0.300 × .6 × p .9435 = +0.170" in said
        found = re.search(r"the sum, to nine places (\S+); the score is (\S+)", said)
        assert found
        assert found[1] == found[2]
        assert "moved −0." in said
        assert "since 30 March 2022" in said
