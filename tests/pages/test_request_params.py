"""What a reader may add to an address, and how often pages are built for it."""

import threading

import pytest
from django.conf import settings as live
from django.http import HttpResponse

from tracker.pages import page_cache
from tracker.pages import pair_page as pairviews

pytestmark = pytest.mark.django_db
PAGE = "/pairs/KAZ-RUS/"
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
