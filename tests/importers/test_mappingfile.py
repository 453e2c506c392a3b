"""A mapping is read as it is written, and every mistake in it is named."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.kit.mapping_texts import FULL, LEAST, MAPPING
from tracker.domain.records import Collection
from tracker.imports.formats import generic, mappings
from tracker.imports.formats.base import Layout
from tracker.imports.formats.conditions import Condition, NumberRange
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.drafts import Grade
from tracker.imports.formats.mappings import PartyMapping, PublisherRule
from tracker.imports.formats.row_rules import SkipRule
from tracker.imports.formats.sections import BadMapping
from tracker.imports.formats.values import DateSource, Value

SAMPLES = Path(__file__).resolve().parents[2] / "fixtures" / "samples"


class TestRead:
    def test_takes_what_is_not_said_for_the_usual(self):
        found = mappings.read(LEAST)

        assert found.collection == Collection(name="events", coding="curated", review=False)
        assert found.layout == Layout()
        assert (found.key, found.occurred, found.rules, found.publishers) == ((), None, (), ())
        assert found.columns == ("what", "who", "title", "outlet")

    def test_passes_over_the_mark_that_editors_put_before_utf_8(self):
        assert mappings.read("\ufeff" + LEAST) == mappings.read(LEAST)

    def test_reads_the_table_and_the_fields_of_its_claims(self):
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
        assert found.citation == {"/credibility": Value(constant="3")}

    def test_reads_dates_and_parties(self):
        found = mappings.read(FULL)

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
        assert found.published == DateSource(value=Value(column="published"))

    def test_reads_rules_for_codes_and_publishers(self):
        found = mappings.read(FULL)

        assert found.chain == (Value(column="wire"), Value(constant="Reuters"))
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

    def test_reads_what_the_page_on_importing_shows(self):
        page = (SAMPLES.parents[1] / "docs" / "importing.md").read_text(encoding="utf-8")
        shown, levels = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)

        assert len(mappings.read(shown).columns) == 11
        sample = (SAMPLES / "panel.toml").read_text(encoding="utf-8")
        assert [part for part in levels.strip().split("\n\n") if part not in sample] == []


class TestAMistake:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ('name = "events"', 'name = "events', "this is not TOML"),
            ('name = "events"', "", "collection.name: is missing"),
            ('name = "events"', "name = 5", 'collection.name: must be a text such as "x"'),
            ("review = true", 'review = "no"', "collection.review: must be true or false"),
            ('"machine"', '"robot"', "collection.coding: 'robot' is not one of: curated, machine"),
            ("header = 3", 'header = "3"', "table.header: must be a whole number"),
            ('"cp1251"', '"latin"', "table.encoding: 'latin' is not one of: utf-8, utf-16"),
            ('key = ["no"]', 'key = "no"', "key: must be a list such as"),
            ('key = ["no"]', 'keys = ["no"]', "keys: is an unknown key; did you mean key?"),
            ("[table]", "[tables]", "tables: is an unknown key; did you mean table?"),
            ('summary = {template = "{who}: {what}"}', "", "claim.summary: is missing"),
            ('values = {Act = "act"}', "values = {Act = 5}", "claim.kind.values: must be a table"),
            ("tags = [", "hedge = [", "claim.hedge: must be a table"),
            ('"%Y-%m-%d"', '"%y-%m-%d"', "occurred.formats: '%y-%m-%d' must have a year"),
            ('date = {column = "day"}', "", "occurred.date: is missing"),
            ('basis = "inferred"', 'basis = "rumour"', "occurred.basis: 'rumour' is not one of"),
            ('name = "CHN"', "", "parties[1].name: is missing"),
            ('name = "CHN"', "name = true", "parties[1].name: must be a table"),
            ('url = {column = "url"}', "", "document: requires a url or a title"),
            ("[citation]", "[citations]", "citations: is an unknown key; did you mean citation?"),
            ('when = {sort = ["x", "y"], more = "z"}', "", "codes[1].when: must have a column"),
            ('more = "z"', "more = [5]", "codes[1].when.more: must be a text or a list"),
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
            ("[[codes]]", "[codes]", "codes: must be tables such as [[codes]]"),
            ('reason = "They meet."', "", "codes[1].reason: is missing"),
            (
                "roles = {others",
                "roles = {other",
                "codes[1].roles.other: is an unknown key; did you",
            ),
            ('like = ["*.gov.??"]', "", "publishers[1].like: is missing"),
            ("since = 2020-01-01", 'since = "2020"', "publishers[1].since: must be a day without"),
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


KIND, SURE = 'kind = "act"', 'credibility = {column = "sure"}'
PLACE = 'url = {column = "url"}'


def check(old: str, new: str) -> None:
    assert old in MAPPING
    generic.format_for(mappings.read(MAPPING.replace(old, new, 1)))


class TestCheck:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            (KIND, 'kind = "deed"', "claim.kind: must be one of: act, "),
            (
                KIND,
                'kind = {column = "k", values = {x = "act", y = "deed"}}',
                "claim.kind: must be",
            ),
            (KIND, f'{KIND}\npolarity = "no"', "claim.polarity: must be one of: asserted, denied"),
            (
                KIND,
                f'{KIND}\ncontexts = ["asylum", "xyz"]',
                "claim.contexts: unknown context 'xyz'",
            ),
            (KIND, f'{KIND}\nstrength = "huge"\nstrength_reason = "x"', "claim.strength: must be"),
            (KIND, 'kind = "level"\nrung = "pact"', "claim.rung: unknown rung; expected one of: s"),
            (KIND, f'{KIND}\nresolves_by = "soon"', "claim.resolves_by: "),
            (SURE, 'credibility = "high"', "citation.credibility: 'high' is not a whole number"),
            (SURE, "credibility = 1", "citation.credibility: must be 2 to 6"),
            (PLACE, 'url = "nowhere"', "document.url: "),
            (
                'date = {column = "day"}',
                'date = "32.5.2022"\nformats = ["%d.%m.%Y"]',
                "occurred.date: '32.5.2022' is not a date like %d.%m.%Y",
            ),
            ('date = {column = "published"}', 'date = "someday"', "document.date: 'someday' "),
        ],
    )
    def test_refuses_what_no_row_could_have(self, old, new, says):
        with pytest.raises(BadMapping) as problem:
            check(old, new)
        assert str(problem.value).startswith(says)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (KIND, KIND),
            # A criterion, and what a forecast lacks besides, can come from a column.
            (KIND, 'kind = "forecast"\ncriterion = {column = "c"}'),
            (KIND, 'kind = {column = "k", values = {n = ""}}'),
            # Whether a grade needs a reason is seen in each row.
            (KIND, f'{KIND}\nstrength = "weak"\nstrength_reason = {{column = "why"}}'),
            (SURE, "credibility = 3"),
            ('date = {column = "day"}', 'date = "May 2022"'),
        ],
    )
    def test_leaves_what_depends_on_the_row(self, old, new):
        check(old, new)


def test_a_party_of_every_row_is_named_by_the_format():
    mapping = MAPPING.replace('name = {column = "whom"}', 'name = "RUS"')

    assert generic.format_for(mappings.read(mapping)).actors == ("RUS",)
