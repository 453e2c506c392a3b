"""Codes of every scheme: how they are looked up, the traps of PLOVER and CAMEO, and what each says
beyond its value. PLOVER's values are its manual's, ACCUSE corrected to −3; CAMEO's are Goldstein's
as the table has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.tables import each
from tracker.domain.codebooks import (
    CODEBOOKS,
    CONTEXTS,
    UnknownCode,
    UnknownContext,
    check_context,
    choices,
    family,
    find,
    form_of,
    unusual_form,
    value,
)
from tracker.domain.facts import rows

EVERY = [choice.code for choice in choices()]


class TestFamily:
    def test_of_an_event_has_its_modes(self):
        coerce = "seize restrict censor curfew martial-law arrest deport withhold misinformation"
        modes = [f"plover-2.0/COERCE/{mode}" for mode in (*coerce.split(), "cyber")]

        assert family("plover-2.0/COERCE") == ["plover-2.0/COERCE", *modes]

    def test_of_a_cameo_root_has_the_codes_that_begin_with_it(self):
        assert family("cameo-1.1b3/163") == ["cameo-1.1b3/163"]
        assert {"cameo-1.1b3/08", "cameo-1.1b3/081", "cameo-1.1b3/0871"} <= {
            *family("cameo-1.1b3/08")
        }

    def test_of_a_mode_is_itself(self):
        assert family("plover-2.0/COERCE/cyber") == ["plover-2.0/COERCE/cyber"]


class TestFind:
    @each("code", EVERY)
    def test_gives_back_every_code_that_can_be_chosen(self, code):
        found = find(code)

        assert found.code == code
        assert found.label
        assert found.value is not None
        assert -10 <= found.value <= 10

    @each(
        ("code", "why"),
        [
            ("cameo-2.0/163", "unknown codebook 'cameo-2.0'; a code begins with"),
            ("cameo/163", "its edition: plover-2.0 or cameo-1.1b3"),
            ("PLOVER-2.0/PROTEST", "unknown codebook 'PLOVER-2.0'"),
            ("163", "unknown codebook '163'"),
            ("", "unknown codebook ''"),
            ("AGREE", "as in plover-2.0/AGREE$"),
            ("agree", "as in plover-2.0/AGREE$"),
            ("cameo/163", "as in cameo-1.1b3/163,"),
            ("xyzzy", "as in plover-2.0/SANCTION/discontinue$"),
        ],
    )
    def test_refuses_a_code_without_a_known_edition(self, code, why):
        with pytest.raises(UnknownCode, match=why):
            find(code)

    @given(
        st.text()
        | st.sampled_from(EVERY).flatmap(lambda code: st.sampled_from([code[:-1], code + "/"]))
    )
    def test_fails_in_no_other_way(self, code):
        try:
            assert find(code).code == code
        except UnknownCode as refusal:
            assert len(str(refusal)) < 500  # noqa: PT017 # some of these texts are codes

    def test_does_not_repeat_an_endless_code(self):
        with pytest.raises(UnknownCode) as refusal:
            find("plover-2.0/" + "PROTEST" * 100_000)

        assert len(str(refusal.value)) < 500


class TestValue:
    def test_is_that_of_the_code(self):
        assert value("plover-2.0/SANCTION/expel") == -5.5


class TestChoices:
    def test_are_all_codes_once(self):
        # 16 events and 67 modes of PLOVER, 312 codes of CAMEO
        assert len(EVERY) == len(set(EVERY)) == 16 + 67 + 312

    def test_show_label_and_value(self):
        assert ("plover-2.0/ASSAULT/heavy-weapons", "Assault: heavy weapons", -9.5) in choices()
        assert ("cameo-1.1b3/163", "Impose embargo, boycott, or sanctions", -8.0) in choices()

    def test_name_their_codebook(self):
        assert {code.partition("/")[0] for code in EVERY} == set(CODEBOOKS)


class TestContext:
    def test_of_the_table_is_one(self):
        assert check_context("economic") == "economic"
        assert len(CONTEXTS) == 37

    @pytest.mark.parametrize(
        ("name", "nearest"),
        [
            ("Economics", "economic"),
            ("human rights", "nearest: human_rights"),
            ("xylophone", "for example: asylum"),
            ("", "asylum"),
            ("economic\r", "economic"),
        ],
    )
    def test_is_refused_with_what_comes_nearest(self, name, nearest):
        with pytest.raises(UnknownContext, match=nearest):
            check_context(name)


class TestPlover:
    @each(
        ("code", "value"),
        [
            ("SANCTION/discontinue", -6.0),
            ("CONSULT/visit", 4.0),
            ("CONSULT", 2.5),
            ("REQUEST/meet", 0.0),
            ("REQUEST/assist", 0.5),
            ("ASSAULT/unconventional", -10.0),
            ("AID", 10.0),
        ],
    )
    def test_scores_the_mode_or_else_the_event(self, code, value):
        assert find(f"plover-2.0/{code}").value == value

    def test_accusing_is_conflict_whatever_the_manual_prints(self):
        assert find("plover-2.0/ACCUSE").value == -3.0
        assert find("plover-2.0/ACCUSE/allege").value == -3.5

    def test_a_mode_without_a_score_has_its_event_s(self):
        assert find("plover-2.0/PROTEST/vandalize").value == -5.0

    def test_protest_is_material_conflict(self):
        assert find("plover-2.0/PROTEST/demo").quad == "material_conflict"

    @each(
        ("events", "speech"),
        [
            ("AGREE THREATEN REJECT REQUEST ACCUSE SUPPORT", True),
            ("CONSULT CONCEDE COOPERATE AID RETREAT PROTEST SANCTION ASSAULT", False),
        ],
    )
    def test_speech_is_itself_the_act(self, events, speech):
        for event in events.split():
            assert find(f"plover-2.0/{event}").speech is speech, event

    def test_only_assault_is_assault(self):
        assert find("plover-2.0/ASSAULT/aerial").assault
        assert not find("plover-2.0/COERCE/seize").assault

    def test_some_events_need_a_recipient(self):
        assert find("plover-2.0/SANCTION/expel").requires_recipient
        assert not find("plover-2.0/PROTEST").requires_recipient

    def test_is_its_own_nearest_plover_code(self):
        assert find("plover-2.0/RETREAT/ceasefire").plover == "plover-2.0/RETREAT/ceasefire"
        assert find("plover-2.0/RETREAT").plover == "plover-2.0/RETREAT"

    @each(
        ("code", "why"),
        [
            ("SANCTON/discontinue", "no event 'SANCTON'; nearest: .*SANCTION"),
            ("sanction/discontinue", "no event 'sanction'; nearest: .*SANCTION"),
            ("NEGOTIATE", "no event 'NEGOTIATE'"),
            ("", "no event ''; for example: ACCUSE, AGREE, AID$"),
            ("SANCTION/discontinued", "SANCTION has no mode 'discontinued'; nearest: discontinue"),
            ("SANCTION/embargo", "no mode 'embargo'; for example: convict, discontinue, expel$"),
            ("SANCTION/", "SANCTION has no mode ''"),
            ("SANCTION/expel/more", "no mode 'expel/more'; nearest: expel"),
            ("RETREAT/return", "RETREAT has no mode 'return'"),
            ("AGREE/economic", "AGREE has no modes, so not 'economic': write plover-2.0/AGREE"),
        ],
    )
    def test_names_what_it_lacks_and_what_comes_nearest(self, code, why):
        with pytest.raises(UnknownCode, match=why):
            find(f"plover-2.0/{code}")


# where GDELT's column differs from ours, and ours
APART = [("016", -5.0), ("022", 3.4), ("1213", -4.0), ("164", -6.5), ("165", -7.0)]


class TestCameo:
    @each(("code", "value"), [*APART, ("0871", 9.0), ("09", -2.0), ("057", 8.0)])
    def test_has_goldstein_s_value_and_not_gdelt_s(self, code, value):
        assert find(f"cameo-1.1b3/{code}").value == value

    def test_codes_are_texts(self):
        assert find("cameo-1.1b3/010").label == "Make statement"
        assert find("cameo-1.1b3/10").label == "DEMAND"

    def test_163_is_sanctions_in_this_edition(self):
        assert find("cameo-1.1b3/163").label == "Impose embargo, boycott, or sanctions"
        assert find("cameo-1.1b3/164").label == "Halt negotiations"

    def test_protest_is_verbal_conflict(self):
        assert find("cameo-1.1b3/141").quad == "verbal_conflict"
        assert find("cameo-1.1b3/141").plover == "plover-2.0/PROTEST/demo"

    @each(
        ("code", "plover"),
        [
            ("163", "plover-2.0/COERCE/restrict"),
            ("0842", "plover-2.0/RETREAT"),
            ("036", "plover-2.0/AGREE"),
            ("012", ""),
            ("0871", "plover-2.0/CONCEDE"),
        ],
    )
    def test_gives_the_nearest_plover_code(self, code, plover):
        assert find(f"cameo-1.1b3/{code}").plover == plover

    def test_every_nearest_plover_code_exists(self):
        mapped = [code.plover for code in CODEBOOKS["cameo-1.1b3"].codes.values() if code.plover]

        assert len(mapped) > 200
        assert all(find(plover).code == plover for plover in mapped)

    @each(
        ("code", "speech", "assault", "needs_recipient"),
        [
            ("1312", True, False, False),
            ("112", True, False, False),
            ("0871", False, False, False),
            ("163", False, False, False),
            ("161", False, False, True),
            ("190", False, True, False),
            ("010", False, False, False),
        ],
    )
    def test_takes_speech_assault_and_recipient_from_plover(
        self, code, speech, assault, needs_recipient
    ):
        found = find(f"cameo-1.1b3/{code}")

        assert (found.speech, found.assault) == (speech, assault)
        assert found.requires_recipient == needs_recipient

    def test_suggests_the_contexts_that_there_are(self):
        assert find("cameo-1.1b3/091").contexts == ("crime", "corruption")
        assert find("cameo-1.1b3/073").contexts == ()

    @each(
        ("code", "why"),
        [
            ("1", "keep their leading zero, write 01"),
            ("871", "keep their leading zero, write 0871"),
            ("1639", "no code '1639'; nearest: .*163"),
            ("SANCTION", "no code 'SANCTION'; for example: 01, 02, 03$"),
            ("", "no code ''"),
            ("163/", "no code '163/'"),
        ],
    )
    def test_names_what_it_lacks_and_what_comes_nearest(self, code, why):
        with pytest.raises(UnknownCode, match=why):
            find(f"cameo-1.1b3/{code}")


CODES = [code for book in CODEBOOKS.values() for code in book.codes.values()]
ROWS = [*rows("plover_kinds"), *rows("cameo_kinds")]


class TestTables:
    def test_have_one_row_for_each_code(self):
        plover = ["/".join(filter(None, (row["event"], row["mode"]))) for row in ROWS[:83]]
        cameo = [row["code"] for row in ROWS[83:]]

        assert sorted(plover) == sorted(CODEBOOKS["plover-2.0"].codes)
        assert sorted(cameo) == sorted(CODEBOOKS["cameo-1.1b3"].codes)

    def test_hold_only_values_that_are_read_and_a_reason(self):
        assert {row["form"] for row in ROWS} == {"act", "situation"}
        assert {row["checkable"] for row in ROWS} == {"yes", "no"}
        assert {row["sideline"] for row in ROWS} == {"yes", "no"}
        assert all(row["reason"] for row in ROWS)


class TestForm:
    @each(
        ("code", "form"),
        [
            # It lasts until it is ended, or is done on a day.
            ("plover-2.0/SANCTION", "situation"),
            ("plover-2.0/COERCE/arrest", "situation"),
            ("plover-2.0/ASSAULT/heavy-weapons", "situation"),
            ("cameo-1.1b3/163", "situation"),
            ("cameo-1.1b3/190", "situation"),
            ("plover-2.0/CONSULT/visit", "act"),
            ("plover-2.0/SANCTION/expel", "act"),
            ("plover-2.0/ASSAULT/firearms", "act"),
            ("cameo-1.1b3/010", "act"),
            ("cameo-1.1b3/166", "act"),
        ],
    )
    def test_is_a_situation_where_it_lasts(self, code, form):
        assert find(code).form == form

    def test_of_an_unknown_code_is_an_act(self):
        assert form_of("plover-2.0/SANCTION") == "situation"
        assert form_of("nonsense") == "act"


class TestUnusualForm:
    @pytest.mark.parametrize(
        ("code", "kind", "says"),
        [
            ("SANCTION", "act", "usually lasts, as a situation; as an act it counts on one day"),
            (
                "AGREE",
                "situation",
                "is usually done on a day, as an act; as a situation it counts daily",
            ),
        ],
    )
    def test_is_named_with_what_follows_from_it(self, code, kind, says):
        assert unusual_form(f"plover-2.0/{code}", kind) == f"plover-2.0/{code} {says}"

    @each(
        ("code", "kind"),
        [
            ("plover-2.0/SANCTION", "situation"),
            ("plover-2.0/AGREE", "act"),
            ("plover-2.0/SANCTION", "measure"),
            ("plover-2.0/AGREE", "forecast"),
            ("nonsense", "act"),
            (None, "act"),
        ],
    )
    def test_is_empty_where_nothing_is_unusual(self, code, kind):
        assert unusual_form(code, kind) == ""


class TestCheckable:
    @each(
        ("code", "checkable"),
        [
            ("plover-2.0/CONSULT/visit", True),
            ("plover-2.0/SANCTION", True),
            ("cameo-1.1b3/057", True),
            ("cameo-1.1b3/129", True),
            # covert or attributed acts
            ("plover-2.0/COERCE/cyber", False),
            ("plover-2.0/ASSAULT/explosives", False),
            ("cameo-1.1b3/064", False),
            ("cameo-1.1b3/204", False),
        ],
    )
    def test_are_acts_in_public(self, code, checkable):
        assert find(code).checkable is checkable

    @each("code", [code.code for code in CODES if code.speech and code.mode])
    def test_is_speech(self, code):
        # to break a norm is no speech, although it is mapped to a rejection
        assert find(code).checkable == (code != "cameo-1.1b3/128")


class TestSideline:
    def test_is_a_call_or_a_meeting_in_a_third_country(self):
        assert {code.code for code in CODES if code.sideline} == {
            "plover-2.0/CONSULT/third-party",
            "plover-2.0/CONSULT/phone",
            "cameo-1.1b3/041",
            "cameo-1.1b3/044",
        }
