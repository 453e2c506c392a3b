"""Records are written as canonical JSON, in body, words and whole."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.domain_builders import a_claim, a_claim_state
from tests.kit.laws import WIDE
from tests.kit.sample_shape import Leaf, Tree
from tests.kit.strategies import records
from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.codec import record_of, texts
from tracker.domain.events import SHAPES
from tracker.domain.records import Party
from tracker.domain.state import ClaimState, DocumentState, LinkState, SourceState

STATES = (ClaimState, DocumentState, LinkState, SourceState)


class TestTexts:
    @WIDE
    @given(st.sampled_from([*SHAPES.values(), *STATES, Tree]).flatmap(records))
    def test_are_canonical_and_read_as_what_was_written(self, record):
        shape = type(record)
        for text in filter(None, texts(record)):
            assert text.encode() == rfc8785.dumps(json.loads(text))
        if shape is not Tree:
            assert texts(codec.build(shape, json.loads(texts(record)[2]))) == texts(record)

    def test_normalise_what_is_said(self):
        assert texts(Leaf(words="a\u0308"))[1] == '{"words":"ä"}'
        assert texts(a_claim(summary="a\u0308")) == texts(a_claim(summary="ä"))

    @each(
        "wrong",
        [
            {"key": "a\0b"},
            {"summary": "\ud800"},
            {"collection": None},
            {"kind": 1.5},
            {"parties": (1.5,)},
            {"kind": b"act"},
        ],
    )
    def test_refuse_what_has_no_form_in_the_log(self, wrong):
        record = a_claim(**wrong)

        with pytest.raises(codec.BadShape):
            texts(record)

    def test_take_a_value_that_is_none_of_the_set_ones(self):
        for kind in ("deed", 7, True, ""):
            assert json.loads(texts(a_claim(kind=kind))[2])["kind"] == kind

    def test_are_made_of_parts_that_are_written_already(self):
        state = a_claim_state(note="a note")
        claim = state.claim
        known = {id(one): texts(one) for one in (*claim.parties, claim.occurred)}

        assert texts(claim, known) == texts(claim)
        assert texts(state, {id(claim): texts(claim, known)}) == texts(state)

    def test_believe_what_is_said_to_be_known(self):
        party = Party(actor=a_claim().collection, role="about")

        assert texts(party, {id(party): ("1", "", "1")}) == ("1", "", "1")


class TestRecordOf:
    def test_is_what_an_event_describes_or_nothing(self):
        claim = a_claim()

        assert record_of(e.ClaimAsserted(claim=claim)) is claim
        assert record_of(e.ClaimCorrected(claim=claim, reason="no")) is claim
        assert record_of(e.ClaimRetracted(reason="no")) is None
