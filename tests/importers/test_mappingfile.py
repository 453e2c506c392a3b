"""A mapping is read as it is written, and every mistake in it is named."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tracker.domain.records import Collection
from tracker.imports.formats import mappings
from tracker.imports.formats.base import Layout
from tracker.imports.formats.conditions import Condition, NumberRange
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.drafts import Grade
from tracker.imports.formats.mappings import PartyMapping, PublisherRule
from tracker.imports.formats.row_rules import SkipRule
from tracker.imports.formats.sections import BadMapping
from tracker.imports.formats.values import DateSource, Value

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"
LEAST = """
[collection]
name = "events"

[claim]
kind = "act"
summary = {column = "what"}

[[parties]]
role = "initiator"
name = {column = "who"}

[document]
title = {column = "title"}
publisher = {column = "outlet"}
"""
FULL = """
key = ["no"]

[table]
header = 3
encoding = "cp1251"
delimiter = ";"
sheet = "Events"

[collection]
name = "events"
coding = "machine"
review = true
description = "From a table."
default_reliability = "D"
default_credibility = 4

[claim]
kind = {column = "kind", values = {Act = "act"}}
summary = {template = "{who}: {what}"}
tags = ["a", "b"]

[occurred]
date = {column = "day"}
until = {column = "end"}
formats = ["%Y-%m-%d"]
basis = "inferred"

[[parties]]
label = "hub"
role = "initiator"
name = "CHN"

[[parties]]
label = "others"
role = "recipient"
name = {column = "who", split = ";"}
optional = true

[document]
url = {column = "url"}
date = {column = "published"}
publisher = {host_of = "url"}

[citation]
credibility = 3
chain = [{column = "wire"}, "Reuters"]

[[codes]]
when = {sort = ["x", "y"], more = "z"}
code = "plover-2.0/CONSULT"
kind = "act"
strength = "weak"
contexts = ["economic"]
roles = {others = "affected"}
reason = "They meet."

