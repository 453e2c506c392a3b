"""Records become JSON for ever and come back as they were; what has no place there is refused."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from unicodedata import is_normalized

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.domain_builders import a_claim, a_claim_state
from tests.kit.laws import WIDE
from tests.kit.sample_shape import COMPOSED, DECOMPOSED, EVENTS, LEAST, Leaf, Tree, a_tree, scalars
from tests.kit.strategies import KEYS, MOST, VALUES, records
from tests.kit.tables import each
from tracker.domain import codec
from tracker.domain import events as e
from tracker.domain.codec import BadShape, build, canonical, merge, plain, record_of, split, texts
from tracker.domain.events import SHAPES
from tracker.domain.records import Actor, Name, Party, Source
from tracker.domain.state import ClaimState, DocumentState, LinkState, SourceState


class TestEveryEvent:
    @WIDE
    @given(EVENTS)
    def test_is_canonical_and_comes_back_also_without_its_words(self, event):
        shape = type(event)
        body, words = split(event)
        texts = [canonical(part) for part in (body, words)]

        # As another program has it, with no null, no float, and only composed text.
        assert [text.encode() for text in texts] == [rfc8785.dumps(part) for part in (body, words)]
        for one in scalars([body, words]):
            assert type(one) in (str, int, bool)
            assert not isinstance(one, str) or ("\0" not in one and is_normalized("NFC", one))
        assert build(shape, merge(*map(json.loads, texts))) == event
        assert split(build(shape, body)) == (body, {})


class TestSplit:
    def test_leaves_out_what_is_absent_or_empty(self):
        assert split(a_tree()) == (LEAST | {"colour": "red", "evergreen": False}, {})

    def test_keeps_what_is_needed_though_it_is_empty(self):
        body, _ = split(a_tree(name=""))

        assert (body["name"], body["leaves"]) == ("", [])

    def test_puts_words_at_the_place_of_their_record(self):
        tree = a_tree(leaves=(Leaf(size=1), Leaf(words="fell")), main=Leaf(words="red"), note="old")
        body, words = split(tree)

        assert body["leaves"] == [{"size": 1}, {"size": 0}]
        assert body["main"] == {"size": 0}
        assert words == {"leaves": [{}, {"words": "fell"}], "main": {"words": "red"}, "note": "old"}

    def test_says_nothing_of_leaves_that_have_no_words(self):
        assert split(a_tree(leaves=(Leaf(),)))[1] == {}

    def test_writes_a_field_that_python_would_take_for_a_keyword(self):
        assert split(a_tree(from_="Kew"))[0]["from"] == "Kew"

    def test_keeps_the_order_that_the_person_gave(self):
        assert split(a_tree(tags=("b", "a")))[0]["tags"] == ["b", "a"]

    @pytest.mark.parametrize("kind", ["person", "company"])
    def test_takes_names_for_words_only_where_a_person_bears_them(self, kind):
        body, words = split(Actor(kind=kind, names=(Name(text="Ann"),), aliases=("A.",)))
        named = {"names": [{"text": "Ann"}], "aliases": ["A."]}

        assert (body | words, words) == ({"kind": kind} | named, named if kind == "person" else {})

    @pytest.mark.parametrize("kind", ["person", "outlet"])
    def test_takes_a_source_s_name_for_words_only_if_it_is_a_person(self, kind):
        _, words = split(Source(kind=kind, name="Ann"))

        assert words == ({"name": "Ann"} if kind == "person" else {})


class TestPlain:
    def test_gives_a_record_whole(self):
        assert plain(Leaf(size=2, words="fell")) == {"size": 2, "words": "fell"}

    def test_composes_text(self):
        assert plain({"name": [DECOMPOSED]}) == {"name": [COMPOSED]}

    @each(
        ("value", "says"),
        [
            *(
                (value, "cannot be stored in the log")
                for value in (
                    1.5,
                    None,
                    float("nan"),
                    {1},
                    b"x",
                    datetime(2022, 5, 24, tzinfo=UTC),
                    object,
                )
            ),
            ("a\0b", r"U\+0000"),
            ("\ud83d", "half a surrogate pair"),
            # Programs would sort such keys in two ways.
            *(({key: 1}, "a key") for key in ("a\0b", "", "é", "a\n", "\U0001f600", 1)),
            # JSON readers would round such numbers.
            *((number, "2⁵³") for number in (MOST + 1, -MOST - 1, 10**400)),
            # Such decimals cannot be written out.
            *((Decimal(text), "decimal") for text in ("Infinity", "-Infinity", "NaN", "sNaN")),
            *((Decimal(text), "decimal") for text in ("1E+999999", "1E-999999")),
            *((Decimal(text), "decimal") for text in ("0E+1", "-0E+1", "0E+30")),
        ],
    )
    def test_refuses_what_has_no_place_in_the_log(self, value, says):
        with pytest.raises(BadShape, match=says):
            plain([value])

    @each(
        ("number", "written"),
        [
            ("-4.0", "-4.0"),
            ("0", "0"),
            ("-0", "-0"),
            ("0.040", "0.040"),
            ("1E+3", "1000"),
            ("1E-3", "0.001"),
        ],
    )
    def test_writes_decimals_to_the_digit(self, number, written):
        assert plain(Decimal(number)) == written


class TestCanonical:
    @given(st.dictionaries(KEYS, VALUES))
    def test_is_what_another_program_makes_of_it(self, value):
        assert canonical(plain(value)).encode() == rfc8785.dumps(plain(value))

    def test_escapes_no_more_than_it_must(self):
        assert canonical({"b": "é\n\x1f\x7f/", "a": [True, 1]}) == (
            '{"a":[true,1],"b":"é\\n\\u001f\x7f/"}'
        )

    def test_refuses_what_json_lacks(self):
        with pytest.raises(ValueError, match="JSON"):
            canonical(float("nan"))


class TestMerge:
    def test_refuses_words_for_more_parts_than_there_are(self):
        with pytest.raises(BadShape, match="2 parts"):
            merge({"leaves": [{}]}, {"leaves": [{}, {"words": "fell"}]})


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
