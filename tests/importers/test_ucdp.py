"""Original downloads of the Uppsala Conflict Data Program, as drafts of claims."""

import pytest

from tests.kit import data_sets
from tests.kit.data_sets import drafts, refused
from tracker.imports.formats.drafts import NamedParty


class TestUcdpDyads:
    def test_become_situations_of_a_year(self):
        war, _ = drafts("ucdp-dyads", data_sets.DYADS, *data_sets.DYAD_ROWS)

        assert war.fields == {
            "kind": "situation",
            "key": "999 2022",
            "summary": "Fighting between Russia and Ukraine in 2022, with at least 1000 deaths.",
            "code": "plover-2.0/ASSAULT",
            "occurred": {"edtf": "2022-02-24/2022-12-31", "basis": "stated"},
            "magnitude": {"value": "1000", "unit": "deaths"},
            "note": ("UCDP dyad 999: Government of Russia (Soviet Union), Government of Ukraine"),
        }
        # UCDP does not code who attacks.
        assert war.parties == (
            NamedParty(role="initiator", name="RUS", column="gwno_a", former=True),
            NamedParty(role="initiator", name="UKR", column="gwno_b", former=True),
        )
        assert war.document == {"title": "UCDP Dyadic Dataset, version 25.1"}
        assert war.citation == {"locator": "dyad 999, 2022"}
        assert war.publisher.name == "Uppsala Conflict Data Program"

    def test_have_allies_on_one_side(self):
        _, iraq = drafts("ucdp-dyads", data_sets.DYADS, *data_sets.DYAD_ROWS)

        assert [(party.role, party.name) for party in iraq.parties] == [
            ("initiator", "AUS"),
            ("initiator", "GBR"),
            ("initiator", "USA"),
            ("recipient", "IRQ"),
        ]
        assert iraq.fields["summary"].startswith(
            "Fighting between Australia, UK, US and Iraq in 2003"
        )

    def test_go_on_from_the_first_day_of_a_later_year(self):
        later = data_sets.DYAD_ROWS[0].replace(",2022,2,2,", ",2023,1,2,")

        [found] = drafts("ucdp-dyads", data_sets.DYADS, later)

        assert found.fields["occurred"]["edtf"] == "2023-01-01/2023-12-31"
        assert found.fields["magnitude"]["value"] == "25"

    def test_that_are_not_between_states_are_refused(self):
        [(line, column, value, reason)] = refused(
            "ucdp-dyads", data_sets.DYADS, *data_sets.DYAD_ROWS
        )

        assert (line, column, value) == (4, "type_of_conflict", "3")
        assert reason == "is skipped: it is no conflict between states"

    @pytest.mark.parametrize(
        ("before", "after", "column"),
        [
            (",2022,2,2,", ",soon,2,2,", "year"),
            (",2022,2,2,", ",2022,3,2,", "intensity_level"),
            (",369,,", ",,,", "gwno_b"),
            (",369,,", ",365,,", "gwno_b"),
        ],
    )
    def test_that_cannot_be_read_are_refused(self, before, after, column):
        row = data_sets.DYAD_ROWS[0].replace(before, after)

        [(_, at, _, _)] = refused("ucdp-dyads", data_sets.DYADS, row)

        assert at == column

    def test_that_are_cut_are_refused(self):
        [(line, column, _, _)] = refused("ucdp-dyads", data_sets.DYADS, "999,1")

        assert (line, column) == (2, "")


class TestUcdpEvents:
    def test_become_acts(self):
        [found] = drafts("ucdp-events", data_sets.EVENTS, data_sets.event())

        assert found.fields == {
            "kind": "act",
            "key": "500001",
            "summary": (
                "Fighting between Kyrgyzstan and Tajikistan at Batken town, with 24 deaths."
            ),
            "code": "plover-2.0/ASSAULT",
            "occurred": {"edtf": "2022-09-16", "basis": "stated"},
            "magnitude": {"value": "24", "unit": "deaths"},
            "note": (
                "UCDP GED event 500001, Government of Kyrgyzstan - Government of Tajikistan:"
                " 20 to 30 deaths; Reuters 2022-09-17 At least 24 killed"
            ),
        }
        assert {(party.role, party.name) for party in found.parties} == {
            ("initiator", "KGZ"),
            ("initiator", "TJK"),
        }
        assert found.citation == {"locator": "event 500001"}

    def test_of_several_days_are_on_one_of_them(self):
        row = data_sets.event(date_end="2022-09-17 00:00:00.000", where_coordinates="")

        [found] = drafts("ucdp-events", data_sets.EVENTS, row)

        assert found.fields["occurred"]["edtf"] == "[2022-09-16..2022-09-17]"
        assert found.fields["summary"].endswith("Kyrgyzstan and Tajikistan, with 24 deaths.")

    @pytest.mark.parametrize(
        ("cells", "column"),
        [
            ({"type_of_violence": "3"}, "type_of_violence"),
            ({"gwnob": ""}, "gwnob"),
            ({"date_end": "2022-09-15"}, "date_end"),
            ({"date_start": "2022-09-16x"}, "date_start"),
            ({"best": "some"}, "best"),
        ],
    )
    def test_that_cannot_be_read_are_refused(self, cells, column):
        [(_, at, _, _)] = refused("ucdp-events", data_sets.EVENTS, data_sets.event(**cells))

        assert at == column

    def test_have_the_beginning_of_a_long_place(self):
        """A summary has 500 characters at most."""
        [found] = drafts(
            "ucdp-events", data_sets.EVENTS, data_sets.event(where_coordinates="x" * 600)
        )

        assert found.fields["summary"] == (
            f"Fighting between Kyrgyzstan and Tajikistan at {'x' * 200}, with 24 deaths."
        )

    def test_have_the_beginning_of_a_long_list_of_sources(self):
        [short] = drafts("ucdp-events", data_sets.EVENTS, data_sets.event(source_article=""))
        [long] = drafts("ucdp-events", data_sets.EVENTS, data_sets.event(source_article="x" * 501))

        assert short.fields["note"].endswith("Tajikistan: 20 to 30 deaths")
        assert long.fields["note"] == f"{short.fields['note']}; {'x' * 500}"
