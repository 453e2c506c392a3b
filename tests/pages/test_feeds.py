"""Feeds as an independent reader of them sees them."""

from datetime import UTC, datetime

import feedparser
import pytest
import time_machine

from tests.kit.builders import AT, BY
from tests.kit.pseudo_language import marked
from tracker import log
from tracker.operations import claims

pytestmark = pytest.mark.django_db
PAIR, ALL, SHIFTS = "/pairs/KAZ-RUS/feed.atom", "/claims/feed.atom", "/shifts/feed.atom"


def read(client, path, **headers):
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def titles(found):
    return [one.title for one in found.entries]


def retract(claim):
    return claims.retract_claim(claim, reason="It was a hoax.", at=AT, by=BY)


class TestTheFeedOfAPair:
    def test_has_its_claims_the_last_changed_first(self, client, desk, scored):
        first = desk.asserts(summary="Russia closed a pipeline.").stream
        desk.asserts("CHN", "RUS", summary="China built a bridge.")
        desk.asserts(summary="Russia may close another.", kind="assessment", code=None)
        scored()

        found = read(client, PAIR)

        assert titles(found) == ["Russia may close another.", "Russia closed a pipeline."]
        entry = found.entries[1]
        assert entry.link == f"http://testserver/claims/{first}/"
        assert entry.id == f"tag:testserver,2026:claim/{first}"
        assert client.get(entry.link).status_code == 200
        made = log.history([first])[0].recorded_at
        assert moment(entry.published_parsed) == moment(entry.updated_parsed)
        assert moment(entry.updated_parsed) == made.replace(microsecond=0)

    def test_is_in_the_language_of_its_address(self, client, desk, scored):
        claim = desk.asserts(summary="Russia closed a pipeline.").stream
        scored()

        with marked("ru"):
            found = read(client, f"/ru{PAIR}")

        assert found.feed.language == "ru"
        # A reader of two languages has each text once.
        assert found.feed.id == "tag:testserver,2026:ru/feed/pair/KAZ-RUS"
        [entry] = found.entries
        assert entry.link == f"http://testserver/ru/claims/{claim}/"
        assert entry.summary.startswith("⟦Date: ⟧")
        assert "⟦Last put on record on ⟧1 мая 2024⟦.⟧" in entry.summary

    def test_names_itself_its_page_and_an_author(self, client, desk, scored):
        scored()

        found = read(client, "/pairs/rus-kaz/feed.atom").feed

        links = {one.rel: one.href for one in found.links}
        assert links["alternate"] == "http://testserver/pairs/KAZ-RUS/"
        assert links["self"] == "http://testserver/pairs/rus-kaz/feed.atom"
        assert found.id == "tag:testserver,2026:feed/pair/KAZ-RUS"
        assert (found.author, found.title) == ("Entente", "Entente: KAZ–RUS")

    def test_shows_a_retraction_in_the_claims_entry_and_as_one_of_its_own(
        self, client, desk, scored
    ):
        claim = desk.asserts(summary="Russia closed a pipeline.").stream
        scored()
        before = read(client, PAIR).entries[0]

        position = retract(claim).position
        scored()

        own, again = read(client, PAIR).entries
        assert own.title == again.title == "Russia closed a pipeline. [retracted]"
        assert own.id == f"tag:testserver,2026:retraction/{position}"
        assert again.id == before.id
        assert again.published == before.published
        assert again.updated >= before.updated
        assert "retracted" in [tag.term for tag in again.tags]
        assert "moves no score" in again.summary

    def test_still_has_a_claim_that_was_corrected_to_be_about_others(self, client, desk, scored):
        claim = desk.asserts(summary="Russia closed a pipeline.").stream
        scored()
        other = desk.claim("RUS", "CHN", summary="Russia closed it to China.")
        claims.correct_claim(claim, other, reason="so", expected=1, at=AT, by=BY)
        scored()

        assert titles(read(client, PAIR)) == ["Russia closed it to China."]

    def test_is_none_where_there_is_no_such_pair_or_lens(self, client, desk, scored):
        scored()

        assert client.get("/pairs/KAZ-XYZ/feed.atom").status_code == 404
        assert client.get(PAIR, {"lens": "nobody"}).status_code == 404
        assert client.get(ALL, {"lens": "nobody"}).status_code == 404
        assert client.get(SHIFTS, {"lens": "nobody"}).status_code == 404
        assert client.post(PAIR).status_code == 405


class TestTheFeedOfClaims:
    def test_has_those_that_the_lens_looks_at(self, client, desk):
        desk.asserts(summary="One thing happened.")
        desk.asserts("CHN", "RUS", summary="Another happened.")

        assert titles(read(client, ALL)) == ["Another happened.", "One thing happened."]


class TestTheFeedOfShifts:
    def test_says_what_moved_how_far_and_by_which_claims(self, client, shift):
        shift(before="2023-02-01", day="2024-03-10")
        with time_machine.travel("2024-05-01T12:00:00Z", tick=False):
            found = read(client, SHIFTS)

        assert found.entries
        entry = found.entries[0]
        assert entry.title.startswith("KAZ–RUS moved −")
        assert "Overall relationship, version 1." in entry.summary
        assert "Act " in entry.summary
        assert entry.id.startswith("tag:testserver,2026:shift/standing@1/KAZ-RUS/2024-")
        assert entry.link.startswith("http://testserver/pairs/KAZ-RUS/?lens=standing&day=2024-")
        assert client.get(entry.link).status_code == 200


class TestAReaderThatComesAgain:
    @pytest.mark.parametrize("path", [PAIR, ALL, SHIFTS])
    def test_is_told_that_nothing_changed_until_something_did(self, client, desk, scored, path):
        desk.asserts()
        scored()
        tag = client.get(path).headers["ETag"]

        same = client.get(path, headers={"If-None-Match": tag})
        desk.asserts()
        scored()
        other = client.get(path, headers={"If-None-Match": tag})

        assert (same.status_code, same.content) == (304, b"")
        assert other.status_code == 200
        assert other.headers["ETag"] != tag


class TestAnId:
    def test_stays_when_the_site_moves(self, client, desk, scored, settings):
        settings.ALLOWED_HOSTS = ["*"]
        settings.FEED_AUTHORITY = "entente.example"
        claim = desk.asserts().stream
        scored()

        found = [
            feedparser.parse(client.get(PAIR, headers={"host": host}).content)
            for host in ("a.example:8000", "b.example")
        ]

        assert {one.entries[0].id for one in found} == {f"tag:entente.example,2026:claim/{claim}"}


class TestThePages:
    def test_lead_feed_readers_to_the_feeds(self, client, desk, scored):
        scored()

        text = client.get("/pairs/KAZ-RUS/").text

        assert 'title="Claims of KAZ and RUS" href="/pairs/KAZ-RUS/feed.atom"' in text
        assert f'href="{ALL}"' in client.get("/").text
        assert f'href="{SHIFTS}"' in client.get("/").text


def moment(parsed):
    return datetime(*parsed[:6], tzinfo=UTC)
