"""The lists of the desk: what they show, what narrows the claims, and views that are kept."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.admin.conftest import sleep_in_database
from tests.kit.builders import (
    AT,
    a_citation,
    a_collection,
    a_document,
    a_source,
    an_actor,
    on_record,
)
from tracker.admin import claim_list, saved_views
from tracker.admin.models import SavedView
from tracker.domain.claims import Occurred
from tracker.domain.records import Affiliation, Name
from tracker.operations import claims
from tracker.projections import impacts
from tracker.queries.claims import narrowing
from tracker.queries.evidence import impacts as evaluations

pytestmark = pytest.mark.django_db
LIST = "/admin/desk/claim/"


@pytest.fixture
def listed(ann):
    """The claims of the list under some filters, in its order."""

    def ask(**filters):
        page = ann.get(LIST, filters)
        assert page.status_code == 200
        return [row.pk for row in page.context["cl"].result_list]

    return ask


class TestTheList:
    @pytest.mark.parametrize("words", ["pipeline", "MOBILIZE/mil", "kaz"])
    def test_is_searched_by_words_code_and_party(self, ann, desk, claim_id, words):
        desk.asserts("CHN", "RUS", summary="China built a bridge.", code="plover-2.0/COOPERATE")

        text = ann.get(LIST, {"q": words}).text

        assert "Russia closed a pipeline." in text
        assert "China built a bridge." not in text

    def test_shows_each_claim_with_date_certainty_and_who_entered_it(self, ann, desk):
        desk.asserts(summary="Russia closed a pipeline.")
        undated = desk.asserts(summary="It is said so.", kind="assessment", code=None).stream
        impacts.follow_all()

        page = ann.get(LIST)

        rows = {row.title: row for row in page.context["cl"].result_list}
        act, said = rows["Russia closed a pipeline."], rows["It is said so."]
        assert (act.when, act.entered_by) == ("on 11 May 2022", "ann")
        # The source has grade C. What moves no score has a p too.
        assert (act.p, said.p) == (pytest.approx(0.65), pytest.approx(0.65))
        assert said.pk == undated
        assert "<td>on 11 May 2022</td>" in page.text
        assert (act.parties, act.sources) == ("RUS, KAZ", "The Gazette")

    def test_says_once_that_a_claim_is_retracted_and_gives_it_no_certainty(
        self, ann, desk, claim_id
    ):
        """The worker that takes its p away may be behind."""
        impacts.follow_all()
        claims.retract_claim(claim_id, reason="no", at=AT, by="x")

        page = ann.get(LIST)

        [row] = page.context["cl"].result_list
        assert row.p is None
        # In the title, and in the label of the box that ticks it.
        assert page.text.count("[retracted]") == 2
        assert "<strong>retracted</strong>" not in page.text

    def test_refuses_parameters_that_it_does_not_know(self, ann, desk):
        assert ann.get(LIST, {"nonsense": "1"})["Location"].endswith("?e=1")


class TestAFilter:
    def test_by_a_country_finds_who_speaks_for_it(self, desk, listed):
        office = Affiliation(country=desk.countries["KAZ"], sector="government")
        minister = on_record(
            an_actor(None, kind="person", names=(Name(text="A Minister"),), affiliations=(office,))
        )
        desk.countries["MIN"] = minister
        act = desk.asserts("MIN", "CHN").stream

        assert listed(party="KAZ") == [act]
        assert listed(party="A Minister") == [act]

    def test_by_two_parties_finds_claims_with_both(self, desk, listed):
        both = desk.asserts("RUS", "KAZ").stream
        desk.asserts("RUS", "CHN")
        desk.asserts("CHN", "KAZ")

        assert listed(party="KAZ, RUS") == [both]

    def test_by_source_finds_its_documents_and_chains(self, desk, listed):
        other = on_record(a_source(name="The Wire"))
        report = on_record(a_document(other, title="Another", url="https://ex.org/b"))
        published = desk.asserts(citations=(a_citation(report),)).stream
        quoted = desk.asserts(citations=(a_citation(desk.document, chain=(other,)),)).stream
        desk.asserts()

        assert {*listed(source="The Wire")} == {published, quoted}

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("late March 2022", {"late", "war", "embargo"}),
            ("2022", {"late", "day", "war", "embargo"}),
            ("11 May 2022", {"day", "war"}),
            ("2023", {"war"}),
            ("before 2022", set()),
            ("since 1 May 2022", {"day", "war"}),
            ("unknown", {"undated"}),
        ],
    )
    def test_by_date_finds_what_ends_then_or_lasts_through_it(self, desk, listed, typed, found):
        dates = {
            "late": ("act", "[2022-03-21..2022-03-31]"),
            "day": ("act", "2022-05-11"),
            "war": ("situation", "2022-02-24/.."),
            "embargo": ("situation", "2022-03-01/2022-04-30"),
        }
        made = {
            desk.asserts(kind=kind, occurred=Occurred(edtf=edtf)).stream: name
            for name, (kind, edtf) in dates.items()
        }
        made[desk.asserts(occurred=None).stream] = "undated"

        assert {made[claim] for claim in listed(when=typed)} == found

    @pytest.mark.parametrize(("typed", "day"), [("yesterday", 1), ("today", 0), ("last week", 7)])
    def test_by_date_counts_from_today(self, desk, listed, typed, day):
        """Seven days before a day are in the week before its own."""
        then = timezone.now().date() - timedelta(days=day)
        other = then - timedelta(days=40)
        recent = [
            desk.asserts(occurred=Occurred(edtf=one.isoformat())).stream for one in (then, other)
        ]

        assert listed(when=typed) == recent[:1]

    def test_by_certainty_finds_claims_that_move_a_score(self, desk, listed):
        """Its only source has grade C: p = .65."""
        doubtful = desk.asserts().stream
        desk.asserts(kind="assessment", code=None)
        impacts.follow_all()

        assert listed(p_from="0.6", p_to="0.7") == [doubtful]
        assert listed(p_from="0.7") == []
        assert listed(p_to="0.65") == [doubtful]

    def test_by_who_entered_it_names_accounts_and_takes_them_in_any_case(self, ann, desk, listed):
        """Bea is no account, but in the log."""
        own = claims.assert_claim(desk.claim(), at=AT, by="ann").stream
        claims.assert_claim(desk.claim(), at=AT, by="bea")

        assert listed(by="ANN") == [own]
        page = ann.get(LIST, {"by": "Nobody"})
        assert "no account is called Nobody" in page.text
        assert page.context["cl"].result_list == []
        assert "<option>ann</option>" in page.text

    def test_says_how_many_claims_fit(self, ann, desk, monkeypatch):
        desk.asserts()
        assert re.search(r"1 claim\s", ann.get(LIST).text)
        monkeypatch.setattr(claim_list, "MOST_COUNTED", 2)
        desk.asserts()
        assert "2 claims or more" in ann.get(LIST).text

    def test_by_kind_status_and_collection(self, desk, listed):
        act = desk.asserts().stream
        desk.asserts(kind="assessment", code=None)
        gone = desk.asserts().stream
        claims.retract_claim(gone, reason="no", at=AT, by="x")
        wire = on_record(a_collection(name="wire"))
        fed = desk.asserts(collection=wire).stream

        assert {*listed(kind="act")} == {act, gone, fed}
        assert {*listed(kind="act", status="standing")} == {act, fed}
        assert listed(collection="wire") == [fed]

    def test_that_cannot_be_read_is_named_and_lists_nothing(self, ann, desk, claim_id):
        page = ann.get(LIST, {"party": "KAZZ", "when": "05/03/2024", "p_from": "2"})

        text = page.text
        assert "nearest: KAZ" in text
        assert "day first or month first" in text
        assert "less than or equal to 1" in text
        assert page.context["cl"].result_list == []

    def test_by_certainty_that_contradicts_itself_says_so(self, ann, desk, claim_id):
        text = ann.get(LIST, {"p_from": "0.9", "p_to": "0.5"}).text

        assert "p from 0.9 is above p to 0.5: exchange them" in text
        assert "Correct the filters to see claims." in text


class TestManyClaims:
    """Where many fit, the rows are asked one by one in the order of the list."""

    @pytest.mark.parametrize(
        ("filters", "found"),
        [({"by": "ann"}, 3), ({"source": "The Gazette"}, 3), ({"p_from": "0.4"}, 3), ({}, 4)],
    )
    def test_are_found_as_few_are(self, desk, listed, monkeypatch, filters, found):
        monkeypatch.setattr(narrowing, "FEW", 1)
        for _ in range(3):
            desk.asserts()
        other = on_record(a_source(name="The Wire"))
        report = on_record(a_document(other, title="Another", url="https://ex.org/b"))
        said = desk.claim(kind="assessment", code=None, citations=(a_citation(report),))
        claims.assert_claim(said, at=AT, by="bea")
        impacts.follow_all()

        assert len(listed(**filters)) == found

    def test_take_as_many_queries_as_few(self, ann, desk):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                ann.get(LIST, {"by": "ann", "when": "2022", "party": "RUS", "p_from": "0.1"})
            return len(asked)

        desk.asserts()
        impacts.follow_all()
        few = queries()
        for _ in range(9):
            desk.asserts()
        impacts.follow_all()

        assert queries() == few

    def test_are_left_to_other_filters_where_the_search_takes_too_long(
        self, ann, desk, claim_id, monkeypatch
    ):
        monkeypatch.setattr(narrowing, "TIMEOUT", "200ms")
        monkeypatch.setattr(narrowing, "_view", sleep_in_database)

        page = ann.get(LIST, {"p_from": "0.5"})

        assert "The search takes too long" in page.text
        assert page.context["cl"].result_list == []

    def test_are_searched_by_words_within_the_same_time(self, ann, desk, claim_id):
        with CaptureQueriesContext(connection) as asked:
            ann.get(LIST, {"q": "pipeline", "kind": "act"})

        statements = [query["sql"] for query in asked]
        searches = [place for place, sql in enumerate(statements) if "to_tsquery" in sql]
        limits = [
            place for place, sql in enumerate(statements) if "statement_timeout = '3s'" in sql
        ]
        assert searches
        assert limits[0] < searches[0]

    def test_are_left_to_filters_where_a_page_takes_too_long(
        self, ann, desk, claim_id, monkeypatch
    ):
        monkeypatch.setattr(
            evaluations, "certainties", lambda claims, **_: claims and sleep_in_database()
        )
        monkeypatch.setattr(narrowing, "TIMEOUT", "200ms")

        page = ann.get(LIST)

        assert "The search takes too long" in page.text


class TestALongList:
    def test_shows_the_latest_act_first_and_undated_ones_last(self, desk, listed):
        undated = desk.asserts(occurred=None).stream
        old = desk.asserts(occurred=Occurred(edtf="2022-03-01")).stream
        new = desk.asserts(occurred=Occurred(edtf="2022-05-01")).stream

        assert listed() == [new, old, undated]


class TestEveryList:
    @pytest.mark.parametrize(
        "noun", ["claim", "document", "source", "actor", "collection", "lens", "job", "webhook"]
    )
    def test_names_its_rows_and_has_no_column_twice(self, ann, desk, claim_id, noun):
        page = ann.get(f"/admin/desk/{noun}/")

        assert "object (" not in page.text
        cl = page.context["cl"]
        heads = [str(head["text"]) for head in result_headers(cl)]
        assert len(heads) == len({*heads})


VIEWS = "/admin/desk/claim/views/"


def kept(client):
    return [view[:2] for view in client.get(LIST).context["views"]]


class TestAView:
    def test_keeps_the_filters_under_a_name_and_leads_back_to_them(self, ann, desk):
        answer = ann.post(VIEWS, {"name": " Late  March ", "query": "q=&p=3&when=late+March+2022"})

        assert answer["Location"] == f"{LIST}?when=late+March+2022"
        assert kept(ann) == [("Late March", "when=late+March+2022")]
        page = ann.get(answer["Location"])
        assert 'aria-current="page">Late March</a>' in page.text

    def test_is_deleted_by_its_name(self, ann, desk):
        ann.post(VIEWS, {"name": "Mine", "query": "kind=act"})
        shown = ann.post(VIEWS, {"name": "Mine", "query": "kind=act", "delete": "1"}, follow=True)

        assert kept(ann) == []
        assert (
            "The view Mine is deleted. Its filters are still set: to undo, save it." in shown.text
        )

    def test_belongs_to_its_account(self, ann, desk):
        ann.post(VIEWS, {"name": "Mine", "query": "kind=act"})
        bea = Client()
        bea.force_login(get_user_model().objects.create_superuser("bea"))
        bea.post(VIEWS, {"name": "Mine", "query": "kind=level", "delete": "1"})

        assert kept(ann) == [("Mine", "kind=act")]
        assert kept(bea) == []

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({"name": " ", "query": "kind=act"}, "Give the view a name."),
            ({"name": "All", "query": "p=2"}, "Filter the list first"),
        ],
    )
    def test_without_a_name_or_filters_is_refused(self, ann, desk, sent, says):
        assert says in ann.post(VIEWS, sent, follow=True).text
        assert not SavedView.objects.exists()

    def test_beyond_the_most_is_refused(self, ann, desk, monkeypatch):
        monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
        ann.post(VIEWS, {"name": "One", "query": "kind=act"})

        assert (
            "delete one first"
            in ann.post(VIEWS, {"name": "Two", "query": "kind=act"}, follow=True).text
        )
        ann.post(VIEWS, {"name": "One", "query": "kind=level"})
        assert kept(ann) == [("One", "kind=level")]

    def test_is_not_saved_by_a_link(self, ann, desk):
        assert ann.get(VIEWS, {"name": "Mine", "query": "kind=act"})["Location"] == f"{LIST}?"
        assert not SavedView.objects.exists()

    def test_is_for_those_who_see_claims(self, someone, desk):
        assert (
            someone("view_source").post(VIEWS, {"name": "x", "query": "kind=act"}).status_code
            == 403
        )
