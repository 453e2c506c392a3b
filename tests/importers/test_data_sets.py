"""Original downloads of data sets about pairs of states, as drafts of claims."""

import io

import pytest

from tests.kit import data_sets
from tests.kit.archive_rows import read
from tests.kit.data_sets import FILES, drafts, refused
from tracker.imports.formats.drafts import NamedSource
from tracker.imports.formats.packed import BadFile
from tracker.imports.formats.pair_levels import PairDay, written
from tracker.imports.formats.recognise import FORMATS, format_of


@pytest.mark.parametrize("name", FILES)
def test_each_is_recognised(name):
    found = format_of(io.BufferedReader(io.BytesIO(FILES[name])))

    assert found is FORMATS[name]


def level(draft):
    """The rung, the day and the summary of a level, without the names of the pair."""
    rung = draft.fields["level"]["rung"].removeprefix("structural-1/")
    return rung, draft.fields["occurred"]["edtf"], draft.fields["summary"].partition(": ")[2]


class TestRivalries:
    def test_become_levels(self):
        [pakistan, china, *_] = drafts("rivalries", data_sets.TSS, *data_sets.TSS_ROWS)

        assert china.line == 3
        assert china.key == "structural-1 CHN-USA 2020-12-31"
        assert china.fields == {
            "kind": "level",
            "key": "structural-1 CHN-USA 2020-12-31",
            "summary": "China and the United States: strategic rivals since 1996.",
            "occurred": {"edtf": "2020-12-31", "basis": "stated"},
            "level": {"rung": "structural-1/lesser-rivalry"},
            "note": "structural-1/lesser-rivalry: any other going strategic rivalry.",
        }
        assert [(party.role, party.name) for party in china.parties] == [
            ("about", "CHN"),
            ("about", "USA"),
        ]
        assert china.citation == {"locator": "No. 211, China-United States 2"}
        assert china.document == {"title": "Strategic rivalries, until 2020"}
        assert china.publisher == NamedSource(name="Thompson, Sakuwa & Suhas", kind="organisation")

        # The shipped disputes make it severe, and are cited too.
        assert level(pakistan)[0] == "severe-rivalry"
        [other] = pakistan.more_citations
        assert other.citation == {"locator": "IND-PAK"}
        assert other.publisher.name == "Gibler, Miller & Little"

    def test_stand_beside_the_pacts_that_come_with_the_program(self):
        *_, greece = drafts("rivalries", data_sets.TSS, *data_sets.TSS_ROWS)

        assert level(greece) == (
            "rivalry-with-pact",
            "2018-12-31",
            "strategic rivals since 1955, with a pact of defence in 2018.",
        )

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ("China-Japan 2,1996,ongoing", ("lesser-rivalry", "2020-12-31")),
            ("China-Japan 2,P1996,ongoing", ("lesser-rivalry", "2020-12-31")),
            # ECOWAS binds them to fight for each other.
            ("Guinea-Bissau-Senegal,1989,1993", ("defence-pact", "2018-12-31")),
        ],
    )
    def test_may_be_by_name_as_in_the_book(self, row, expected):
        [found] = drafts("rivalries", data_sets.BOOK, row)

        assert level(found)[:2] == expected

    @pytest.mark.parametrize(
        ("row", "column", "reason"),
        [
            ("Britain-Venice,1494,1797", "rivalry", "does not name two countries"),
            ("China-China,1949,1972", "rivalry", "does not name two countries"),
            ("China-Japan,soon,ongoing", "start", "is not a year such as 2018"),
            ("China-Japan,1996,9999", "end", "is after 2100: check the year"),
            ("China-Japan,1996,P2001", "end", "is not a year such as 2018"),
        ],
    )
    def test_that_cannot_be_read_are_refused(self, row, column, reason):
        known = "India-Pakistan,1947,2020"
        [(line, at, _, why)] = refused("rivalries", data_sets.BOOK, known, row)

        assert (line, at) == (3, column)
        assert why.startswith(reason)

    def test_of_a_newer_edition_are_known_for_longer(self):
        rows = ("China-Japan 2,1996,ongoing", "Chad-Libya 1,1966,2023")

        assert level(drafts("rivalries", data_sets.BOOK, *rows)[0])[1] == "2023-12-31"

    def test_of_one_country_or_a_state_of_the_past_are_refused(self):
        same = '"1",1,"A-B",2,002,1947,2020,1,1,NA,NA,1,NA'
        one, past = refused("rivalries", data_sets.TSS, same, *data_sets.TSS_ROWS)

        assert (one[1], one[3]) == ("ccode2", "is the same country as the other")
        assert past[:3] == (7, "ccode1", "300")
        assert past[3].startswith("is Austria-Hungary, a state until 1918")


