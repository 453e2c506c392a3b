"""The names of states in the tables, and those that mean no party."""

from uuid import UUID

import pytest

from tests.kit.tables import each
from tracker.domain.facts import rows
from tracker.domain.reading.names import Meaning, Names
from tracker.domain.reading.reference_names import (
    demonyms,
    entries,
    no_parties,
    state_codes,
)

NIGER, UNION = UUID(int=1), UUID(int=2)
# Capitals that are ordinary words, names of other places, or that of their state.
_LEFT_OUT = (
    "Male|Victoria|Georgetown|Kingston|San Jose|St. John's|St. George's|Roseau|Kingstown|Basseterre"
    "|Singapore|Luxembourg|Monaco|San Marino|Djibouti|Vatican City"
)


class TestEntries:
    names = Names(entries({"NER": NIGER}, {"EU": UNION}))

    def test_are_of_states_on_record_and_others(self):
        assert self.names.meanings("Niger") == (Meaning(NIGER, "NER", "name"),)
        assert self.names.meanings("Mali") == (Meaning(None, "MLI", "name"),)

    def test_are_of_the_seats_of_organisations_on_record(self):
        both = (Meaning(None, "BEL", "seat"), Meaning(UNION, None, "seat"))

        assert set(self.names.meanings("Brussels")) == set(both)
        assert Names(entries({}, {})).meanings("Brussels") == both[:1]

    @each(
        ("name", "code"),
        [
            ("Antigua and Barbuda", "ATG"),
            ("St. Vincent & Grenadines", "VCT"),
            ("Saint Barthélemy", "BLM"),
            ("Soviet Union", "SUN"),
            ("Swedes", "SWE"),
            ("Britons", "GBR"),
            ("Holland", "NLD"),
            ("Kiev", "UKR"),
            ("Nur-Sultan", "KAZ"),
        ],
    )
    def test_mean_one_state(self, name, code):
        assert [one.country for one in self.names.meanings(name)] == [code]

    @pytest.mark.parametrize("name", ["Chineses", "Swisses", "Frenchs", "Frenchmens", "U.S.s"])
    def test_have_no_wrong_plural(self, name):
        assert self.names.meanings(name) == ()

    def test_every_state_has_a_people(self):
        independent = {row["iso3"] for row in rows("countries") if row["is_independent"] == "Yes"}

        assert independent <= {code for codes in demonyms().values() for code in codes}

    def test_every_capital_means_its_state(self):
        missing = {
            row["capital"].strip()
            for row in rows("countries")
            if row["is_independent"] == "Yes"
            and row["iso3"]
            not in {one.country for one in self.names.meanings(row["capital"].strip())}
        }

        assert missing <= {*_LEFT_OUT.split("|"), "Ciudad de la Paz"}

    def test_are_once_in_each_table(self):
        for table, columns in (
            ("press_names", ("name", "code")),
            ("not_parties", ("name",)),
            ("demonyms", ("demonym", "iso3")),
        ):
            keys = [tuple(row[column] for column in columns) for row in rows(table)]
            assert len(keys) == len(set(keys))

    def test_have_codes_of_states_or_of_the_union(self):
        assert {row["code"] for row in rows("press_names")} <= state_codes() | {"EU"}
        assert {row["iso3"] for row in rows("demonyms")} <= state_codes()


class TestNoParties:
    @pytest.mark.parametrize("name", ["Sea of Japan", "Central Asia", "Male", "Paris Agreement"])
    def test_are_seas_regions_and_ordinary_words(self, name):
        assert no_parties().meanings(name)

    def test_are_no_names_of_states(self):
        states = {row["name"] for table in ("countries", "former_states") for row in rows(table)}

        assert not [name for name in states if no_parties().meanings(name)]
