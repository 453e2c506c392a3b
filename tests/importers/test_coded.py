"""What archives have in common: days, acts, and the draft of a deed."""

import pytest

from tests.kit.archive_rows import (
    CONSULT,
    EXPULSION,
    ICEWS,
    POLECAT,
    cells,
    read,
    tabbed,
)
from tracker.imports.formats import coded
from tracker.imports.formats.base import BadCell
from tracker.imports.formats.coded import (
    ArchiveRow,
    CodedAct,
    NamedActor,
    PartyColumns,
    SectorActor,
)
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource, PlainDraft, Story
from tracker.imports.formats.recognise import FORMATS

LIST = ["date", "subject", "relation", "object"]
ARCHIVES = [
    ("icews", ICEWS, cells(ICEWS, CONSULT)),
    ("icews-list", LIST, ["2018-08-29", "China", "Consult", "Japan"]),
    ("polecat", POLECAT, cells(POLECAT, EXPULSION)),
]

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
            ("2016-07-29 00:15:00", "2016-07-29"),
            ("2016-07-29T10:00:00Z", "2016-07-29"),
            ("2016-07-29x", ""),
            ("20150229", ""),
            ("20160000", ""),
            ("2016-7-9", ""),
            ("", ""),
            ("29/07/2016", ""),
        ],
    )
    def test_is_written_in_one_of_two_ways(self, text, day):
        assert coded.day(text) == day


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


class TestAnArchive:
    @pytest.mark.parametrize(
        ("name", "credibility"),
        [("gdelt-1", 4), ("gdelt-2", 4), ("icews", 3), ("icews-list", 4), ("polecat", 3)],
    )
    def test_is_graded_as_machine_coded(self, name, credibility):
        found = FORMATS[name].collection

        assert (found.name, found.coding, found.review) == (name, "machine", False)
        assert (found.default_reliability, found.default_credibility) == ("C", credibility)

    @pytest.mark.parametrize(("name", "header", "row"), ARCHIVES)
    def test_says_where_each_field_comes_from(self, name, header, row):
        [found] = read(FORMATS[name], tabbed(header, row))

        assert {"/code", "/occurred"} <= set(found.columns)
        assert set(found.columns.values()) <= set(found.cells)
        assert {one.column for one in found.parties} <= set(found.cells)

    @pytest.mark.parametrize(("name", "header", "row"), ARCHIVES)
    def test_has_rows_as_long_as_its_header(self, name, header, row):
        refused, right = read(FORMATS[name], tabbed(header, ["1", *row], row))

        assert refused.reason.startswith(f"has {len(row) + 1} cells, the header has {len(row)}")
        assert right.line == 3


def test_memory_does_not_grow_with_the_names_in_a_file():
    remembered = [coded.day, coded.publisher, coded.side]

    assert all(one.cache_info().maxsize for one in remembered)


DRAFT = PlainDraft(
    line=7,
    key="2020-01-02 KAZ a/1 RUS",
    row_key="n1",
    day="2020-01-02",
    basis="inferred",
    code="a/1",
    initiators=(NamedParty(role="initiator", name="KAZ"),),
    recipients=(NamedParty(role="recipient", name="RUS"),),
    contexts=(),
    summary="Kazakhstan to Russia: Visit",
    note="A note.",
    remarks=("late",),
    story=Story(publisher=NamedSource(name="The Gazette"), url="https://a.example/1"),
    columns={"/code": "code"},
    cells=lambda: {"code": "1"},
)


class TestAPlainDraft:
    def test_becomes_a_draft_with_all_that_it_says(self):
        assert DRAFT.claim() == DraftClaim(
            line=7,
            key="2020-01-02 KAZ a/1 RUS",
            fields={
                "kind": "act",
                "key": "n1",
                "summary": "Kazakhstan to Russia: Visit",
                "code": "a/1",
                "occurred": {"edtf": "2020-01-02", "basis": "inferred"},
                "note": "A note.",
            },
            parties=(*DRAFT.initiators, *DRAFT.recipients),
            citation={},
            document={"url": "https://a.example/1"},
            publisher=NamedSource(name="The Gazette"),
            chain=(),
            columns={"/code": "code"},
            cells={"code": "1"},
            remarks=("late",),
            repeatable=True,
        )

    def test_has_contexts_a_title_a_date_and_a_place_where_the_row_has_them(self):
        story = Story(
            publisher=NamedSource(name="The Gazette"),
            title="Visits",
            published="2020-01-03",
            locator="sentence 2",
        )
        draft = DRAFT._replace(contexts=("diplomatic", "military"), story=story).claim()

        assert draft.fields["contexts"] == ["diplomatic", "military"]
        assert draft.document == {"title": "Visits", "date": "2020-01-03"}
        assert draft.citation == {"locator": "sentence 2"}
