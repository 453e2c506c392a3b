"""Rows become drafts by a mapping, or are refused by line, column, value and reason."""

from pathlib import Path

import pytest

from tests.kit.mapping_texts import CODED_SPEAKER, LEAST, MAPPING
from tests.kit.workbooks import a_book
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.base import InvalidRow
from tracker.imports.formats.drafts import DraftClaim, NamedParty, NamedSource

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
ROW = {
    "day": "2022-05-11",
    "who": "KAZ",
    "whom": "CHN",
    "what": "They meet.",
    "tags": "",
    "sum": "",
    "url": "https://mfa.gov.kz/a",
    "published": "",
    "sure": "",
    "wire": "",
    "origin": "",
    "sort": "visit",
    "side": "",
}


def read(*rows, mapping=MAPPING):
    """The drafts of rows that differ from the usual one in what is given."""
    book = a_book(list(ROW), *(list((ROW | row).values()) for row in rows))
    return list(generic.read(book, mappings.read(mapping)))


def draft(mapping=MAPPING, **row):
    [found] = read(row, mapping=mapping)
    return found


class TestRead:
    def test_names_who_says_it_where_the_cell_is_filled(self):
        mapping = MAPPING.replace("[claim]", '[claim]\nsaid_by = {column = "origin"}', 1)

        found = [draft(mapping, origin=origin).said_by for origin in ("CHN", "")]

        assert found == [NamedParty(role="initiator", name="CHN", column="origin"), None]

    def test_reads_codes_of_countries_by_the_date_of_the_claim(self):
        mapping = MAPPING.replace('split = ";"', 'split = ";", scheme = "cow"')
        mapping = mapping.replace("[claim]", CODED_SPEAKER, 1)

        found = [
            draft(mapping, day=day, who="365; 710", origin="365")
            for day in ("1969-03-02", "1992-12-18")
        ]

        assert [[one.name for one in each.parties] for each in found] == [
            ["SUN", "CHN", "CHN"],
            ["RUS", "CHN", "CHN"],
        ]
        assert [one.said_by.name for one in found] == ["SUN", "RUS"]

    def test_remarks_on_an_act_whose_code_usually_lasts(self):
        mapping = MAPPING.replace("plover-2.0/CONSULT/visit", "plover-2.0/SANCTION")

        found = draft(mapping)

        assert found.fields["kind"] == "act"
        assert found.remarks == (
            "plover-2.0/SANCTION usually lasts, as a situation; as an act it counts on one day",
        )
        assert draft().remarks == ()

    def test_makes_a_draft_of_a_row(self):
        found = draft(tags="a b", sum="5.5", sure="3", wire="Reuters", published="2022-05-12")

        assert found.line == 2
        assert found.fields == {
            "kind": "act",
            "summary": "They meet.",
            "tags": ["a", "b"],
            "magnitude": {"value": "5.5", "unit": "t"},
            "occurred": {"edtf": "2022-05-11", "basis": "stated"},
            "code": "plover-2.0/CONSULT/visit",
        }
        assert found.parties == (
            NamedParty(role="initiator", name="KAZ", column="who"),
            NamedParty(role="recipient", name="CHN", column="whom"),
        )
        assert found.document == {"url": "https://mfa.gov.kz/a", "date": "2022-05-12"}
        assert found.publisher == NamedSource(name="mfa.gov.kz", column="url", ownership="state")
        assert found.citation == {"credibility": 3}
        assert found.chain == (NamedSource(name="Reuters", column="wire"),)

    def test_says_where_each_field_comes_from(self):
        columns = draft().columns

        assert columns["/occurred"] == "day"
        assert columns["/code"] == "sort"
        assert columns["/citations/0/credibility"] == "sure"
        assert columns["/document/url"] == "url"
        assert "/magnitude/unit" not in columns

    def test_keeps_the_words_of_a_date_that_is_read_from_them(self):
        assert draft(day="late March 2022").fields["occurred"] == {
            "edtf": "[2022-03-21..2022-03-31]",
            "basis": "stated",
            "phrase": "late March 2022",
        }
        assert "occurred" not in draft(day="unknown").fields

    def test_takes_the_first_rule_that_fits_in_all_its_columns(self):
        found = draft(sort="row", side="bad")

        assert found.fields["code"] == "plover-2.0/ACCUSE"
        assert found.fields["contexts"] == ["territory"]
        assert found.fields["strength"] == {"grade": "weak", "reason": "They quarrel."}
        assert [one.role for one in found.parties] == ["initiator", "affected"]

    @pytest.mark.parametrize(
        ("row", "refused"),
        [
            (
                {"sort": "war", "side": "bad"},
                ("sort", "war", "matches no rule in [[codes]], with si"),
            ),
            ({"who": ""}, ("who", "", "is empty, but this party is required")),
            ({"url": ""}, ("url", "", "is empty: the publisher is unknown")),
            ({"url": "see below"}, ("url", "see below", "is not an address")),
        ],
    )
    def test_refuses_a_row_alone(self, row, refused):
        column, value, reason = refused
        first, found, last = read({}, row, {})

        assert isinstance(found, InvalidRow)
        assert (found.line, found.column, found.value) == (3, column, value)
        assert found.reason.startswith(reason)
        assert (first.line, last.line) == (2, 4)

    def test_needs_no_rules_where_a_column_has_the_code(self):
        rules = MAPPING[MAPPING.index("[[codes]]") : MAPPING.index("[[publishers]]")]
        mapping = MAPPING.replace(rules, "").replace('unit = "t"', 'code = {column = "sort"}')

        assert draft(mapping=mapping, sort="cameo-1.1b3/042").fields["code"] == "cameo-1.1b3/042"


