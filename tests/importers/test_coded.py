"""What archives have in common: days, acts, and the draft of a deed."""

import pytest

from tracker.domain.codes import UnknownCode
from tracker.imports.formats import coded
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.coded import (
    ArchiveRow,
    CodedAct,
    NamedActor,
    PartyColumns,
    SectorActor,
)
from tracker.imports.formats.drafts import NamedSource, Story

ROW = ArchiveRow(
    line=2,
    key="7",
    note="",
    remarks=(),
    columns={"/code": "act"},
    cells=lambda: {"act": "Provide aid"},
)
STORY = Story(publisher=NamedSource(name="ICEWS"), title="A story")


def draft(who, whom, *, code="030"):
    deed = CodedAct(
        day="2018-08-29",
        basis="inferred",
        act=coded.act(coded.CAMEO, code),
        initiators=tuple(who),
        recipients=tuple(whom),
    )
    return coded.draft(ROW, deed, STORY, PartyColumns("subject", "object")).claim()


class TestADay:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("20160729", "2016-07-29"),
            ("2016-07-29", "2016-07-29"),
            ("20160229", "2016-02-29"),
            ("20150229", ""),
            ("20160000", ""),
            ("2016-7-9", ""),
            ("2016-07-2", ""),
            ("2016", ""),
            ("", ""),
            ("29/07/2016", ""),
        ],
    )
    def test_is_written_in_one_of_two_ways(self, text, day):
        assert coded.day(text) == day


class TestAnAct:
    def test_is_one_of_the_edition(self):
        assert coded.act(coded.CAMEO, "163").label == "Impose embargo, boycott, or sanctions"

    def test_is_told_from_one_without_its_leading_zero(self):
        assert coded.act(coded.CAMEO, "010").label == "Make statement"
        assert coded.act(coded.CAMEO, "10").label == "DEMAND"

    def test_of_none_is_unknown(self):
        with pytest.raises(UnknownCode, match="codes keep their leading zero, write 042"):
            coded.act(coded.CAMEO, "42")


class TestDraft:
    def test_names_several_on_each_side(self):
        found = draft([SectorActor("KAZ"), NamedActor("Toqaev")], [SectorActor("CHN", "business")])

        assert found.fields["summary"] == (
            "Kazakhstan, Toqaev to Business (China): Express intent to cooperate"
        )
        assert [(one.role, one.name, one.column) for one in found.parties] == [
            ("initiator", "KAZ", "subject"),
            ("initiator", "Toqaev", "subject"),
            ("recipient", "CHN.BUSINESS", "object"),
        ]

    def test_has_the_same_key_in_whatever_order_they_are_named(self):
        pair = [SectorActor("KAZ"), SectorActor("CHN")]

        assert draft(pair, []).key == "2018-08-29 CHN+KAZ cameo-1.1b3/030"
        assert draft(pair[::-1], []).key == draft(pair, []).key

    def test_may_be_between_two_sectors_of_a_country(self):
        found = draft([SectorActor("KAZ")], [SectorActor("KAZ", "business")])

        assert found.key == "2018-08-29 KAZ cameo-1.1b3/030 KAZ.BUSINESS"

    @pytest.mark.parametrize("who", [SectorActor("KAZ", "military"), NamedActor("Toqaev")])
    def test_refuses_what_somebody_does_to_himself(self, who):
        with pytest.raises(BadCell) as problem:
            draft([SectorActor("CHN"), who], [who])

        assert (problem.value.column, problem.value.value) == ("object", who.code)
        assert problem.value.reason == coded.SAME_ACTOR

    def test_refuses_what_is_done_to_nobody(self):
        with pytest.raises(BadCell) as problem:
            draft([SectorActor("CHN")], [], code="070")

        assert (problem.value.column, problem.value.value) == ("act", "Provide aid")
        assert problem.value.reason == coded.NO_RECIPIENT


class TestACollection:
    def test_is_machine_coded_and_scores_without_review(self):
        found = coded.collection("icews", "Events.", credibility=3)

        assert (found.name, found.description) == ("icews", "Events.")
        assert (found.coding, found.review) == ("machine", False)
        assert (found.default_reliability, found.default_credibility) == ("C", 3)


def test_memory_does_not_grow_with_the_names_in_a_file():
    remembered = [coded.day, coded.publisher, coded.side]

    assert all(one.cache_info().maxsize for one in remembered)
