"""A table whose columns name countries by a scheme, as it comes on record."""

import pytest

from tests.kit.imports import BY_COLUMNS, counts, events, take_in
from tracker.domain import events as e
from tracker.imports.files import ImportOptions
from tracker.imports.formats import mappings
from tracker.queries.records import states

pytestmark = pytest.mark.django_db
HEADER = "no,what,day,who,whom,title,says"
MAPPING = BY_COLUMNS.replace('column = "who"', 'column = "who", scheme = "cow"').replace(
    'column = "whom"', 'column = "whom", scheme = "name", languages = ["fr"]'
)


def imported(*rows):
    table = "\n".join([HEADER, *rows]).encode()
    return take_in(table, ImportOptions(mapping=mappings.read(MAPPING)), name="table.csv")


def parties():
    """The codes of the parties of each claim."""
    claims = [event.claim for event in events(e.ClaimAsserted)]
    actors = {party.actor for claim in claims for party in claim.parties}
    codes = {id_: state.actor.code for id_, state in states.records(actors, at=None).items()}
    return [[codes[party.actor] for party in claim.parties] for claim in claims]


class TestCountries:
    def test_are_states_on_the_date_of_their_claims(self, desk):
        taken = imported(
            "1,Trade ends.,1961-12-03,365,Albanie,A report,",
            "2,Trade ends.,2022-03-01,365,Corée du Sud,A report,",
            "3,Trade ends.,1961-12-03,360,Union soviétique,A report,",
        )

        assert counts(taken) == {"new": 3}
        assert parties() == [["SUN", "ALB"], ["RUS", "KOR"], ["ROU", "SUN"]]

    def test_are_refused_by_row_where_a_code_means_none(self, desk):
        taken = imported(
            "1,Trade ends.,2005-03-01,260,Albanie,A report,",
            "2,Trade ends.,2005-03-01,255,Albanie,A report,",
            "3,Trade ends.,2005-03-01,255,Alabnie,A report,",
        )

        assert counts(taken) == {"new": 1, "refused": 2}
        assert [(row.line, row.column, row.value) for row in taken.refused] == [
            (2, "who", "260"),
            (4, "whom", "Alabnie"),
        ]
        assert "DEU is 255 then" in taken.refused[0].reason
        assert "; nearest: Albanie, " in taken.refused[1].reason
