"""Which codes a clause may have, in which order, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain import codebooks
from tracker.domain.codebooks.cues import CueRow
from tracker.domain.codes import PLOVER, UnknownCode
from tracker.domain.facts import rows
from tracker.domain.reading.codes import is_close, ranked, with_neighbours

# No table has this verb, so that all the evidence is this row's.
ZORB = CueRow("zorb", "", "plover-2.0/AID", "A zorbs B")
NOBODY = "Paris zorbed Rome"


def codes(clause, **more):
    return [found.code.removeprefix(f"{PLOVER}/") for found in ranked(clause, **more)]


def scores(clause, **more):
    found = ranked(clause, **more)
    return {one.code.removeprefix(f"{PLOVER}/"): one.score for one in found}


class TestTheFirstCode:
    @each(
        ("clause", "code"),
        [
            ("Peru sanctioned two banks of Chile", "SANCTION"),
            ("Chile recalled its ambassador from Lima", "SANCTION/withdraw"),
            ("Lima closed its airspace to Chilean planes", "COERCE/restrict"),
            ("Bolivia sent doctors to Paraguay", "AID"),
            ("Two divisions were massed: Chile massed troops on the border", "MOBILIZE/troops"),
            ("Peru's navy fired missiles at the port", "ASSAULT/heavy-weapons"),
            ("The court found the captain guilty", "SANCTION/convict"),
            ("Farmers blocked the road to Chile", "PROTEST/obstruct"),
        ],
    )
    def test_follows_the_verb_and_its_object(self, clause, code):
        assert codes(clause)[0] == code

    @pytest.mark.parametrize(
        ("clause", "code", "opposite"),
        [
            ("Peru lifted its sanctions on Chile", "CONCEDE", "SANCTION"),
            ("Peru ended the embargo on Chile", "CONCEDE", "SANCTION/discontinue"),
            ("Peru refused to attack Chile", "REJECT", "ASSAULT"),
            ("Peru threatened to attack Chile", "THREATEN/violence", "ASSAULT"),
            ("Peru called for sanctions on Chile", "REQUEST", "SANCTION"),
            ("Peru denied attacking Chile", "REJECT", "ASSAULT"),
            ("Peru would not meet Chile", "REJECT/meet", "CONSULT"),
            ("Peru urged Chile to withdraw its troops", "REQUEST/yield", "RETREAT/withdraw"),
            ("Peru agreed to lend Chile a billion", "AGREE", "AID"),
            ("Peru will sanction Chile", "THREATEN/relations", "SANCTION"),
            ("Peru plans to attack Chile", "THREATEN/violence", "ASSAULT"),
            ("Peru suspended the treaty with Chile", "SANCTION/withdraw", "SUPPORT"),
            ("Peru ended the joint patrols with Chile", "SANCTION/discontinue", "COOPERATE"),
            ("Peru agreed not to attack Chile", "AGREE", "THREATEN/violence"),
        ],
    )
    def test_is_what_another_word_makes_of_the_verb(self, clause, code, opposite):
        found = codes(clause)

        assert found[0] == code
        assert opposite not in found or scores(clause)[opposite] <= 0.6 * scores(clause)[code]

    @each(
        "clause",
        [
            "Peru did not attack Chile",
            "Peru stopped short of sanctions",
            "Peru failed to invade Chile",
            "According to Lima, the valley is green",
            "The valley lies on the coast",
            "",
            "—",
        ],
    )
    def test_is_none_where_nothing_was_done(self, clause):
        assert ranked(clause) == ()

    @pytest.mark.parametrize(
        ("clause", "code"),
        [
            ("Chile refused the terms, and signed a treaty", "SUPPORT"),
            ("The threats of Peru are old: Chile has sanctioned it", "SANCTION"),
        ],
    )
    def test_of_a_verb_with_its_own_subject_is_its_own(self, clause, code):
        assert scores(clause)[code] > 0.6

    @pytest.mark.parametrize(
        ("clause", "code"),
        [
            ("Peru agreed to lift its ban on Chile", "THREATEN/restrict"),
            ("Peru, suspending the law and arresting an envoy, waited", "CONCEDE"),
            ("Peru will talk to Chile, which attacked Bolivia", "THREATEN/violence"),
        ],
    )
    def test_is_not_what_a_word_makes_of_a_distant_verb(self, clause, code):
        assert code not in codes(clause)


class TestACode:
    def test_has_its_place_and_its_reason(self):
        clause = "In May, Chile lifted its sanctions on Peru"
        first = ranked(clause)[0]

        assert clause[first.start : first.end] == "lifted"
        assert (first.cue, first.object) == ("lift", "sanctions")
        assert first.why == "lifted … sanctions → CONCEDE"

    def test_without_an_object_has_the_next_noun_that_is_one(self):
        first = ranked("Paris zorbed the new embassy", cues=(ZORB,))[0]

        assert (first.cue, first.object, first.why) == ("zorb", "embassy", "zorbed → AID")

    @each(
        ("clause", "passive"),
        [
            ("Peru was sanctioned by Chile", True),
            ("Peru has been harshly sanctioned", True),
            ("The banks sanctioned by Chile", True),
            ("The town was hit by Chile", True),
            ("Chile sanctioned Peru", False),
            ("Chile has sanctioned Peru", False),
            ("Chile was sanctioning Peru", False),
        ],
    )
    def test_is_passive_where_the_initiator_comes_last(self, clause, passive):
        assert ranked(clause)[0].passive is passive

    @given(st.text(max_size=200))
    def test_is_there_once_and_exists(self, text):
        found = ranked(text)

        assert len({one.code for one in found}) == len(found) <= 9
        assert all(codebooks.find(one.code).scheme == PLOVER for one in found)
        assert all(0 < one.score < 1 and one.start < one.end <= len(text) for one in found)
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


class TestScores:
    def test_go_by_how_the_word_is_used(self):
        """A row without an object counts .8; in a gerund .7 of it, after "the" half of it, after
        "after the" .3 of it; carried by "launch" all of it."""
        used = {
            "Paris zorbed Rome": 0.8,
            "Paris was to zorb Rome": 0.8 * 0.85,
            "Paris, zorbing Rome": 0.8 * 0.7,
            "The zorb of Rome": 0.8 * 0.5,
            "There is zorb in Rome": 0.8 * 0.5,
            "Silence after the zorb": 0.8 * 0.3,
            "Paris launched a zorb on Rome": 0.8,
        }

        for clause, score in used.items():
            assert scores(clause, cues=(ZORB,))["AID"] == pytest.approx(score), clause

    def test_add_up_as_independent_chances_and_fall_with_each_place(self):
        """1 − (1 − .8)(1 − .8 · .85), as the second place counts .85."""
        assert scores("Paris zorbed Rome, Oslo zorbed Bonn", cues=(ZORB,)) == pytest.approx(
            {"AID": 0.936}
        )

    def test_of_a_row_with_its_object_push_the_others_back(self):
        """The row with its object is at its most, .95; without, .35 · .8."""
        rows = (ZORB, CueRow("zorb", "river", "plover-2.0/REJECT"))

        found = scores("Paris zorbed the river", cues=rows)

        assert found == pytest.approx({"REJECT": 0.95, "AID": 0.28})

    def test_of_a_row_count_nine_tenths_with_a_word_like_its_object(self):
        """Marines are of the family of "troops". Two rows for one code count once."""
        rows = tuple(CueRow("zorb", noun, "plover-2.0/AID") for noun in ("troops", "soldiers"))

        assert scores("Paris zorbed the marines", cues=rows) == pytest.approx({"AID": 0.9})
        assert codes("Paris zorbed the banks", cues=rows) == []

    def test_of_a_cue_are_there_with_words_before_its_last(self):
        """At most two, or five before "out", "home" and the like."""
        rows = (CueRow("zorb out", "", "plover-2.0/AID"), CueRow("zorb with", "", "plover-2.0/AID"))

        assert codes("Paris zorbed the five new foreign attachés out", cues=rows) == ["AID"]
        assert codes("Paris zorbed the five new foreign attachés with it", cues=rows) == []

    def test_of_a_longer_cue_leave_no_room_for_its_part(self):
        rows = (ZORB, CueRow("zorb off", "", "plover-2.0/REJECT"))

        assert scores("Paris zorbed Rome off", cues=rows) == {"REJECT": 0.8}

    def test_of_a_word_and_the_verb_that_it_turns(self):
        """What it makes of the verb counts at least .8, the word itself .6 of .8. The verb is an
        infinitive, governed, and in the second place: .8 · .85 · .3 · .85."""
        rows = (CueRow("glorp", "", "plover-2.0/AGREE"), CueRow("zorb", "", "plover-2.0/ASSAULT"))
        found = scores("Paris glorped to zorb Rome", cues=rows)

        expected = {"THREATEN/violence": 0.8, "AGREE": 0.48, "ASSAULT": 0.1734}
        assert found == pytest.approx(expected)

    def test_are_none_of_harm_that_is_refused(self):
        row = CueRow("zorb", "", "plover-2.0/ASSAULT")

        assert "ASSAULT" in codes("Paris began to zorb Rome", cues=(row,))
        assert "ASSAULT" not in codes("Paris refused to zorb Rome", cues=(row,))


class TestTheDesksOwnCues:
    def test_replace_those_of_the_table(self):
        row = CueRow("blacklist", "", "plover-2.0/COERCE/censor")

        assert codes("Paris blacklisted Rome")[0] == "SANCTION"
        assert codes("Paris blacklisted Rome", cues=(row,))[0] == "COERCE/censor"

    def test_need_a_code_that_exists(self):
        with pytest.raises(UnknownCode):
            ranked(NOBODY, cues=(CueRow("zorb", "", "plover-2.0/NOTHING"),))


class TestTheDesksOwnClaims:
    def test_share_the_weight_of_the_cue(self):
        """Twelve claims: three quarters of .8 · 12/16 for REJECT, and (3 + 4)/16 for the table's
        code."""
        counts = {("zorb", ""): {"plover-2.0/REJECT": 9, "plover-2.0/AID": 3}}

        expected = {"REJECT": 0.8 * 9 / 16, "AID": 0.8 * 7 / 16}

        assert scores(NOBODY, cues=(ZORB,), counts=counts) == pytest.approx(expected)

    def test_count_for_their_object_alone(self):
        counts = {("zorb", "embassy"): {"plover-2.0/REJECT": 9}}

        assert codes(NOBODY, cues=(ZORB,), counts=counts) == ["AID"]
        assert codes("Paris zorbed an embassy", cues=(ZORB,), counts=counts)[0] == "REJECT"


class TestIsClose:
    @pytest.mark.parametrize(("number", "close"), [(2, False), (3, False), (4, True), (5, False)])
    def test_within_fifteen_hundredths(self, number, close):
        """Of n claims with another code: n/(n + 4) against 4/(n + 4). Three to four, and four to
        five, are further apart."""
        row = CueRow("zorb", "river", "plover-2.0/AID")
        counts = {("zorb", "river"): {"plover-2.0/REJECT": number}}

        found = ranked("Paris zorbed the river", cues=(row,), counts=counts)

        assert is_close(found) is close

    def test_where_the_only_code_is_faint(self):
        assert is_close(ranked("Silence after the zorb", cues=(ZORB,)))

    def test_is_none_of_one_or_of_nothing(self):
        assert not is_close(())
        assert not is_close(ranked(NOBODY, cues=(ZORB,)))


class TestNeighbours:
    def test_fill_the_first_three_events(self):
        code = ranked("Peru expelled two diplomats.")[0]
        found = with_neighbours((code,))

        # What is most like a sanction, as the table has it.
        assert [one.code.split("/")[1] for one in found] == ["SANCTION", "COERCE", "REJECT"]
        assert found[1].why == "like SANCTION → COERCE"
        assert found[1].score < code.score / 5

    def test_are_none_where_there_are_three_or_nothing(self):
        found = ranked("Peru bombed Chile, and recalled its envoy from the talks.")

        assert len({one.code.split("/")[1] for one in found}) >= 3
        assert with_neighbours(found) == found
        assert with_neighbours(()) == ()

    def test_are_events_of_the_codebook(self):
        for row in rows("event_neighbours"):
            assert codebooks.find(f"{PLOVER}/{row['event']}").event == row["event"]
            assert codebooks.find(f"{PLOVER}/{row['neighbour']}").event != row["event"]


@pytest.mark.parametrize(
    ("clause", "supports"),
    [("Peru backs Chile", True), ("Peru back Chile", True), ("Peru sent it back", False)],
)
def test_back_supports_nobody_as_a_particle(clause, supports):
    found = [one for one in ranked(clause) if one.score > 0.5 and "/SUPPORT" in one.code]

    assert bool(found) == supports
