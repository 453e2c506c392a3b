"""PLOVER's traps; the values are the manual's, ACCUSE corrected to −3."""

import pytest

from tests.kit.tables import each
from tracker.domain.codebooks import UnknownCode, find


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
