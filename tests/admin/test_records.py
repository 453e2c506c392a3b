"""Actors, sources, documents and collections at the desk: added, described again and read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.admin.conftest import ADD, page_of, unrecorded
from tests.kit.builders import AT, a_collection, a_document, on_record
from tracker import log
from tracker.admin.records import MOST_SHOWN
from tracker.domain import codec
from tracker.domain import state as f
from tracker.domain.records import Actor, Affiliation, Collection, Membership, Name
from tracker.models.derived import StandingRecord
from tracker.operations import claims
from tracker.queries.claims import by_record
from tracker.queries.records import states

pytestmark = pytest.mark.django_db

ACTOR = {
    "kind": "person",
    "name": "Gina Raimondo",
    "aliases": "Raimondo\r\nSecretary Raimondo",
    "country": "KAZ",
    "sector": "government",
}
UNION = {"kind": "organisation", "name": "The Union"}
SOURCE = {"kind": "outlet", "name": "Daily", "grade": "B", "since": "2022-01-01", "reason": "good"}
DOCUMENT = {"source": "The Gazette", "title": "The News", "date": "late March 2022"}


def added(noun):
    row = StandingRecord.objects.filter(noun=noun).order_by("-id")[0]
    return codec.build({"actor": f.ActorState, "source": f.SourceState}[noun], row.state)


class TestASourceOfAnAnalyst:
    def test_has_no_grade(self, someone, desk):
        """Whoever adds documents brings their publisher, as over the API."""
        bea = someone("add_document", "view_source")

        assert 'name="grade"' not in bea.get("/admin/desk/source/add/").text
        bea.post("/admin/desk/source/add/", SOURCE)

        made = added("source")
        assert (made.source.name, made.ratings) == ("Daily", ())
        described = f"/admin/desk/source/{made.id}/describe/"
        assert "describe/" not in bea.get(f"/admin/desk/source/{made.id}/change/").text
        assert bea.post(described, SOURCE).status_code == 403

    def test_settles_no_name_that_waits_for_a_curator(self, someone, desk):
        bea = someone("add_document", "view_source")

        assert bea.get(f"/admin/desk/source/add/?proposed={desk.source}").status_code == 403


class TestAdding:
    def test_an_actor_takes_names_in_languages_and_since_when_it_speaks(self, ann, desk):
        form = {"language": "en", "names": "ru Джина Раймондо\r\nzh-Hans 雷蒙多"}
        term = {"since": "2021-03-03", "until": "2025-01-20"}

        ann.post("/admin/desk/actor/add/", ACTOR | form | term)

        actor = added("actor").actor
        assert actor.names == (
            Name(text="Gina Raimondo", language="en"),
            Name(text="Джина Раймондо", language="ru"),
            Name(text="雷蒙多", language="zh-Hans"),
        )
        [voice] = actor.affiliations
        assert (voice.since, voice.until) == (date(2021, 3, 3), date(2025, 1, 20))

    @pytest.mark.parametrize(
        ("days", "since", "until"),
        [
            ("from 20 January 2009 until 20 January 2017", (2009, 1, 20), (2017, 1, 20)),
            ("until 2017", None, (2017, 1, 1)),
            ("2009 2017-03", (2009, 1, 1), (2017, 3, 1)),
        ],
    )
    def test_an_actor_takes_the_days_of_a_term_in_words(self, ann, desk, days, since, until):
        ann.post("/admin/desk/actor/add/", ACTOR | {"terms": f"KAZ ruling party {days}"})

        _, term = added("actor").actor.affiliations
        assert term.sector == "ruling party"
        assert (term.since, term.until) == (
            since and date(*since), until and date(*until),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("terms", "says"),
        [
            ("KAZ president 2009-01-20", "write a term as: USA government 2009-01-20 2017-01-20"),
            ("Nowhere government", "no actor on record is called"),
            ("KAZ government 2009-02-30", "2009-02-30"),
            ("KAZ government from late May 2009", "write a day, a month or a year"),
            ("KAZ government 2009-01-20 2001-01-20", "must be after since"),
        ],
    )
    def test_an_actor_refuses_a_term_that_is_none(self, ann, desk, terms, says):
        page = ann.post("/admin/desk/actor/add/", ACTOR | {"terms": terms})

        [problem] = page.context["form"].errors["terms"]
        assert says in problem
        assert not StandingRecord.objects.filter(name="Gina Raimondo").exists()

    def test_an_organisation_takes_members_with_dates_and_their_document(self, ann, desk):
        lines = (
            "KAZ since May 2012\r\n\r\nrus since 2002-10-07 until 2012\r\n"
            "RUS suspended since 2012-01-01 until 2012-06-28\r\nCHN according to A treaty"
        )
        form = {**UNION, "memberships": lines, "list_document": "A report"}

        treaty_id = on_record(a_document(desk.source, title="A treaty"))

        answer = ann.post("/admin/desk/actor/add/", form, follow=True)

        kaz, rus, suspended, chn = added("actor").actor.memberships
        assert (kaz.country, kaz.since, kaz.until) == (
            desk.countries["KAZ"],
            "2012-05",
            None,
        )
        assert (rus.since, rus.until, rus.status) == ("2002-10-07", "2012", None)
        assert suspended.status == "suspended"
        assert (chn.country, chn.since) == (desk.countries["CHN"], None)
        assert {one.document for one in (kaz, rus, suspended)} == {desk.document}
        assert chn.document == treaty_id
        said = " ".join(answer.text.split())
        assert "KAZ since May 2012 (A report)" in said
        assert "<dt>Member, suspended</dt>" in said

    @pytest.mark.parametrize(
        ("form", "field", "says"),
        [
            ({"memberships": "since 2012-05-15"}, "memberships", "write a member as: Kazakhstan"),
            ({"memberships": "Nowhere since 2012-05-15"}, "memberships", "no actor on record is"),
            (
                {"memberships": "KAZ since May"},
                "memberships",
                "KAZ: 'may' is not a date: which year",
            ),
            (
                {"memberships": "KAZ according to No list"},
                "memberships",
                "KAZ: no document on record",
            ),
            ({"memberships": "KAZ\nCHN"}, "list_document", "requires the document"),
            (
                {"memberships": "KAZ since 2012-05-15 until 2011-01-01"},
                "memberships",
                "KAZ: must be after since",
            ),
            ({"memberships": "KAZ", "kind": "group"}, "memberships", "only an organisation has"),
            ({"list_document": "No such list"}, "list_document", "no document on record"),
        ],
    )
    def test_an_organisation_refuses_a_member_that_is_none(self, ann, desk, form, field, says):
        page = ann.post("/admin/desk/actor/add/", UNION | form)

        [problem] = page.context["form"].errors[field]
        assert says in problem
        assert not StandingRecord.objects.filter(name="The Union").exists()

    def test_an_actor_described_again_keeps_what_is_not_changed(self, ann, desk):
        """A union of Kazakhstan, suspended since 1995, according to the desk's document."""
        [kaz, rus] = desk.countries["KAZ"], desk.countries["RUS"]
        union = Actor(
            kind="organisation",
            names=(
                Name(text="The Union", language="en"),
                Name(text="Союз", language="ru"),
                Name(text="U"),
            ),
            aliases=("TU",),
            code="TU",
            affiliations=(
                Affiliation(country=rus, sector="government", since=date(1991, 1, 2)),
                Affiliation(country=kaz, sector="military", until=date(1999, 1, 2)),
            ),
            memberships=(
                Membership(country=kaz, since="1977", document=desk.document),
                Membership(country=kaz, since="1995", status="suspended", document=desk.document),
                Membership(country=rus, until="1991-12-25", document=desk.document),
            ),
        )
        stream = on_record(union)
        address = f"/admin/desk/actor/{stream}/describe/"
        assert address in ann.get(f"/admin/desk/actor/{stream}/change/").text
        page = ann.get(address)
        assert "KAZ suspended since 1995 according to A report" in page.text
        form = {name: page.context["form"][name] for name in page.context["form"].fields}
        sent = {name: form[name].field.prepare_value(form[name].value()) or "" for name in form} | {
            "version": "1"
        }

        ann.post(address, sent | {"aliases": "TU\r\nThe Other"})

        [state] = states.records([stream], at=None).values()
        assert state.actor == replace(union, aliases=("TU", "The Other"))

        # Somebody who saw the first version is refused.
        late = ann.post(address, sent)
        assert "by somebody else meanwhile" in late.text
        assert "requires the document" in ann.post(address, {**UNION, "memberships": "KAZ"}).text
        assert ann.get(f"/admin/desk/actor/{desk.document}/describe/").status_code == 404

    def graded(self, ann):
        """The address of the form that describes a source again, and what the form has."""
        ann.post("/admin/desk/source/add/", SOURCE)
        stream = added("source").id
        address = f"/admin/desk/source/{stream}/describe/"
        assert address in ann.get(f"/admin/desk/source/{stream}/change/").text
        form = ann.get(address).context["form"]
        typed = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
        return address, {name: value or "" for name, value in typed.items()} | {"version": "2"}

    def test_a_source_described_again_keeps_its_grade(self, ann, desk):
        address, form = self.graded(ann)

        ann.post(address, form | {"country": "KAZ", "ownership": "private"})

        state = added("source")
        assert (state.source.name, state.source.ownership) == ("Daily", "private")
        assert state.source.country == desk.countries["KAZ"]
        assert [one.reliability for one in state.ratings] == ["B"]
        late = ann.post(address, form)
        assert "The source was described by somebody else meanwhile" in late.text

    def test_a_source_on_record_is_graded_anew(self, ann, desk):
        address, form = self.graded(ann)

        ann.post(address, form | {"grade": "D", "since": "March 2023", "reason": "two errors"})

        assert [(one.reliability, one.since) for one in added("source").ratings] == [
            ("B", date(2022, 1, 1)),
            ("D", date(2023, 3, 1)),
        ]

    def test_a_grade_is_not_taken_back(self, ann, desk):
        address, form = self.graded(ann)

        page = ann.post(address, form | {"grade": "", "since": "", "reason": ""})

        [problem] = page.context["form"].errors["grade"]
        assert "F means that it cannot be judged" in problem
        assert [one.reliability for one in added("source").ratings] == ["B"]

    def test_a_document_takes_a_date_as_people_type_it(self, ann, desk):
        answer = ann.post("/admin/desk/document/add/", DOCUMENT, follow=True)

        assert "[2022-03-21..2022-03-31]" in answer.text
        assert "The Gazette" in answer.text

    @pytest.mark.parametrize(
        ("noun", "form", "says"),
        [
            ("actor", {**ACTOR, "sector": ""}, "from which sector"),
            ("actor", {**ACTOR, "name": ""}, "requires a name"),
            ("actor", {**ACTOR, "names": "Джина Раймондо"}, "write the language first"),
            ("actor", {**ACTOR, "since": "2022-01-01", "until": "2021-01-01"}, "must be after"),
            ("actor", {**ACTOR, "since": "May"}, "is not a date"),
            ("actor", {**ACTOR, "since": "late May 2022"}, "write a day, a month or a year"),
            ("actor", {**ACTOR, "kind": "state", "code": "kz"}, "alpha-3"),
            ("actor", {**ACTOR, "kind": "organisation", "code": "KAZ"}, "KAZ is"),
            ("source", {**SOURCE, "since": ""}, "from which day on"),
            ("source", {**SOURCE, "url": "gazette"}, "must be a URL"),
            ("document", {**DOCUMENT, "source": "Nobody"}, "no source on record"),
            ("document", {**DOCUMENT, "source": ""}, "say who published it"),
            ("document", {**DOCUMENT, "date": "05/03/2024"}, "day first or month first"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_records_nothing(self, ann, desk, noun, form, says):
        answer = unrecorded(ann, f"/admin/desk/{noun}/add/", form)

        assert says in answer.text


class TestACollection:
    def test_is_put_on_record_with_its_rule(self, ann, desk):
        form = {
            "name": "wire-feed",
            "coding": "machine",
            "review": "on",
            "default_reliability": "D",
            "default_credibility": "4",
            "description": "Rows of a wire.",
        }

        answer = ann.post("/admin/desk/collection/add/", form, follow=True)

        recorded = log.at(log.head().position)
        assert recorded.decoded().collection == Collection(
            name="wire-feed",
            coding="machine",
            review=True,
            description="Rows of a wire.",
            default_reliability="D",
            default_credibility=4,
        )
        assert "its claims score only after they are accepted" in answer.text
        assert "wire-feed" in ann.get("/admin/desk/collection/").text

    def test_needs_a_name(self, ann):
        answer = ann.post("/admin/desk/collection/add/", {"name": " ", "coding": "curated"})

        assert 'id="id_name_error"' in answer.text


class TestADocumentsPage:
    def test_lists_the_claims_taken_from_it_in_their_order(self, ann, desk):
        first = desk.asserts(summary="Russia closed a pipeline.").stream
        later = AT + timedelta(hours=1)
        claims.assert_claim(desk.claim(summary="Kazakhstan opened another."), at=later, by="x")

        text = ann.get(f"/admin/desk/document/{desk.document}/change/").text

        assert "2 claims from it" in text
        assert text.index("Russia closed a pipeline.") < text.index("Kazakhstan opened another.")
        assert page_of(first) in text
        assert f"{ADD}?document={desk.document}" in text

    def test_looks_for_claims_of_feeds_when_it_is_asked(self, ann, desk):
        page = f"/admin/desk/document/{desk.document}/change/"
        assert "machine feeds" not in ann.get(page).text
        kept = on_record(a_collection(name="wire-feed", coding="machine"))
        desk.asserts(summary="Russia closed a pipeline.")
        for number in range(MOST_SHOWN + 1):
            desk.asserts(summary=f"Row {number}.", collection=kept)

        plain, asked = ann.get(page).text, ann.get(page, {"feeds": "1"}).text

        assert 'href="?feeds=1#feeds"' in plain
        assert "Row " not in plain
        assert f"wire-feed: {MOST_SHOWN + 1} machine-coded claims" in asked
        assert f"{MOST_SHOWN} of them are shown." in asked
        assert "1 claim from it" in asked

    def test_says_when_there_are_too_many_to_look_through(self, ann, desk, monkeypatch):
        monkeypatch.setattr(by_record, "FEEDS_TIMEOUT", "1ms")
        monkeypatch.setattr(by_record, "_OF_FEEDS", "SELECT pg_sleep(1)")
        kept = on_record(a_collection(name="wire-feed", coding="machine"))
        desk.asserts(collection=kept)

        text = ann.get(f"/admin/desk/document/{desk.document}/change/", {"feeds": "1"}).text

        assert "too many claims on record to search" in text
