"""The first page of the desk: what moved, and what waits for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import in_role, page_of, sleep_in_database
from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.api_uploads import a_file
from tests.kit.background_work import work_off
from tests.kit.builders import AT, a_citation, a_collection, a_document, on_record
from tests.kit.desk_uploads import FILE, about, brought, last
from tests.kit.jobs import work
from tests.kit.trays import a_draft, a_draft_about, a_new_name, a_tray, puts, records
from tracker.admin import home
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.operations import claims, trays
from tracker.queries.claims import narrowing, worklists

pytestmark = pytest.mark.django_db
HOME = "/admin/"


def section(client, title):
    """What the page shows of a section: its number, its lines, and how many more there are."""
    context = client.get(HOME).context
    [found] = [one for one in (*context["sections"], *context["idle"]) if one.title == title]
    return found.count, [(line.text, line.note) for line in found.lines], int(found.others or 0)


def titles(client):
    context = client.get(HOME).context
    return {one.title for one in (*context["sections"], *context["idle"])}


class TestWhatWaits:
    def test_goes_by_what_an_account_may_do(self, desk):
        judging = {"Claims to review", "Accusations to approve", "Weekly checks"}
        keeping = {"Forecasts due", "Situations to reconfirm", "Situations about to lapse"}
        proposed, trays = {"Proposed actors and sources"}, {"Articles half read"}
        files = {"Imports with refused rows"}

        assert titles(in_role("viewer")) == set()
        assert titles(in_role("analyst")) == keeping | trays
        assert titles(in_role("curator")) == judging | proposed
        assert titles(in_role("importer")) == files
        assert titles(in_role("admin")) == judging | keeping | proposed | trays | files

    def test_shows_five_claims_to_review_and_counts_the_others(self, ann, desk):
        feed = on_record(a_collection(name="feed", coding="machine", review=True))
        for place in range(7):
            desk.asserts(collection=feed, summary=f"Claim {place}.")

        number, lines, others = section(ann, "Claims to review")

        assert (number, len(lines), others) == (7, 5, 2)
        text = ann.get(HOME).text
        assert all(line in text for line, _ in lines)
        assert '2 more<span class="sr-only">: Claims to review</span>' in text

    def test_sorts_only_claims_that_wait(self, ann, desk):
        """The search for the first by id would read all that are reviewed."""
        feed = on_record(a_collection(name="feed", coding="machine", review=True))
        waits = desk.asserts(collection=feed).stream

        with CaptureQueriesContext(connection) as asked:
            first, number = worklists.first_to_review(limit=5)

        assert (first, number) == ([waits], 1)
        sorts = [
            one["sql"]
            for one in asked
            if "standing_claim" in one["sql"] and "ORDER BY" in one["sql"]
        ]
        assert len(sorts) == 1
        assert waits.hex in sorts[0]

    def test_counts_no_further_than_anybody_reviews(self, ann, desk, monkeypatch):
        monkeypatch.setattr(worklists, "MOST_COUNTED", 6)
        feed = on_record(a_collection(name="feed", coding="machine", review=True))
        for place in range(8):
            desk.asserts(collection=feed, summary=f"Claim {place}.")

        text = ann.get(HOME).text

        assert '<span class="desk-count">6+</span>' in text
        assert '1+ more<span class="sr-only">: Claims to review</span>' in text
        assert "More than 6 claims wait for review." in ann.get("/admin/desk/claim/inbox/").text

    def test_names_what_cannot_be_counted_in_time(self, ann, desk, monkeypatch):
        monkeypatch.setattr(narrowing, "TIMEOUT", "200ms")
        monkeypatch.setattr(worklists, "first_to_review", sleep_in_database)

        page = ann.get(HOME)

        assert page.context["late"] == ["claims to review, to approve and to check"]
        assert "Could not be counted in time: claims to review" in page.text
        assert "Forecasts due" in titles(ann)

    def test_does_not_go_on_counting_after_its_time(self, ann, desk, monkeypatch):
        monkeypatch.setattr(home, "MOST_SECONDS", -1)

        page = ann.get(HOME)

        assert len(page.context["late"]) == 5
        assert page.context["sections"] == []

    def test_lists_an_approval_however_many_claims_of_machines_are_withheld(
        self, desk, monkeypatch
    ):
        monkeypatch.setattr(worklists, "MOST_TO_APPROVE", 1)
        feed = on_record(a_collection(name="feed", coding="machine"))
        firm = a_firm(desk)
        ready = blames(desk, firm)
        for claim in (ready, blames(desk, firm, collection=feed)):
            second_root(claim)
        work_off()

        page = in_role("curator").get("/admin/desk/claim/approve/")

        assert list(page.context["waiting"]) == [ready]
        assert "The newest 1 claims that may belong here were looked at." in page.text

    def test_lists_a_due_forecast_however_many_are_not_due(self, ann, desk, monkeypatch):
        """The one that is due has the last id, and a set of days sorts behind all dates."""
        monkeypatch.setattr(worklists, "MOST_TO_RESOLVE", 2)
        words = {"kind": "forecast", "code": None, "likelihood": "likely", "criterion": "so"}
        for _ in range(3):
            desk.asserts(resolves_by="2031", **words)
        desk.asserts(resolves_by="[2022-01-01..2022-02-01]", summary="A set.", **words)
        desk.asserts(resolves_by="2023-03", summary="Due.", **words)

        with time_machine.travel(datetime(2023, 7, 1, tzinfo=UTC), tick=False):
            number, lines, _ = section(ann, "Forecasts due")

        assert (number, [text for text, _ in lines]) == (2, ["A set.", "Due."])

    def test_lists_a_lapsing_situation_however_many_are_confirmed(self, ann, desk, monkeypatch):
        """The confirmed ones are older, and a document that denies one confirms nothing."""
        monkeypatch.setattr(worklists, "MOST_TO_RECONFIRM", 1)
        cited = a_citation(on_record(a_document(desk.source, title="Fresh", date="2022-11-20")))
        for _ in range(2):
            old = Occurred(edtf="2022-01-01/..")
            desk.asserts(kind="situation", occurred=old, citations=(cited,))
        lapsed = desk.asserts(
            kind="situation", occurred=Occurred(edtf="2022-03-01/.."), summary="Lapsed."
        ).stream
        claims.cite(lapsed, replace(cited, stance="denies"), at=AT, by="x")

        with time_machine.travel(datetime(2022, 11, 21, 12, tzinfo=UTC), tick=False):
            number, lines, _ = section(ann, "Situations to reconfirm")

        assert (number, [text for text, _ in lines]) == (1, ["Lapsed."])

    def test_lists_accusations_that_lack_only_an_approval(self, ann, desk):
        """ann wrote them, so that somebody else must approve."""
        firm = a_firm(desk)
        ready, one_root, approved = blames(desk, firm), blames(desk, firm), blames(desk, firm)
        for claim in (ready, approved):
            second_root(claim)
        reviewed(approved, "bob")
        work_off()
        curator = in_role("curator")

        assert section(ann, "Accusations to approve") == (0, [], 0)
        assert section(curator, "Accusations to approve") == (1, [(SENTENCE, "")], 0)
        assert page_of(ready, "review") in curator.get(HOME).text
        page = curator.get("/admin/desk/claim/approve/")
        assert list(page.context["waiting"]) == [ready]
        assert page_of(one_root) not in page.text
        assert "Nothing to approve." in ann.get("/admin/desk/claim/approve/").text
        assert in_role("viewer").get("/admin/desk/claim/approve/").status_code == 403

    def test_lists_forecasts_whose_time_has_passed(self, ann, desk):
        def forecast(by, **given):
            words = {"kind": "forecast", "code": None, "likelihood": "likely", "criterion": "so"}
            return desk.asserts(resolves_by=by, **words | given).stream

        forecast("2023-06", summary="Later.")
        forecast("2023-03", summary="Sooner.")
        forecast("2024", summary="Not yet.")
        rejected, resolved = forecast("2022-12", summary="No."), forecast("2022-12", summary="Yes.")
        claims.review_claim(rejected, e.ClaimReviewed(outcome="rejected", note="x"), at=AT, by="b")
        outcome = e.ForecastResolved(outcome="happened", resolved_on=date(2022, 5, 1), reason="x")
        claims.resolve_forecast(resolved, outcome, at=AT, by="b")

        with time_machine.travel(datetime(2023, 7, 1, tzinfo=UTC), tick=False):
            due = section(ann, "Forecasts due")
        with time_machine.travel(datetime(2023, 3, 31, tzinfo=UTC), tick=False):
            on_the_last_day = section(ann, "Forecasts due")

        assert due == (
            2,
            [("Sooner.", "due by 31 March 2023"), ("Later.", "due by 30 June 2023")],
            0,
        )
        assert on_the_last_day[0] == 0

    def test_tells_situations_that_lapsed_from_those_that_will(self, ann, desk):
        """A document of 24 May and 180 days: it ceases on 21 November; one of 10 June on
        8 December."""
        for day in ("2022-05-24", "2022-06-10"):
            cited = a_citation(on_record(a_document(desk.source, title=f"Of {day}", date=day)))
            desk.asserts(
                kind="situation",
                occurred=Occurred(edtf="2022-03-01/.."),
                summary=f"Confirmed on {day}.",
                citations=(cited,),
            )

        with time_machine.travel(datetime(2022, 11, 21, 12, tzinfo=UTC), tick=False):
            lapsed, soon = (
                section(ann, title)
                for title in ("Situations to reconfirm", "Situations about to lapse")
            )
            page = ann.get("/admin/desk/claim/reconfirm/")
        with time_machine.travel(datetime(2022, 11, 7, 12, tzinfo=UTC), tick=False):
            earlier = section(ann, "Situations about to lapse")

        assert lapsed[:2] == (
            1,
            [("Confirmed on 2022-05-24.", "not counted since 21 November 2022")],
        )
        assert soon[:2] == (
            1,
            [("Confirmed on 2022-06-10.", "stops counting on 8 December 2022")],
        )
        assert "About to lapse" in page.text
        assert [item.title for item in page.context["soon"]] == ["Confirmed on 2022-06-10."]
        # 8 December is 31 days after 7 November.
        assert [text for text, _ in earlier[1]] == ["Confirmed on 2022-05-24."]

    @pytest.mark.usefixtures("spool")
    def test_lists_ones_own_imports_that_refused_rows(self, ann, desk, monkeypatch):
        def refusing(client, days):
            with time_machine.travel(AT + timedelta(days=days), tick=False):
                return section(client, "Imports with refused rows")

        brought(ann, file=a_file(FILE))
        work()
        assert refusing(ann, 1)[0] == 0
        ann.post(about("load"))
        work()

        [(text, note)] = refusing(ann, 1)[1]
        assert (text, note) == (last().file_name, "1 row refused")
        assert refusing(in_role("importer"), 1)[0] == 0
        # Files are kept for 14 days.
        assert refusing(ann, 15)[0] == 0
        monkeypatch.setattr(home, "MOST_IMPORTS", 0)
        with time_machine.travel(AT + timedelta(days=1), tick=False):
            [imports] = [
                one
                for one in ann.get(HOME).context["sections"]
                if one.title == "Imports with refused rows"
            ]
        assert imports.number == "0+"

    def test_names_trays_and_names_that_wait(self, ann, desk):
        own = a_tray(desk, sentences=40, text_sha256="a" * 64)
        puts(own, a_draft_about(desk, a_new_name()))
        records(own)
        puts(own, a_draft(desk.claim()))
        trays.move_to(own, 7, by="ann", at=AT)

        count, [(title, note)], _ = section(ann, "Articles half read")
        assert (count, title, note) == (1, "A report", "1 claim taken, sentence 7 of 40")
        link = f'<a href="/admin/desk/document/{desk.document}/read/">A report</a>'
        assert link in ann.get(HOME).text
        assert f'action="/admin/desk/document/{desk.document}/read/close/"' in ann.get(HOME).text
        assert section(ann, "Proposed actors and sources")[:2] == (
            1,
            [("Wagner Group", "A report")],
        )