class TestACountryOfAScheme:
    def test_is_judged_beside_an_invalid_date_as_far_as_the_date_does_not_decide(self):
        mapping = MAPPING.replace('split = ";"', 'split = ";", scheme = "cow"')
        mapping = mapping.replace("[claim]", CODED_SPEAKER, 1)

        refused = draft(mapping, day="05/03/1991", who="710;365", origin="365")
        unknown = draft(mapping, day="05/03/1991", who="710;999", origin="998")

        assert (refused.column, [one.column for one in refused.more]) == ("day", [])
        assert [party.name for party in refused.draft.parties] == ["CHN", "CHN"]
        assert refused.draft.said_by is None
        assert set(refused.unread) == {"/occurred", "/parties"}
        assert [(one.column, one.value) for one in unknown.faults] == [
            ("day", "05/03/1991"),
            ("who", "999"),
            ("origin", "998"),
        ]


class TestASectorOfACountry:
    MAPPING = MAPPING.replace(
        'split = ";"',
        'split = "+", scheme = "cow", values = {"ORG:EU" = "EUN"},'
        ' sectors = {"ORG:" = "business", "MIL:" = "military"}',
    )

    def test_is_named_by_the_prefix_of_its_code(self):
        found = draft(self.MAPPING, who="710+ORG:710 + MIL: 365+ORG:EU", day="1969-03-02")

        assert found.parties[:4] == (
            NamedParty(role="initiator", name="CHN", column="who", former=True),
            NamedParty(
                role="initiator",
                name="CHN.BUSINESS",
                column="who",
                actor_name="Business (China)",
                country="CHN",
                sector="business",
                former=True,
            ),
            NamedParty(
                role="initiator",
                name="SUN.MILITARY",
                column="who",
                actor_name="Military (Soviet Union)",
                country="SUN",
                sector="military",
                former=True,
            ),
            NamedParty(role="initiator", name="EUN", column="who", former=True),
        )

    def test_speaks(self):
        mapping = MAPPING.replace(
            "[claim]",
            '[claim]\nsaid_by = {column = "origin", scheme = "iso3", sectors = {m = "military"}}',
            1,
        )

        assert draft(mapping, origin="mCHN").said_by.sector == "military"