[[publishers]]
like = ["*.gov.??"]
kind = "agency"
country = "CHN"
ownership = "state"
reliability = "B"
since = 2020-01-01
reason = "Its record."
"""


class TestRead:
    def test_takes_what_is_not_said_for_the_usual(self):
        found = mappings.read(LEAST)

        assert found.collection == Collection(name="events", coding="curated", review=False)
        assert found.layout == Layout()
        assert (found.key, found.occurred, found.rules, found.publishers) == ((), None, (), ())
        assert found.columns == ("what", "who", "title", "outlet")

    def test_passes_over_the_mark_that_editors_put_before_utf_8(self):
        assert mappings.read("\ufeff" + LEAST) == mappings.read(LEAST)

    def test_reads_all_that_can_be_said(self):
        found = mappings.read(FULL)

        assert found.key == ("no",)
        assert found.layout == Layout(header=3, encoding="cp1251", delimiter=";", sheet="Events")
        assert found.collection == Collection(
            name="events",
            coding="machine",
            review=True,
            description="From a table.",
            default_reliability="D",
            default_credibility=4,
        )
        assert found.claim == {
            "/kind": Value(column="kind", values={"Act": "act"}),
            "/summary": Value(template="{who}: {what}"),
            "/tags": Value(constant="a\nb", split="\n"),
        }
        assert found.occurred == DateSource(
            value=Value(column="day"), until=Value(column="end"), formats=("%Y-%m-%d",)
        )
        assert found.basis == "inferred"
        assert found.parties == (
            PartyMapping(label="hub", role="initiator", name=Value(constant="CHN")),
            PartyMapping(
                label="others",
                role="recipient",
                name=Value(column="who", split=";"),
                optional=True,
            ),
        )
        assert found.citation == {"/credibility": Value(constant="3")}
        assert found.chain == (Value(column="wire"), Value(constant="Reuters"))
        assert found.published == DateSource(value=Value(column="published"))
        [rule] = found.rules
        assert rule.when == {"sort": Condition(texts=("x", "y")), "more": Condition(texts=("z",))}
        assert (rule.code, rule.kind, rule.strength) == ("plover-2.0/CONSULT", "act", "weak")
        assert (rule.contexts, rule.roles) == (("economic",), {"others": "affected"})
        assert found.publishers == (
            PublisherRule(
                like=("*.gov.??",),
                kind="agency",
                country="CHN",
                ownership="state",
                grade=Grade(reliability="B", since=date(2020, 1, 1), reason="Its record."),
            ),
        )

    def test_reads_schemes_of_countries(self):
        [party] = mappings.read(
            LEAST.replace(
                '{column = "who"}', '{column = "who", scheme = "name", languages = ["ru", "uk"]}'
            )
        ).parties
        said_by = mappings.read(
            LEAST.replace('"act"', '"act"\nsaid_by = {column = "says", scheme = "gw"}')
        ).said_by

        assert party.name.countries == CountryScheme(scheme="name", languages=("ru", "uk"))
        assert said_by == Value(column="says", countries=CountryScheme(scheme="gw"))

    def test_reads_sectors_and_rows_to_skip(self):
        found = mappings.read(
            LEAST.replace(
                '{column = "who"}',
                '{column = "who", scheme = "iso3", sectors = {"ORG:" = "business"}}',
            )
            + '[[skips]]\nwhen = {form = "x"}\nreason = "Nobody acts."'
        )

        assert found.parties[0].name.sectors == {"ORG:": "business"}
        assert found.skips == (
            SkipRule(when={"form": Condition(texts=("x",))}, reason="Nobody acts."),
        )
        assert found.columns == ("what", "who", "title", "outlet", "form")

    def test_reads_words_and_months_of_dates(self):
        dated = '[occurred]\ndate = {column = "day"}\n'
        found = [
            mappings.read(dated + keys + LEAST).occurred
            for keys in (
                'formats = ["%Y"]\nor_words = true\nmonths = ["fr"]\n',
                'formats = ["%b %Y"]\nmonths = ["fr"]\n',
                'months = ["fr"]\n',
            )
        ]

        day = Value(column="day")
        assert found == [
            DateSource(value=day, formats=("%Y",), or_words=True, months=("fr",)),
            DateSource(value=day, formats=("%b %Y",), months=("fr",)),
            DateSource(value=day, months=("fr",)),
        ]

    def test_reads_patterns_and_ranges_of_rules(self):
        rule = '[[codes]]\nreason = "r"\nwhen = {x = {like = "*a", number = ["<0", "1..2"]}}\n'
        [found] = mappings.read(LEAST.replace("[document]", rule + "[document]")).rules

        assert found.when == {
            "x": Condition(
                like=("*a",),
                numbers=(
                    NumberRange(high=Decimal(0), closed=False),
                    NumberRange(low=Decimal(1), high=Decimal(2)),
                ),
            )
        }

    def test_knows_every_column_that_it_asks_for(self):
        assert set(mappings.read(FULL).columns) == {
            *("no", "kind", "who", "what", "day", "end", "url", "published", "wire", "sort"),
            "more",
        }

    def test_reads_the_sample(self):
        mappings.read((SAMPLES / "steppe.toml").read_text(encoding="utf-8"))

    def test_reads_what_the_page_on_importing_shows(self):
        page = (SAMPLES.parents[1] / "docs" / "importing.md").read_text(encoding="utf-8")
        shown, levels = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)

        assert len(mappings.read(shown).columns) == 11
        sample = (SAMPLES / "panel.toml").read_text(encoding="utf-8")
        assert [part for part in levels.strip().split("\n\n") if part not in sample] == []

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ('name = "events"', 'name = "events', "this is not TOML"),
            ('name = "events"', "", "collection.name: is missing"),
            ('name = "events"', "name = 5", 'collection.name: must be a text such as "x"'),
            ("review = true", 'review = "no"', "collection.review: must be true or false"),
            ('"machine"', '"robot"', "collection.coding: 'robot' is not one of: curated, machine"),
            ('"machine"', '"machine"\nname2 = "x"', "collection.name2: is an unknown key; did you"),
            ("header = 3", 'header = "3"', "table.header: must be a whole number"),
            ("header = 3", "header = 0", "table.header: must be the number of a line"),
            ('"cp1251"', '"latin"', "table.encoding: 'latin' is not one of: utf-8, utf-16"),
            ('delimiter = ";"', 'delimiter = ";;"', "table.delimiter: ';;' is not one of"),
            ('key = ["no"]', 'key = "no"', "key: must be a list such as"),
            ('key = ["no"]', "key = [5]", "key: must be a list of texts"),
            ('key = ["no"]', 'keys = ["no"]', "keys: is an unknown key; did you mean key?"),
            ("[table]", "[tables]", "tables: is an unknown key; did you mean table?"),
            ("[table]", "table = 5\n[else]", "table: must be a table such as [table]"),
            ('summary = {template = "{who}: {what}"}', "", "claim.summary: is missing"),
            ('kind = {column = "kind", values', 'kind = {colum = "kind", values', "claim.kind: re"),
            ('values = {Act = "act"}', "values = {Act = 5}", "claim.kind.values: must be a table"),
            ('values = {Act = "act"}', 'value = "x"', "claim.kind.value: is an unknown key"),
            ("tags = [", "hedge = [", "claim.hedge: must be a table"),
            (
                "tags = [",
                "colour = [",
                "claim.colour: is an unknown key; known keys: kind, summary",
            ),
            ('"%Y-%m-%d"', '"%y-%m-%d"', "occurred.formats: '%y-%m-%d' must have a year"),
            ('date = {column = "day"}', "", "occurred.date: is missing"),
            ('basis = "inferred"', 'basis = "rumour"', "occurred.basis: 'rumour' is not one of"),
            ('role = "initiator"', "", "parties[1].role: is missing"),
            ('name = "CHN"', "", "parties[1].name: is missing"),
            ('name = "CHN"', "name = true", "parties[1].name: must be a table"),
            ('label = "hub"', 'labels = "hub"', "parties[1].labels: is an unknown key; did you"),
            ('publisher = {host_of = "url"}', "", "document.publisher: is missing"),
            ('url = {column = "url"}', "", "document: requires a url or a title"),
            ("[citation]", "[citations]", "citations: is an unknown key; did you mean citation?"),
            ('when = {sort = ["x", "y"], more = "z"}', "", "codes[1].when: must have a column"),
            ('more = "z"', "more = [5]", "codes[1].when.more: must be a text or a list"),
            ('more = "z"', 'more = {number = "x"}', "codes[1].when.more.number: 'x' is no range"),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "un"}',
                ".name.scheme: 'un' is not one",
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "name"}',
                'parties[1].name.languages: go with scheme = "name" and only with it',
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "cow", languages = ["fr"]}',
                'parties[1].name.languages: go with scheme = "name" and only with it',
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "name", languages = ["fr", "xx"]}',
                "parties[1].name.languages: 'xx' is not one of: en, fr, es, de, ru, zh, ko, ar, ja",
            ),
            (
                'name = "CHN"',
                'name = {column = "x", sectors = {"ORG:" = "business"}}',
                'parties[1].name.sectors: go with a scheme of countries, for example scheme = "iso',
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "cow", sectors = {"ORG:" = "firm"}}',
                "parties[1].name.sectors.ORG:: 'firm' is not one of: government, military",
            ),
            (
                'name = "CHN"',
                'name = {column = "x", scheme = "cow", sectors = {"" = "business"}}',
                "parties[1].name.sectors: a prefix is empty",
            ),
            (
                "[[codes]]",
                '[[skips]]\nwhen = {x = "y"}\n[[codes]]',
                "skips[1].reason: is missing",
            ),
            (
                "[[codes]]",
                '[[skips]]\nreason = "r"\n[[codes]]',
                "skips[1].when: must have a column",
            ),
            (
                "[[codes]]",
                '[[skips]]\nwhen = {x = "y"}\nreason = "r"\ncode = "z"\n[[codes]]',
                "skips[1].code: is an unknown key",
            ),
            (
                'template = "{who}: {what}"',
                'column = "who", scheme = "cow"',
                "claim.summary.scheme: is an unknown key",
            ),
            (
                'formats = ["%Y-%m-%d"]',
                'formats = ["%Y-%m-%d"]\nmonths = ["fr"]',
                "occurred.months: no format has %B or %b; add one, or or_words = true",
            ),
            (
                'formats = ["%Y-%m-%d"]',
                'months = ["fa"]',
                "occurred.months: 'fa' is not one of: en, fr",
            ),
            (
                'formats = ["%Y-%m-%d"]',
                "or_words = true",
                "occurred.or_words: goes with formats; without formats words are read anyway",
            ),
            (
                'date = {column = "published"}',
                'months = ["fr"]',
                "document.date: is missing",
            ),
            ("/CONSULT", "/CONSUL", "codes[1].code: PLOVER 2.0 has no event 'CONSUL'"),
            ("[[codes]]", "[codes]", "codes: must be tables such as [[codes]]"),
            ('reason = "They meet."', "", "codes[1].reason: is missing"),
            (
                "roles = {others",
                "roles = {other",
                "codes[1].roles.other: is an unknown key; did you",
            ),
            ('like = ["*.gov.??"]', "", "publishers[1].like: is missing"),
            ("since = 2020-01-01", "", "publishers[1].reliability: requires `since`, a day, and"),
            ("since = 2020-01-01", 'since = "2020"', "publishers[1].since: must be a day without"),
            ('reliability = "B"', 'reliability = "G"', "publishers[1].reliability: 'G' is not one"),
        ],
    )
    def test_names_the_key_that_is_wrong(self, old, new, says):
        assert old in FULL

        with pytest.raises(BadMapping) as problem:
            mappings.read(FULL.replace(old, new, 1))

        assert says in str(problem.value)

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (
                '[[parties]]\nrole = "initiator"\nname = {column = "who"}',
                "",
                "parties: is missing: list the parties",
            ),
            ('kind = "act"', "", 'claim.kind: is missing, for example "act"'),
            (
                "[document]",
                '[[codes]]\nwhen = {x = "y"}\nreason = "r"\n[claim.code]\ncolumn = "c"\n[document]',
                "claim.code: cannot be combined with [[codes]]; remove one of them",
            ),
            (
                "[document]",
                '[[codes]]\nwhen = {x = "y"}\nreason = "r"\n' * 1_001 + "[document]",
                "codes: are 1001 rules; at most 1000 are allowed",
            ),
            (
                "[document]",
                '[[codes]]\nreason = "r"\nwhen = {x = {like = ['
                + '"*", ' * 600
                + "], number = ["
                + '"1", ' * 401
                + "]}}\n[document]",
                "codes: have 1001 patterns and ranges; at most 1000 are allowed",
            ),
        ],
    )
    def test_refuses_what_no_claim_could_do_without(self, old, new, says):
        with pytest.raises(BadMapping) as problem:
            mappings.read(LEAST.replace(old, new, 1))

        assert says in str(problem.value)
