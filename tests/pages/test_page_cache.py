"""Pages are made once for as long as the record says the same, whatever is added to their address,
and may not be framed."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings as live
from django.core.cache import caches
from django.http import HttpResponse

from tests.kit.builders import AT
from tests.kit.seals import sign_all
from tracker import log
from tracker.models.derived import DISCLOSURE, Cursor, DirtyPair, Quarantine
from tracker.operations import claims, editions
from tracker.pages import page_cache, site_pages
from tracker.pages import pair_page as pairviews
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


NO_SESSION = "a" * 32


@pytest.fixture
def built(monkeypatch, desk, scored):
    """The addresses of pages of pairs that were built."""
    scored()
    found: list[str] = []
    ground = pairviews.requested_context

    def counted(request, *place):
        found.append(request.get_full_path())
        return ground(request, *place)

    monkeypatch.setattr(pairviews, "requested_context", counted)
    return found


class TestACookieOfNoSession:
    @pytest.mark.parametrize("cookie", ["x", NO_SESSION])
    def test_gets_the_page_that_was_kept(self, client, built, cookie):
        first = client.get(PAGE)
        client.cookies[live.SESSION_COOKIE_NAME] = cookie

        again = client.get(PAGE)

        assert built == [PAGE]
        assert (again.content, again["ETag"]) == (first.content, first["ETag"])

    def test_costs_one_look_at_most(self, client, built, django_assert_num_queries):
        client.get(PAGE)
        client.cookies[live.SESSION_COOKIE_NAME] = NO_SESSION

        # The look, and the stamp.
        with django_assert_num_queries(2):
            client.get(PAGE)

    def test_of_somebody_who_logged_out_gets_it_as_well(self, client, built, django_user_model):
        client.get(PAGE)
        client.force_login(django_user_model.objects.create_user("ann"))
        name = client.cookies[live.SESSION_COOKIE_NAME].value
        client.get(PAGE)
        client.logout()
        client.cookies[live.SESSION_COOKIE_NAME] = name

        client.get(PAGE)

        assert built == [PAGE, PAGE]


class TestAnUnknownParameter:
    def test_is_refused_by_name_with_those_that_are_known(self, client, built):
        answer = client.get(PAGE, {"lens": "tone", "zz": "1"})

        assert answer.status_code == 400
        assert "This page has no parameter zz. It takes lens, direction, as_of, day" in answer.text
        assert f'<a href="{PAGE}?lens=tone">zz</a>' in answer.text
        assert built == []

    @pytest.mark.parametrize("path", ["/method/", "/editions/", "/status/", "/robots.txt"])
    def test_is_any_on_a_page_that_knows_none(self, client, scored, path):
        answer = client.get(path, {"day": "2022-05-24"})

        assert answer.status_code == 400
        assert "This page has no parameter day. It takes none." in answer.text

    @pytest.mark.parametrize("path", ["/claims/feed.atom", "/shifts/feed.atom", f"{PAGE}feed.atom"])
    def test_is_refused_by_feeds(self, client, desk, scored, path):
        scored()

        assert client.get(path, {"lens": "tone"}).status_code == 200
        assert client.get(path, {"lense": "tone"}).status_code == 400

    @pytest.mark.parametrize("name", ["utm_source", "fbclid", "gclid", "mc_cid", "mtm_campaign"])
    def test_of_a_mailer_is_dropped(self, client, built, name):
        first = client.get(PAGE)

        again = client.get(PAGE, {name: "spring"})

        assert built == [PAGE]
        assert again["ETag"] == first["ETag"]


class TestAnUntypableSign:
    """The database cannot hold it."""

    @pytest.mark.parametrize("path", ["/", "/pairs/KAZ-RUS/", "/claims/{}/"])
    @pytest.mark.parametrize(
        "name", ["lens", "day", "as_of", "country", "direction", "from", "to", "\0"]
    )
    def test_in_an_address_is_no_crash(self, client, desk, scored, path, name):
        claim = desk.asserts().stream
        scored()

        answer = client.get(path.format(claim), {name: "\0"})

        assert answer.status_code in (200, 400)


class TestOneAddress:
    @pytest.mark.parametrize(
        "query",
        [
            "lens=tone&day=2022-05-24",
            "day=2022-05-24&lens=tone",
            "lens=&day=2022-05-24&lens=tone",
            "since=&day=2022-05-24&lens=%20tone",
        ],
    )
    def test_has_every_order_of_its_parameters(self, client, built, query):
        first = client.get(f"{PAGE}?day=2022-05-24&lens=tone")

        again = client.get(f"{PAGE}?{query}")

        assert len(built) == 1
        assert again["ETag"] == first["ETag"]


class TestManyWhoAskAtOnce:
    def test_wait_for_one_who_builds(self, rf):
        """Each build takes a while: without a lock all four would be at it."""
        built, asked = [], threading.Barrier(4)

        def view(_request):
            built.append(1)
            threading.Event().wait(0.3)
            return HttpResponse("made")

        page = page_cache.page_cached_by(lambda: "1", ())(view)
        answers = []

        def ask():
            asked.wait()
            answers.append(page(rf.get("/somewhere/")))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert [one.content for one in answers] == [b"made"] * 4
        assert len(built) == 1
