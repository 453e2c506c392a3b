"""Codes of every scheme, as they are looked up."""

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
    value,
)

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
