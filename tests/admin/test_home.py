"""The first page of the desk: what moved, and what waits for whom."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.admin.conftest import page_of
from tests.kit.accusations import SENTENCE, a_firm, blames, reviewed, second_root
from tests.kit.background_work import work_off
from tests.kit.builders import AT, a_citation, a_collection, a_document
from tests.kit.desk_uploads import FILE, a_file, about, brought, last
from tests.kit.jobs import work
from tests.kit.trays import a_draft, a_draft_about, a_new_name, a_tray, puts, records
from tests.kit.verdicts import drawn
from tracker.admin import home
from tracker.admin.models import Beat
from tracker.domain import events as e
from tracker.domain.claims import Occurred
from tracker.operations import claims, sources, trays
from tracker.queries.claims import narrowing, worklists

pytestmark = pytest.mark.django_db
HOME = "/admin/"
WAR = "plover-2.0/ASSAULT"


def as_role(role):
    user = User.objects.create_user(f"a-{role}", is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client


def section(client, title):
    """What the page shows of a section: its number, its lines, and how many more there are."""
    context = client.get(HOME).context
    [found] = [one for one in (*context["sections"], *context["idle"]) if one.title == title]
    return found.count, [(line.text, line.note) for line in found.lines], int(found.others or 0)


def number(client, title):
    """The number of a section, with a plus if there are more."""
    [found] = [one for one in client.get(HOME).context["sections"] if one.title == title]
    return found.number


def titles(client):
    context = client.get(HOME).context
    return {one.title for one in (*context["sections"], *context["idle"])}


def _sleep():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1)")


class TestMyPairs:
    @pytest.fixture
    def follows(self, ann):
        def follow(*pairs):
            user = User.objects.get(username="ann")
            Beat.objects.update_or_create(user=user, defaults={"pairs": list(pairs)})

        return follow

    def enters(self, desk, *ends, **given):
        return claims.assert_claim(desk.claim(*ends, **given), at=timezone.now(), by="bob").stream

    def test_are_asked_for_if_there_are_none(self, ann, desk):
        assert "You follow no pairs yet." in ann.get(HOME).text

    def test_show_level_course_and_what_moved_them(self, ann, desk, follows):
        """The first claim of a pair moves it from 0 by all of its level."""
        self.enters(desk)
        work_off(at=timezone.now())
        follows("KAZ-RUS", "CHN-KAZ")

        moved, silent = ann.get(HOME).context["followed"].shown

        assert (moved.name, moved.title, moved.link) == ("KAZ-RUS", "KAZ–RUS", "/pairs/KAZ-RUS/")
        assert moved.level.startswith("−")
        value, _, interval = moved.level.partition(", ")
        assert re.fullmatch(r"−\d\.\d\d to [+−]\d\.\d\d", interval)
        assert moved.moved == f"{value} since yesterday"
        assert (moved.by.title, moved.others) == ("Something was done.", 0)
        assert moved.spark.label.endswith(f" to {value}")
        assert len(moved.spark.points.split()) == 53
        assert silent.name == "CHN-KAZ"
        assert silent.moved == "nothing new since yesterday"

    def test_link_the_claim_that_moved_them_most(self, ann, desk, follows):
        claims_entered = [self.enters(desk, summary=f"Act {number}.") for number in range(3)]
        work_off(at=timezone.now())
        follows("KAZ-RUS")

        page = ann.get(HOME)

        [pair] = page.context["followed"].shown
        assert pair.by.claim in claims_entered
        assert pair.others == 2
        link = f'<a href="/admin/desk/claim/{pair.by.claim}/change/">{pair.by.title}</a>'
        assert f"since yesterday by {link} and 2 more" in page.text

    def test_that_nobody_assessed_have_no_level(self, ann, desk, follows):
        """0 would look like a neutral level; how far acts moved the pair is known. The act is of
        2022, before the year that is drawn."""
        desk.sees_levels()
        self.enters(desk)
        work_off(at=timezone.now())
        follows("KAZ-RUS", "CHN-KAZ")

        moved, silent = ann.get(HOME).context["followed"].shown

        assert moved.level == silent.level == "never assessed"
        assert re.fullmatch(r"−\d\.\d\d since yesterday", moved.moved)
        assert moved.spark.label == silent.spark.label == "The last year: moved by 0.00"

    def test_are_drawn_on_one_scale_with_its_zero(self, ann, desk, follows):
        """A pair at 0 all year is drawn on the zero line."""
        self.enters(desk)
        work_off(at=timezone.now())
        follows("KAZ-RUS", "CHN-KAZ")

        moved, silent = (pair.spark for pair in ann.get(HOME).context["followed"].shown)

        assert moved.zero == silent.zero
        heights = {point.partition(",")[2] for point in silent.points.split()}
        assert heights == {silent.zero}

    def test_of_which_nothing_was_recorded_move_by_time_alone(self, ann, desk, follows):
        """A situation counts on each of its days, so that it moves a pair without new claims."""
        made = a_document(desk.source, title="It goes on", date="2024-05-02")
        cited = a_citation(sources.describe_document(made, at=AT, by="x").stream)
        since = Occurred(edtf="2024-04-20/..")
        desk.asserts(kind="situation", occurred=since, citations=(cited,), code=WAR)
        work_off()
        follows("KAZ-RUS")

        with time_machine.travel(AT + timedelta(days=9), tick=False):
            [pair] = ann.get(HOME).context["followed"].shown

        assert re.fullmatch(r"nothing new; −\d\.\d\d by time alone", pair.moved)

    def test_are_five_those_first_of_which_most_was_recorded(self, ann, desk, follows):
        self.enters(desk, "CHN", "RUS")
        for _ in range(2):
            self.enters(desk, "CHN", "KAZ")
        work_off(at=timezone.now())
        follows("AUT-DEU", "BEL-DEU", "DEU-FRA", "DEU-ITA", "KAZ-RUS", "CHN-KAZ", "CHN-RUS")

        followed = ann.get(HOME).context["followed"]

        names = [pair.name for pair in followed.shown]
        assert set(names[:2]) == {"CHN-KAZ", "CHN-RUS"}
        assert set(names[2:]) == {"AUT-DEU", "BEL-DEU", "DEU-FRA"}
        assert (followed.count, followed.others) == (7, 2)
        assert ">2 more</a>" in ann.get(HOME).text

    def test_with_too_many_claims_show_their_level_alone(self, ann, desk, follows, monkeypatch):
        monkeypatch.setattr(home, "MOST_IMPACTS", 1)
        for _ in range(2):
            self.enters(desk)
        work_off(at=timezone.now())
        follows("KAZ-RUS")

        [pair] = ann.get(HOME).context["followed"].shown

        assert pair.moved == ""
        assert "too many claims to compare" in ann.get(HOME).text

    def test_that_take_too_long_are_not_waited_for(self, ann, desk, follows, monkeypatch):
        monkeypatch.setattr(narrowing, "TIMEOUT", "200ms")
        monkeypatch.setattr(home, "_overnight", lambda *_args, **_given: _sleep())
        follows("KAZ-RUS")

        assert "could not be worked out in time" in ann.get(HOME).text

    def test_say_why_nothing_can_be_shown(self, ann, follows):
        follows("KAZ-RUS")

        assert "there is no lens" in ann.get(HOME).context["followed"].problem


class TestWhatWaits:
    def test_goes_by_what_an_account_may_do(self, desk):
        judging = {"Claims to review", "Accusations to approve", "Weekly checks"}
        keeping = {"Forecasts due", "Situations to reconfirm", "Situations about to lapse"}
        proposed, trays = {"Proposed actors and sources"}, {"Articles half read"}
        files = {"Imports with refused rows"}

        assert titles(as_role("viewer")) == set()
        assert titles(as_role("analyst")) == keeping | trays
        assert titles(as_role("curator")) == judging | proposed
        assert titles(as_role("importer")) == files
        assert titles(as_role("admin")) == judging | keeping | proposed | trays | files

    def test_shows_five_claims_to_review_and_counts_the_others(self, ann, desk):
        asks = a_collection(name="feed", coding="machine", review=True)
        feed = sources.describe_collection(asks, at=AT, by="x").stream
        for number in range(7):
            desk.asserts(collection=feed, summary=f"Claim {number}.")

        number, lines, others = section(ann, "Claims to review")

        assert (number, len(lines), others) == (7, 5, 2)
        text = ann.get(HOME).text
        assert all(line in text for line, _ in lines)
        assert '2 more<span class="sr-only">: Claims to review</span>' in text

    def test_sorts_only_claims_that_wait(self, ann, desk):
        """The search for the first by id would read all that are reviewed."""
        asks = a_collection(name="feed", coding="machine", review=True)
        feed = sources.describe_collection(asks, at=AT, by="x").stream
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
        asks = a_collection(name="feed", coding="machine", review=True)
        feed = sources.describe_collection(asks, at=AT, by="x").stream
        for number in range(8):
            desk.asserts(collection=feed, summary=f"Claim {number}.")

        text = ann.get(HOME).text

        assert '<span class="desk-count">6+</span>' in text
        assert '1+ more<span class="sr-only">: Claims to review</span>' in text
        assert "More than 6 claims wait for review." in ann.get("/admin/desk/claim/inbox/").text

    def test_names_what_cannot_be_counted_in_time(self, ann, desk, monkeypatch):
        monkeypatch.setattr(narrowing, "TIMEOUT", "200ms")
        monkeypatch.setattr(worklists, "first_to_review", lambda **_: _sleep())

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
        coded = a_collection(name="feed", coding="machine")
        feed = sources.describe_collection(coded, at=AT, by="x").stream
        firm = a_firm(desk)
        ready = blames(desk, firm)
        for claim in (ready, blames(desk, firm, collection=feed)):
            second_root(claim)
        work_off()

        page = as_role("curator").get("/admin/desk/claim/approve/")

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
        fresh = a_document(desk.source, title="Fresh", date="2022-11-20")
        cited = a_citation(sources.describe_document(fresh, at=AT, by="x").stream)
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
        curator = as_role("curator")

        assert section(ann, "Accusations to approve") == (0, [], 0)
        assert section(curator, "Accusations to approve") == (1, [(SENTENCE, "")], 0)
        assert page_of(ready, "review") in curator.get(HOME).text
        page = curator.get("/admin/desk/claim/approve/")
        assert list(page.context["waiting"]) == [ready]
        assert page_of(one_root) not in page.text
        assert "Nothing to approve." in ann.get("/admin/desk/claim/approve/").text
        assert as_role("viewer").get("/admin/desk/claim/approve/").status_code == 403

    def test_lists_drawn_claims_of_others(self, ann, desk):
        drawn(claims.assert_claim(desk.claim(summary="It rained."), at=AT, by="carl").stream)
        drawn(desk.asserts(summary="By ann.").stream)

        number, [(text, note)], _ = section(ann, "Weekly checks")

        assert (number, text) == (1, "It rained.")
        assert note.startswith("drawn in the week of ")

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
            made = a_document(desk.source, title=f"Of {day}", date=day)
            cited = a_citation(sources.describe_document(made, at=AT, by="x").stream)
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
        assert refusing(as_role("importer"), 1)[0] == 0
        # Files are kept for 14 days.
        assert refusing(ann, 15)[0] == 0
        monkeypatch.setattr(home, "MOST_IMPORTS", 0)
        with time_machine.travel(AT + timedelta(days=1), tick=False):
            assert number(ann, "Imports with refused rows") == "0+"

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

    def test_gives_a_plus_to_the_number_of_more_trays_than_are_listed(self, ann, desk, monkeypatch):
        for document in (desk.document, desk.hears()):
            own = trays.open_tray(document, by="ann", at=AT, text_sha256="a" * 64, sentences=9)
            trays.move_to(own.id, 1, by="ann", at=AT)
        assert section(ann, "Articles half read")[0] == 2

        monkeypatch.setattr(home, "MOST_TRAYS", 1)

        assert number(ann, "Articles half read") == "1+"

    def test_names_in_one_line_what_has_nothing(self, ann, desk):
        text = " ".join(ann.get(HOME).text.split())

        assert "Nothing waits in: <a" in text
        assert ">weekly checks</a>, <a" in text


class TestAnEmptyDesk:
    def test_says_what_to_do_first(self, ann):
        page = ann.get(HOME)

        assert page.context["steps"][0].link == "/admin/desk/lens/add/"
        assert "Define a lens: without one no score is worked out." in page.text
        assert "Nothing is on record yet" in page.text

    def test_names_only_what_the_account_may_do(self, db):
        steps = as_role("analyst").get(HOME).context["steps"]

        assert [step.text for step in steps] == ["Enter a claim."]

    def test_is_one_without_claims(self, ann, desk):
        assert ann.get(HOME).context["steps"]
        desk.asserts()
        assert not ann.get(HOME).context["steps"]


class TestTheForm:
    def test_has_the_lists_of_the_admin_at_its_foot(self, ann, desk):
        text = ann.get(HOME).text

        assert "events on record" in text
        assert "events on record" not in as_role("curator").get(HOME).text
        assert text.index("System status") < text.index("<summary>All lists</summary>")
        assert text.index("<summary>All lists</summary>") < text.index("Access attempts")

    def test_asks_the_database_a_bounded_number_of_times(self, ann, desk):
        """The more there is, the same number: claims of each section, and pairs."""
        user = User.objects.get(username="ann")

        def fill(times):
            made = a_document(desk.source, title=f"Of {times}", date="2022-05-24")
            cited = a_citation(sources.describe_document(made, at=AT, by="x").stream)
            firm = a_firm(desk)
            for number in range(times):
                desk.asserts(
                    kind="situation", occurred=Occurred(edtf="2022-03-01/.."), citations=(cited,)
                )
                words = {"kind": "forecast", "code": None, "likelihood": "likely"}
                desk.asserts(resolves_by="2023", criterion="so", summary=f"{number}", **words)
                drawn(claims.assert_claim(desk.claim(), at=AT, by="carl").stream)
                claim = blames(desk, firm, summary=f"{SENTENCE} {number}")
                second_root(claim)
            work_off(at=timezone.now())

        def asked():
            with CaptureQueriesContext(
                connection,
            ) as context:
                ann.get(HOME)
            return len(context)

        Beat.objects.create(user=user, pairs=["KAZ-RUS"])
        fill(1)
        ann.get(HOME)
        few = asked()
        Beat.objects.update(pairs=["CHN-KAZ", "CHN-RUS", "KAZ-RUS"])
        fill(8)

        assert asked() <= few + 2
        assert few <= MOST_QUERIES


# Of all sections and of pairs that moved. Each of the six limits of time takes four.
MOST_QUERIES = 80
