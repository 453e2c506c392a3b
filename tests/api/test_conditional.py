"""What a client has already: told by a strong ETag, and a 304 before any work."""

from datetime import date
from uuid import UUID

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.kit.api_client import V1
from tests.kit.builders import AT, BY, withhold_text
from tracker import log
from tracker.projections import score_rows, shifts

pytestmark = pytest.mark.django_db
DAY = "2022-05-24"
FOR_EVER = f"pairs/KAZ-RUS/scores/?from=2022-05-01&to={DAY}&as_of="
READS = [
    "claims/",
    "actors/",
    "sources/",
    "documents/",
    "collections/",
    "lenses/",
    "lenses/standing/",
    "codebooks/",
    "codebooks/plover-2.0/",
    "pairs/",
    "pairs/KAZ-RUS/",
    "pairs/KAZ-RUS/scores/",
    "pairs/KAZ-RUS/explanation/",
    "pairs/KAZ-RUS/changes/?from=2022-05-01",
    "pairs/KAZ-RUS/divergence/?lenses=standing,standing",
    "pairs/KAZ-RUS/measures/",
    "pairs/KAZ-RUS/robustness/?lens=levels",
    "triads/?countries=CHN,KAZ,RUS",
    "triads/CHN-KAZ-RUS/",
    "triads/CHN-KAZ-RUS/history/",
    "shifts/",
    "calibration/",
    "editions/",
    "log/events/",
    "log/events/1/",
]


@pytest.fixture
def on_record(desk, catch_up):
    desk.measures_levels()
    made = desk.asserts("RUS", "KAZ")
    catch_up()
    return made


def asked(api, path, tag=None, **headers):
    held = {"If-None-Match": tag} if tag else {}
    return api.http.get(V1 + path, headers={**held, **headers})


class TestEveryRead:
    def test_is_answered_with_a_304_to_whoever_has_it(self, api, on_record):
        for path in READS:
            first = asked(api, path)
            again = asked(api, path, first.headers["ETag"])

            assert (first.status_code, again.status_code, again.content) == (200, 304, b""), path
            assert again.headers["ETag"] == first.headers["ETag"], path
            assert first.headers["ETag"].startswith('"'), path
            for answer in (first, again):
                assert answer.headers["Cache-Control"] == "private, no-cache", path
                assert {"Accept", "Authorization"} <= {*answer.headers["Vary"].split(", ")}, path

    def test_has_another_tag_and_position_after_any_change(self, api, desk, on_record, catch_up):
        paths = [one for one in READS if "codebooks" not in one]
        tags = {path: asked(api, path).headers["ETag"] for path in paths}
        desk.asserts("RUS", "KAZ")
        catch_up()

        for path, tag in tags.items():
            again = asked(api, path, tag)
            assert again.status_code == 200, path
            assert again.headers["ETag"] != tag, path
            assert again.headers["Entente-Position"] == str(log.head().position), path

    def test_has_another_tag_after_the_log_was_restored(self, api, on_record):
        paths = [one for one in READS if "codebooks" not in one]
        paths.append(FOR_EVER + str(on_record.position))
        tags = {path: asked(api, path).headers["ETag"] for path in paths}
        log.renew(UUID(int=7))

        for path, tag in tags.items():
            again = asked(api, path, tag)
            assert again.headers["ETag"] != tag, path
            assert again.headers["Entente-Incarnation"] == str(UUID(int=7)), path

    def test_is_another_in_another_form(self, api, on_record):
        tags = {
            asked(api, path, **headers).headers["ETag"]
            for path, headers in [
                ("claims/", {}),
                ("claims/?limit=7", {}),
                ("claims/?fields=id", {}),
                ("claims/", {"Host": "localhost"}),
                ("claims/", {"Accept": "application/json"}),
            ]
        }

        assert len(tags) == 5

    def test_takes_weak_tags_and_several(self, api, on_record):
        tag = asked(api, "claims/").headers["ETag"]

        for sent in (f"W/{tag}", f'"another", {tag}'):
            assert asked(api, "claims/", sent).status_code == 304
        assert asked(api, "claims/", '"another"').status_code == 200


