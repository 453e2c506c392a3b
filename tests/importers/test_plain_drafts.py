"""Rows of archives as plain drafts, which become any other draft."""

import io

from tests.kit.archive_rows import (
    CONSULT,
    EXPULSION,
    GDELT_1,
    GDELT_2,
    ICEWS,
    POLECAT,
    cells,
    gdelt,
    tabbed,
)
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource, PlainDraft, Story
from tracker.imports.formats.recognise import FORMATS

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


# A file of each archive; GDELT also without an address, and with a cell before its first column.
FILES = {
    "gdelt-1": (
        tabbed(GDELT_1, gdelt(), gdelt(SOURCEURL="BBC Monitoring"), ["1", *gdelt()]),
        3,
    ),
    "gdelt-2": (tabbed(gdelt(GDELT_2, DATEADDED="20160729001500")), 1),
    "icews": (tabbed(ICEWS, cells(ICEWS, CONSULT)), 1),
    "icews-list": (b"date\tsubject\trelation\tobject\n2018-08-29\tChina\tConsult\tJapan\n", 1),
    "polecat": (tabbed(POLECAT, cells(POLECAT, EXPULSION)), 1),
}


def test_all_rows_of_archives_are_plain():
    for name, (data, number) in FILES.items():
        rows = list(FORMATS[name].rows(io.BytesIO(data)))

        assert [type(row) for row in rows] == [PlainDraft] * number