class TestAtop:
    def test_gives_levels_by_its_last_year(self):
        russia, again, china, states = drafts("atop", data_sets.ATOP, *data_sets.ATOP_ROWS)

        assert level(russia) == (
            "defence-pact",
            "2018-12-31",
            "a pact of defence in 2018, and no rivalry.",
        )
        assert russia.citation == {"locator": "365, 705 in 2018"}
        assert russia.document["title"].endswith("(ATOP), pairs by year, until 2018")
        assert (again.key, again.fields) == (russia.key, russia.fields)
        assert level(china) == (
            "pact",
            "2018-12-31",
            "a pact of non-aggression and consultation in 2018, and no rivalry.",
        )
        # A pact of 1943 is none of 2018; and they are rivals.
        assert level(states)[0] == "lesser-rivalry"

    def test_joins_the_obligations_of_several_rows(self):
        rows = (
            "705710,705,710,2018,1,0,0,0,1,0,1,1,1,2,0,4000,5.1",
            "710705,710,705,2018.0,1,0.0,0,1.0,0,1,1,1,1,2,0,4001,5.1",
        )

        [found, _] = drafts("atop", data_sets.ATOP, *rows)

        assert found.fields["summary"] == (
            "China and Kazakhstan: a pact of neutrality, non-aggression and consultation in 2018,"
            " and no rivalry."
        )

    def test_needs_a_year(self):
        with pytest.raises(BadFile, match="no row has a year in the column year"):
            drafts("atop", data_sets.ATOP, data_sets.ATOP_ROWS[0].replace("2017", "soon"))


class TestDisputes:
    @pytest.mark.parametrize(
        ("form", "header", "row"),
        [
            ("cow-disputes", data_sets.COW_DISPUTES, data_sets.COW_ROWS[0]),
            ("gml-disputes", data_sets.GML_DISPUTES, data_sets.GML_ROWS[0]),
        ],
    )
    def test_make_rivals_severe(self, form, header, row):
        [found] = drafts(form, header, row)

        assert level(found) == (
            "severe-rivalry",
            "1999-12-31",
            "strategic rivals since 1947, with a war on record in 1999.",
        )
        [other] = found.more_citations
        assert other.citation == {"locator": "dispute 4007 in 1999"}
        assert other.document["title"].endswith("until 1999")

    @pytest.mark.parametrize(
        "row",
        [
            # Of 2001, with one dead.
            data_sets.COW_ROWS[1],
            # The war in Korea, between rivals since 1996.
            "51,1,2,USA,710,CHN,3,11,1950,1953,27,7,1953,6,1,6,20,5,1,1",
            # Nobody knows how many died, and there was no war.
            data_sets.COW_ROWS[0].replace(",6,20,5,1,1", ",-9,20,4,1,0"),
        ],
    )
    def test_with_few_deaths_or_before_the_rivalry_do_not(self, row):
        [found] = drafts("cow-disputes", data_sets.COW_DISPUTES, row)

        assert level(found)[0] == "lesser-rivalry"

    @pytest.mark.parametrize(
        ("form", "header", "row", "wrong"),
        [
            ("atop", data_sets.ATOP, data_sets.ATOP_ROWS[1], ("2018", "2101")),
            (
                "cow-disputes",
                data_sets.COW_DISPUTES,
                data_sets.COW_ROWS[0],
                (",1999,1999,", ",1999,2101,"),
            ),
        ],
    )
    def test_of_a_year_to_come_are_refused_alone(self, form, header, row, wrong):
        """A mistyped year would put every other pair off."""
        rows = (row, row.replace(*wrong))

        assert refused(form, header, *rows) == [
            (3, "year", "2101", "is after 2100: check the year")
        ]
        assert [level(one) for one in drafts(form, header, *rows)] == [
            level(one) for one in drafts(form, header, row)
        ]

    def test_need_a_number_for_each_level(self):
        row = data_sets.COW_ROWS[0].replace(",6,20,5,1,1", ",many,20,5,1,1")

        assert refused("cow-disputes", data_sets.COW_DISPUTES, row) == [
            (2, "fatlev", "many", "is not a whole number")
        ]


