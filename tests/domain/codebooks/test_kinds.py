"""What a code says beyond its value: the usual form, whether it can be checked, sidelines."""

import pytest

from tests.kit.tables import each
from tracker.domain.codebooks import CODEBOOKS, find, form_of, unusual_form
from tracker.domain.facts import rows

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
