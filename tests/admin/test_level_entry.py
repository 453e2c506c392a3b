"""A level of a pair is entered, corrected and listed at the desk as any claim is."""

import pytest

from tests.admin.conftest import ADD
from tests.kit.builders import AT, BY, an_actor
from tests.kit.desk_forms import sent, typed
from tracker.admin.claim_entry import ClaimForms
from tracker.domain.claims import Level
from tracker.domain.records import Name
from tracker.operations import actors
from tracker.queries.records import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_level(desk):
    """Give what is sent for a level of a pair, with other fields where named."""

    def write(**other):
        fields = {
            "claim__collection": "curated",
            "claim__summary": "The panel puts Kazakhstan and Russia at +4.5.",
            "claim__kind": "level",
            "claim__level_value": "+4.5",
            "claim__level_sd": "1.5",
            "claim__occurred": "31 December 2021",
            "confirmed": "2021-12-31",
            "parties__0__actor": "KAZ",
            "parties__0__role": "about",
            "parties__1__actor": "RUS",
            "parties__1__role": "about",
            "citations__0__document": "A report",
        }
        return typed(**fields | other)

    return write


def problems(data):
    entry = ClaimForms(data)
    entry.read()
    return {field.html_name: list(field.errors) for field in entry.faults}


class TestAnEntry:
    def test_may_be_a_rung(self, a_level):
        rung = "structural-1/negative-peace"
        claim = ClaimForms(
            a_level(claim__level_value="", claim__level_sd="", claim__level_rung=rung)
        ).read()

        assert claim.level == Level(rung=rung)

    def test_is_recorded(self, ann, a_level):
        saved = ann.post(ADD, a_level())

        assert saved.status_code == 302
        page = ann.get(saved.headers["Location"])
        assert "Level of KAZ and RUS at the end of 2021: +4.5 ± 1.5" in page.text


class TestTheNextEntry:
    def test_begins_with_the_kind_and_the_pair_of_the_last(self, ann, desk):
        last = desk.gives_level().stream

        form = ann.get(ADD, {"after": str(last)}).context["entry"]

        assert form.form["kind"].value() == "level"
        rows = [(row["actor"].value(), row["role"].value()) for row in form.parties]
        assert rows == [("KAZ", "about"), ("RUS", "about")]


class TestEveryProblem:
    @pytest.mark.parametrize(
        ("given", "field", "says"),
        [
            ({"claim__level_value": "10"}, "claim-level_value", "between -9 and 9"),
            ({"claim__level_value": "good"}, "claim-level_value", "Enter a number"),
            ({"claim__level_sd": ""}, "claim-level_sd", "standard deviation"),
            ({"claim__level_sd": "0"}, "claim-level_sd", "between 0.1 and 9"),
            ({"claim__level_rung": "structural-1/pact"}, "claim-level_value", "not both"),
            ({"claim__code": "SANCTION"}, "claim-code", "has no code"),
            ({"claim__strength": "weak"}, "claim-strength", "has no strength"),
            ({"claim__magnitude_value": "0"}, "claim-magnitude_value", "has no amount"),
            ({"claim__polarity": "denied"}, "claim-polarity", "is asserted"),
            ({"claim__kind": "act"}, "claim-level_value", "only a level has this"),
            (
                {"claim__occurred": "2021-12-31/..", "confirmed": "2021-12-31/.."},
                "claim-occurred",
                "open end",
            ),
        ],
    )
    def test_is_at_its_field(self, a_level, given, field, says):
        assert says in problems(a_level(**given))[field][0]

    def test_of_a_party_that_is_no_country_is_with_it(self, ann, a_level):
        person = an_actor(None, kind="person", names=(Name(text="Vladimir Putin"),))
        actors.describe_actor(person, at=AT, by=BY)

        page = ann.post(ADD, a_level(parties__1__actor="Vladimir Putin"))

        errors = page.context["entry"].party_rows[1].errors
        assert errors == {
            "actor": ["a level is about two countries; the kind of this party is person"]
        }

    def test_of_too_many_parties_is_with_the_parties(self, a_level):
        entry = ClaimForms(a_level(parties__2__actor="CHN", parties__2__role="about"))
        entry.read()

        assert "exactly two parties" in entry.party_problems[0]


class TestACorrection:
    @pytest.mark.parametrize("given", [{}, {"value": "-0.25"}, {"rung": "structural-1/pact"}])
    def test_of_nothing_is_the_level_again(self, desk, given):
        claim = states.claim(desk.gives_level(**given).stream).claim

        assert ClaimForms(sent(ClaimForms(claim=claim)), claim=claim).read() == claim


class TestTheList:
    def test_names_the_pair_and_its_level(self, ann, desk):
        desk.gives_level(rung="structural-1/lesser-rivalry", pair="RUS-CHN")
        desk.asserts(summary="Russia closed a pipeline.")

        text = ann.get("/admin/desk/claim/").text

        assert "CHN–RUS −2 ± 2.5, lesser rivalry" in text
        assert "plover-2.0/MOBILIZE/militia" in text
