"""The kinds of event: each has its schema, and what was written once can be read for ever."""

from uuid import UUID, uuid5

import pytest

from tests.kit.domain_builders import an_id
from tracker.domain import events as e
from tracker.domain.codec import BadShape
from tracker.domain.events import SCHEMA, SHAPES, UnknownShape, decode, encode, link_id

ONE, OTHER = an_id("one"), an_id("other")


class TestSchemas:
    def test_are_read_by_the_class_of_their_kind(self):
        assert all(kind == shape.__name__ for (kind, _), shape in SHAPES.items())

    def test_are_written_in_the_newest_there_is(self):
        assert all((kind, schema + 1) not in SHAPES for kind, schema in SCHEMA.items())


class TestEncode:
    def test_gives_kind_schema_body_and_words(self):
        event = e.ClaimsLinked(type="says", from_=ONE, to=OTHER, note="in the same breath")

        assert encode(event) == (
            "ClaimsLinked",
            1,
            {"type": "says", "from": str(ONE), "to": str(OTHER)},
            {"note": "in the same breath"},
        )


class TestDecode:
    def test_reads_withheld_words_as_empty(self):
        assert decode("ClaimRetracted", 1, {}, None) == e.ClaimRetracted()

    @pytest.mark.parametrize(("kind", "schema"), [("ClaimPraised", 1), ("ClaimRetracted", 2)])
    def test_refuses_what_this_version_does_not_know(self, kind, schema):
        with pytest.raises(UnknownShape, match=f"cannot read {kind}, schema {schema}") as caught:
            decode(kind, schema, {})
        assert "start one that is at least as new" in str(caught.value)

    def test_refuses_a_body_that_is_not_of_its_shape(self):
        with pytest.raises(BadShape, match="/position: is missing"):
            decode("TextWithheld", 1, {"reason": "a private person", "authority": "the editor"})

    def test_reads_an_old_shape_through_its_upcaster(self, monkeypatch):
        """As if `why` had once been the name of `reason`."""
        monkeypatch.setitem(SHAPES, ("ClaimRetracted", 0), e.ClaimRetracted)
        monkeypatch.setitem(
            e.UPCASTERS, ("ClaimRetracted", 0), lambda whole: {"reason": whole["why"]}
        )

        assert decode("ClaimRetracted", 0, {}, {"why": "a slip"}).reason == "a slip"
        assert decode("ClaimRetracted", 1, {}, {"reason": "a slip"}).reason == "a slip"

    def test_reads_an_old_shape_that_says_what_the_new_one_says(self, monkeypatch):
        monkeypatch.setitem(SHAPES, ("ClaimRetracted", 0), e.ClaimRetracted)

        assert decode("ClaimRetracted", 0, {}).reason == ""


class TestLinkId:
    def test_follows_from_what_is_linked_and_how(self):
        assert link_id("says", ONE, OTHER) == uuid5(e.NAMESPACE, f"link:says{ONE}{OTHER}")

    def test_is_another_for_another_link(self):
        made = {
            link_id("says", ONE, OTHER),
            link_id("says", OTHER, ONE),
            link_id("causes", ONE, OTHER),
        }

        assert len(made) == 3

    def test_rests_on_a_namespace_that_never_changes(self):
        assert UUID("331823dd-0988-470a-9d45-e95f3ddfd0cc") == e.NAMESPACE