class TestAnAnswerOfThePast:
    def test_has_the_same_tag_whatever_comes_after(self, api, desk, on_record, catch_up):
        path = FOR_EVER + str(on_record.position)
        first = asked(api, path)
        desk.asserts("RUS", "KAZ")
        catch_up()

        assert asked(api, path, first.headers["ETag"]).status_code == 304
        assert asked(api, path).content == first.content

    def test_has_another_while_the_scores_lag_behind(self, api, desk, on_record, catch_up):
        later = desk.asserts("RUS", "KAZ")
        path = FOR_EVER + str(later.position)
        early = asked(api, path)
        catch_up()

        assert early.json()["scored_through"] == on_record.position
        again = asked(api, path, early.headers["ETag"])
        assert (again.status_code, again.json()["scored_through"]) == (200, later.position)

    def test_that_tells_words_has_another_once_they_are_withheld(self, api, desk, on_record):
        position = on_record.position
        path = f"pairs/KAZ-RUS/explanation/?day={DAY}&as_of={position}"
        tag = asked(api, path).headers["ETag"]
        withhold_text(position, reason="a name", authority="a court", at=AT, by=BY)

        again = asked(api, path, tag)

        assert again.status_code == 200
        assert "Something was done" not in again.content.decode()


class TestTheTable:
    def test_is_another_once_it_aged_or_was_looked_through(self, api, on_record):
        for renew in (
            lambda: score_rows.age(today=date(2024, 5, 2)),
            lambda: shifts.find(today=date(2024, 5, 3)),
        ):
            tag = asked(api, "pairs/").headers["ETag"]
            renew()

            assert asked(api, "pairs/", tag).status_code == 200


class TestARecord:
    def test_is_corrected_by_the_tag_that_was_read(self, api, on_record):
        path = f"claims/{on_record.stream}/"
        tag = asked(api, path).headers["ETag"]

        receipt = api.post(f"{path}retraction/", {"reason": "misread"}, If_Match=tag)

        assert (tag.partition("-")[0], receipt["version"]) == ('"1', 2)
        again = api.post(f"{path}reinstatement/", {"reason": "not so"}, expect=412, If_Match=tag)
        assert again["type"].endswith("/precondition-failed/")


class TestAnOpenSite:
    @pytest.fixture(autouse=True)
    def opened(self, settings):
        settings.ANONYMOUS_READERS = True

    def test_asks_one_question_for_what_is_known(self, desk, on_record):
        somebody = APIClient()
        path = V1 + "pairs/KAZ-RUS/scores/"
        first = somebody.get(path)
        for headers, status in (({"If-None-Match": first.headers["ETag"]}, 304), ({}, 200)):
            with CaptureQueriesContext(connection) as captured:
                again = somebody.get(path, headers=headers)

            assert len(captured) == 1
            assert again.status_code == status
            assert again.headers["Cache-Control"] == "public, no-cache"
            assert again.headers["X-Content-Type-Options"] == "nosniff"
            assert again.headers["X-Frame-Options"] == "DENY"
            assert "default-src 'none'" in again.headers["Content-Security-Policy"]
        assert again.content == first.content
        assert again.headers["Content-Length"] == str(len(first.content))
        assert again.headers["Content-Type"] == first.headers["Content-Type"]

    def test_says_of_no_content_no_type(self, api, on_record):
        for client in (APIClient(), api.http):
            tag = client.get(V1 + "claims/").headers["ETag"]

            unchanged = client.get(V1 + "claims/", headers={"If-None-Match": tag})

            assert (unchanged.status_code, unchanged.content) == (304, b"")
            assert "Content-Type" not in unchanged.headers
            assert unchanged.headers["ETag"] == tag

    def test_keeps_no_problem_no_page_and_nothing_that_is_large(self, on_record, monkeypatch):
        somebody, html = APIClient(), {"Accept": "text/html"}
        assert somebody.get(V1 + "claims/?limit=0").status_code == 400
        assert somebody.get(V1 + "problems/invalid/", headers=html).status_code == 200
        monkeypatch.setattr("tracker.api.reading.LARGEST", 50)
        assert somebody.get(V1 + "claims/").status_code == 200

        assert not caches["answers"]._cache


class TestAClosedSite:
    def test_gives_nobody_an_answer_that_was_kept_for_another(self, api, on_record):
        tag = asked(api, "claims/").headers["ETag"]

        answer = APIClient().get(V1 + "claims/", headers={"If-None-Match": tag})

        assert answer.status_code == 401
