"""Records are written, to the byte, as they always were."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_shapes import FILES, decoded
from tests.kit import old_codec
from tests.kit.domain_builders import a_claim, a_claim_state
from tests.kit.laws import SOME
from tests.kit.sample_shape import Leaf, Tree
from tests.kit.strategies import records
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.codec import record_of, texts
from tracker.domain.events import SHAPES
from tracker.domain.records import Party
from tracker.domain.state import ClaimState, DocumentState, LinkState, SourceState

STATES = (ClaimState, DocumentState, LinkState, SourceState)


def as_before(record: Any) -> tuple[str, str, str]:
    body, words = old_codec.split(record)
    whole = old_codec.canonical(old_codec.plain(record))
    return old_codec.canonical(body), old_codec.canonical(words) if words else "", whole


class TestTexts:
    @pytest.mark.parametrize(
        "shape", [*SHAPES.values(), *STATES, Tree], ids=lambda one: one.__name__
    )
    @SOME
    @given(data=st.data())
    def test_are_what_they_were_and_read_as_they_were(self, shape, data):
        record = data.draw(records(shape))

        assert texts(record) == as_before(record)
        if shape is not Tree:
            sent = old_codec.plain(record)
            assert codec.build(shape, sent) == old_codec.build(shape, sent)

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_of_every_shape_are_what_they_were(self, file):
        event = decoded(file)

        assert texts(event) == as_before(event)

    def test_normalise_what_is_said(self):
        assert texts(Leaf(words="a\u0308"))[1] == '{"words":"ä"}'
        assert texts(a_claim(key="a\u0308", summary="a\u0308")) == as_before(
            a_claim(key="a\u0308", summary="a\u0308")
        )

    @pytest.mark.parametrize(
        "wrong",
        [
            {"key": "a\0b"},
            {"summary": "\ud800"},
            {"collection": None},
            {"kind": 1.5},
            {"parties": (1.5,)},
            {"kind": b"act"},
        ],
        ids=repr,
    )
    def test_refuse_what_has_no_form_in_the_log(self, wrong):
        record = a_claim(**wrong)

        with pytest.raises(old_codec.BadShape) as expected:
            old_codec.split(record)
        with pytest.raises(codec.BadShape) as refused:
            texts(record)
        assert refused.value.detail == expected.value.detail

    def test_take_a_value_that_is_none_of_the_set_ones(self):
        for kind in ("deed", 7, True, ""):
            assert texts(a_claim(kind=kind)) == as_before(a_claim(kind=kind))

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
