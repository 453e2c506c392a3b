"""The packaged tables are read as texts, and are whole."""

import pytest

from tests.kit.tables import each
from tracker.domain.facts import FIXTURES, country_called, rows

TABLES = sorted(
    (path.parent.name, path.stem)
    for folder in ("reference", "structural")
    for path in (FIXTURES / folder).glob("*.csv")
)


class TestRows:
    def test_are_texts(self):
        assert {row["code"] for row in rows("cameo_goldstein")} >= {"01", "010", "10"}

    @each(("folder", "table"), TABLES)
    def test_have_a_value_in_every_column(self, folder, table):
        found = rows(table, folder)

        assert found
        assert all(None not in row and None not in row.values() for row in found)

    @each(("folder", "table"), TABLES)
    def test_have_their_licence_named(self, folder, table):
        licences = (FIXTURES / folder / "LICENSES.md").read_text(encoding="utf-8")

        assert f"`{table}.csv`" in licences


class TestCountries:
    def test_have_one_code_each(self):
        codes = [row["iso3"] for row in rows("countries")]

        assert len(codes) == len(set(codes)) == 250

    def test_hold_kosovo(self):
        kosovo = next(row for row in rows("countries") if row["iso3"] == "XKX")

        assert (kosovo["name"], kosovo["capital"], kosovo["wikidata"]) == (
            "Kosovo",
            "Pristina",
            "Q1246",
        )

    @pytest.mark.parametrize("name", ["Niger", " niger", "NIGÉR"])
    def test_are_found_by_name(self, name):
        niger = country_called(name)

        assert niger is not None
        assert niger["iso3"] == "NER"

    def test_are_not_found_by_other_words(self):
        assert country_called("Niger Delta") is None