class TestStructuralPairs:
    def test_get_their_levels(self):
        kazakhstan, china = read(FORMATS["structural"], FILES["structural"])

        assert level(kazakhstan) == (
            "defence-pact",
            "2018-12-31",
            "a pact of defence in 2018, and no rivalry.",
        )
        assert level(china) == ("lesser-rivalry", "1960-01-01", "strategic rivals since 1949.")

    def test_without_a_rivalry_or_pact_cite_both_tables(self):
        [found] = read(FORMATS["structural"], written([PairDay("KAZ-URY")]))

        assert found.citation == {"locator": "no row of KAZ-URY"}
        assert [other.publisher.name for other in found.more_citations] == [
            "Leeds, Ritter, Mitchell & Long"
        ]

    @pytest.mark.parametrize(
        ("row", "column", "value"),
        [
            ("KAZ,XXX,", "country_2", "XXX"),
            ("Russia,KAZ,", "country_1", "Russia"),
            ("KAZ,KAZ,", "country_2", "KAZ"),
            ("KAZ,RUS,2020", "as_of", "2020"),
        ],
    )
    def test_that_cannot_be_read_are_refused(self, row, column, value):
        header = "country_1,country_2,as_of"
        [(line, at, cell, _)] = refused("structural", header, row)

        assert (line, at, cell) == (2, column, value)


class TestUnVotes:
    def test_become_measures(self):
        one, other = drafts("un-votes", data_sets.UN_VOTES, *data_sets.UN_ROWS)

        assert one.fields == {
            "kind": "measure",
            "key": "705 365 2015",
            "summary": "Kazakhstan and Russia voted alike in 74.3 % of the votes in 2015.",
            "occurred": {"edtf": "2015", "basis": "stated"},
            "magnitude": {"value": "74.3", "unit": "% of votes alike"},
        }
        assert [(party.role, party.name) for party in one.parties] == [
            ("about", "KAZ"),
            ("about", "RUS"),
        ]
        # The file has both orders.
        assert (one.key, one.fields, one.citation) == (other.key, other.fields, other.citation)

    @pytest.mark.parametrize(("share", "percent"), [("1", "100.0"), ("2.5e-02", "2.5")])
    def test_are_shares(self, share, percent):
        row = data_sets.UN_ROWS[0].replace("0.743243243243243", share)

        [found] = drafts("un-votes", data_sets.UN_VOTES, row)

        assert found.fields["magnitude"]["value"] == percent

    @pytest.mark.parametrize(
        ("before", "after", "column"),
        [
            ("0.743243243243243", "1.2", "agree"),
            ("0.743243243243243", "NA", "agree"),
            ("2015", "soon", "year"),
            ("365,705", "999,705", "ccode1"),
            ("365,705", "705,705", "ccode2"),
            # In 1991 the number passed from one state to another.
            ("2015", "1991", "ccode1"),
        ],
    )
    def test_that_cannot_be_read_are_refused(self, before, after, column):
        row = data_sets.UN_ROWS[0].replace(before, after)

        [(_, at, _, _)] = refused("un-votes", data_sets.UN_VOTES, row)

        assert at == column
