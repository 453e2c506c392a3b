"""Actors, sources and documents at the desk: what claims refer to, added and read."""

import pytest

from tracker import log
from tracker.domain import codec
from tracker.domain import folding as f
from tracker.models.derived import StandingRecord

pytestmark = pytest.mark.django_db

ACTOR = {
    "kind": "person",
    "name": "Gina Raimondo",
    "aliases": "Raimondo\r\nSecretary Raimondo",
    "country": "KAZ",
    "sector": "government",
}
SOURCE = {"kind": "outlet", "name": "Daily", "grade": "B", "since": "2022-01-01", "reason": "good"}
DOCUMENT = {"source": "The Gazette", "title": "The News", "date": "late March 2022"}


def added(noun):
    row = StandingRecord.objects.filter(noun=noun).order_by("-id")[0]
    return codec.build({"actor": f.ActorState, "source": f.SourceState}[noun], row.state)


class TestAdding:
    def test_an_actor_takes_all_its_names_and_whom_it_speaks_for(self, ann, desk):
        ann.post("/admin/desk/actor/add/", ACTOR)

        actor = added("actor").actor
        assert (actor.name, actor.aliases) == ("Gina Raimondo", ("Raimondo", "Secretary Raimondo"))
        assert actor.affiliations[0].country == desk.countries["KAZ"]

    def test_a_source_comes_with_its_first_grade(self, ann, desk):
        ann.post("/admin/desk/source/add/", SOURCE)

        state = added("source")
        assert state.source.name == "Daily"
        assert [one.reliability for one in state.ratings] == ["B"]

    def test_a_document_takes_a_date_as_people_type_it(self, ann, desk):
        answer = ann.post("/admin/desk/document/add/", DOCUMENT, follow=True)

        assert "[2022-03-21..2022-03-31]" in answer.text
        assert "The Gazette" in answer.text

    @pytest.mark.parametrize(
        ("noun", "form", "says"),
        [
            ("actor", {**ACTOR, "sector": ""}, "from which sector"),
            ("actor", {**ACTOR, "name": ""}, "needs a name"),
            ("actor", {**ACTOR, "kind": "state", "code": "kz"}, "alpha-3"),
            ("actor", {**ACTOR, "kind": "organisation", "code": "KAZ"}, "KAZ is"),
            ("source", {**SOURCE, "since": ""}, "from which day on"),
            ("source", {**SOURCE, "url": "gazette"}, "must be an address"),
            ("document", {**DOCUMENT, "source": "Nobody"}, "no source on record"),
            ("document", {**DOCUMENT, "source": ""}, "say who published it"),
            ("document", {**DOCUMENT, "date": "05/03/2024"}, "is the day first"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_records_nothing(self, ann, desk, noun, form, says):
        before = log.head().position

        answer = ann.post(f"/admin/desk/{noun}/add/", form)

        assert says in answer.text
        assert log.head().position == before


class TestReading:
    @pytest.mark.parametrize(
        ("noun", "says"), [("actor", "KAZ"), ("source", "The Gazette"), ("document", "A report")]
    )
    def test_a_list_names_its_records_and_leads_to_each(self, ann, desk, noun, says):
        row = {"actor": desk.countries["KAZ"], "source": desk.source, "document": desk.document}

        text = ann.get(f"/admin/desk/{noun}/", {"q": says.lower()}).text

        assert says in text
        assert f"/admin/desk/{noun}/{row[noun]}/change/" in text
        assert says in ann.get(f"/admin/desk/{noun}/{row[noun]}/change/").text

    def test_the_first_page_says_how_far_the_scores_are(self, ann, desk):
        head = log.head().position

        text = ann.get("/admin/").text

        assert f"<strong>{head}</strong> events on record" in text
        assert f"<strong>{head}</strong> events behind" in text