class TestASkippedRow:
    MAPPING = (
        MAPPING
        + """
[[skips]]
when = {sort = "none"}
reason = "no act of a state"

[[skips]]
when = {who = {like = "firm*"}, side = "no"}
reason = "a firm's business"
"""
    )

    def test_is_refused_with_the_reason_alone(self):
        skipped = draft(self.MAPPING, sort="none", day="05/03/2024")

        assert (skipped.column, skipped.value) == ("sort", "none")
        assert skipped.reason == "is skipped: no act of a state"
        assert (skipped.more, skipped.draft) == ((), None)

    def test_fits_in_all_columns_of_a_rule(self):
        skipped, kept = (
            draft(self.MAPPING, who="Firm of KAZ", side=side) for side in ("no", "yes")
        )

        assert skipped.reason == "is skipped: a firm's business"
        assert isinstance(kept, DraftClaim)


class TestTheKeyOfARow:
    def test_does_not_change_with_the_order_of_the_columns_or_an_empty_one(self):
        rows = ["day,who,what,x\n2022,KAZ,y,\n", "what,day,who\ny,2022,KAZ\n"]
        keys = {
            one.key
            for text in rows
            for one in generic.read(text.encode(), mappings.read(LEAST_TEXT))
        }

        assert len(keys) == 1

    def test_follows_from_the_columns_that_name_it(self):
        keyed = 'key = ["url", "sort"]' + MAPPING

        assert draft(mapping=keyed).key == draft(mapping=keyed, what="Other words.").key
        assert draft(mapping=keyed).key != draft(mapping=keyed, url="https://mfa.gov.kz/b").key
        assert draft(mapping=keyed).fields["key"] == "https://mfa.gov.kz/a visit"

    def test_is_never_empty(self):
        refused = draft(mapping='key = ["tags"]' + MAPPING)

        assert (refused.column, refused.reason) == (
            "tags",
            "is empty, but it is part of the key of the row",
        )


# Every row of a document that the mapping names.
LEAST_TEXT = LEAST.replace('{column = "title"}', '"x"').replace('{column = "outlet"}', '"y"')


class TestTheSample:
    def test_says_the_same_as_a_workbook(self):
        mapping = mappings.read((SAMPLES / "steppe.toml").read_text(encoding="utf-8"))
        text, book = (
            list(generic.read((SAMPLES / f"steppe.{kind}").read_bytes(), mapping))
            for kind in ("csv", "xlsx")
        )

        assert text == book
        assert [one.line for one in text] == list(range(2, 11))
        assert text[5].fields["occurred"]["edtf"] == "[2022-11-21..2022-11-30]"
        assert text[6].fields["occurred"]["edtf"] == "2023-05"


class TestLevels:
    MAPPING = (
        LEAST_TEXT.replace('"act"', '"level"\nlevel = {column = "level"}')
        .replace("summary =", 'level_sd = {column = "sd"}\nrung = {column = "rung"}\nsummary =')
        .replace('{column = "what"}', '"They are rivals."')
        .replace('"initiator"', '"about"')
        .replace('{column = "who"}', '{column = "who", split = ";"}')
    )

    @pytest.mark.parametrize(
        ("cells", "level"),
        [
            # A lesser rivalry is -2 ± 2.5.
            ("-2.0,2.50,structural-1/lesser-rivalry", {"rung": "structural-1/lesser-rivalry"}),
            (",,structural-1/lesser-rivalry", {"rung": "structural-1/lesser-rivalry"}),
            (
                "-2,2,structural-1/lesser-rivalry",
                {"value": "-2", "sd": "2", "rung": "structural-1/lesser-rivalry"},
            ),
            ("-2,2.5,", {"value": "-2", "sd": "2.5"}),
        ],
    )
    def test_with_the_numbers_of_their_rung_are_the_rung(self, cells, level):
        data = f"who,level,sd,rung\nCHN;USA,{cells}\n".encode()

        [draft] = generic.read(data, mappings.read(self.MAPPING))

        assert draft.fields["level"] == level
