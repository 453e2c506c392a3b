"""Pages are made once for as long as the record says the same, and may not be framed."""

from datetime import timedelta

import pytest
from django.core.cache import caches

from tests.kit.builders import AT
from tests.kit.seals import sign_all
from tracker import log
from tracker.models.derived import DISCLOSURE, Cursor, DirtyPair, Quarantine
from tracker.operations import claims, editions
from tracker.pages import pair_page as pairviews
from tracker.pages import site_pages
from tracker.projections.audit import audit
from tracker.queries import moment

pytestmark = pytest.mark.django_db
PAGE = "/pairs/KAZ-RUS/"


@pytest.fixture
def claim_id(desk, scored):
    stream = desk.asserts(summary="Russia closed a pipeline.").stream
    scored()
    return stream


class TestAPage:
    def test_is_made_once_while_the_record_is_the_same(
        self, client, claim_id, monkeypatch, django_assert_num_queries
    ):
        first = client.get(PAGE)
        monkeypatch.setattr(pairviews, "requested_context", None)

        # The stamp.
        with django_assert_num_queries(1):
            again = client.get(PAGE)

        assert again.content == first.content
        assert again["ETag"] == first["ETag"]

    def test_is_not_sent_to_who_has_it(self, client, claim_id):
        tag = client.get(PAGE)["ETag"]

        answer = client.get(PAGE, headers={"If-None-Match": tag})

        assert answer.status_code == 304
        assert answer.content == b""

    def test_is_not_pushed_out_by_searches(self, client, claim_id):
        """Each search is another page; a client that has one is told so."""
        found = client.get("/search/", {"q": "pipeline"})
        kept = caches["answers"]._cache.keys()

        assert found["ETag"] not in {key.rpartition(":")[2] for key in kept}
        again = client.get("/search/", {"q": "pipeline"}, headers={"If-None-Match": found["ETag"]})
        assert again.status_code == 304

    def test_is_made_anew_after_any_event(self, client, claim_id, scored):
        before = client.get(PAGE)
        claims.retract_claim(claim_id, reason="no", at=AT, by="ann")
        at_once = client.get(PAGE)
        scored()
        after = client.get(PAGE)

        assert len({one["ETag"] for one in (before, at_once, after)}) == 3
        assert "[retracted]" in after.text

    def test_is_made_for_itself_for_whoever_is_logged_in(self, client, django_user_model, claim_id):
        client.get(f"/claims/{claim_id}/")
        client.force_login(django_user_model.objects.create_user("ann", is_staff=True))

        staff = client.get(f"/claims/{claim_id}/")
        client.logout()

        assert "ann" in staff.text
        assert "ETag" not in staff
        assert ">ann<" not in client.get(f"/claims/{claim_id}/").text


class TestFrames:
    @pytest.mark.parametrize("path", [PAGE, "/", "/triads/CHN-KAZ-RUS/", "/method/"])
    def test_may_not_hold_a_page(self, client, claim_id, path):
        answer = client.get(path)

        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"

    @pytest.mark.parametrize("path", [PAGE, "/triads/CHN-KAZ-RUS/"])
    def test_may_hold_an_embed_each_time(self, client, claim_id, path):
        for answer in (client.get(f"/embed{path}"), client.get(f"/embed{path}")):
            assert "frame-ancestors *" in answer["Content-Security-Policy"]
            assert "'none' *" not in answer["Content-Security-Policy"]
            assert "X-Frame-Options" not in answer
            assert answer["X-Robots-Tag"] == "noindex"


class TestARetraction:
    """Shows on each page that used the claim."""

    @pytest.mark.parametrize(
        "path",
        ["/pairs/KAZ-RUS/", "/embed/pairs/KAZ-RUS/", "/actors/KAZ/", "/shifts/", "DOCUMENT"],
    )
    def test_shows_wherever_the_claim_was_used(self, client, desk, claim_id, scored, path):
        claims.retract_claim(claim_id, reason="no", at=AT, by="ann")
        scored()
        where = f"/documents/{desk.document}/" if path == "DOCUMENT" else path

        text = client.get(where).text

        assert "Russia closed a pipeline. [retracted]" in text


def a_follower_stops(_desk):
    Cursor.objects.exclude(view=DISCLOSURE).update(stopped_by="an event of an unknown shape")


def a_pair_waits(desk):
    DirtyPair.objects.create(
        view=desk.view.id, pair="KAZ-RUS", from_day=AT.date(), since_position=1
    )


def a_claim_is_set_aside(desk):
    Quarantine.objects.create(view=desk.view.id, subject="claim:1", position=7, error="broken")


def an_edition_is_made(_desk):
    head = moment.known_at(log.head().position)
    editions.publish("standing", AT.date() - timedelta(days=1), at=AT, as_of=head)


def an_audit_runs(_desk):
    audit(at=AT, sample=1)


class TestTheStatus:
    def test_is_made_once_while_nothing_changes(self, client, claim_id, monkeypatch):
        first = client.get("/status/")
        monkeypatch.setattr(site_pages.progress, "followers", None)

        assert client.get("/status/").content == first.content

    @pytest.mark.parametrize(
        ("act", "text"),
        [
            (lambda desk: desk.asserts(), "Left to do:"),
            (a_follower_stops, "stopped: an event cannot be read"),
            (a_pair_waits, "and 1 pair."),
            (a_claim_is_set_aside, "since position 7"),
            (an_edition_is_made, "kept on"),
            (an_audit_runs, "nothing differs"),
            (lambda _: sign_all(), "signed on"),
        ],
    )
    def test_is_made_anew_when_something_on_it_changes(self, client, desk, claim_id, act, text):
        before = client.get("/status/").text
        act(desk)

        assert text not in before
        assert text in client.get("/status/").text

    def test_shows_that_a_claim_was_set_aside_again(self, client, desk, claim_id):
        a_claim_is_set_aside(desk)
        client.get("/status/")
        Quarantine.objects.update(position=9)

        assert "since position 9" in client.get("/status/").text
