"""A mapping is read as it is written."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.kit.mapping_texts import FULL, LEAST
from tracker.domain.records import Collection
from tracker.imports.formats import mappings
from tracker.imports.formats.base import Layout
from tracker.imports.formats.conditions import Condition, NumberRange
from tracker.imports.formats.country_schemes import CountryScheme
from tracker.imports.formats.drafts import Grade
from tracker.imports.formats.mappings import PartyMapping, PublisherRule
from tracker.imports.formats.row_rules import SkipRule
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
