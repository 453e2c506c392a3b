"""An article read over the API: the drafts of the desk, and nothing kept."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection

from tests.kit.api_client import pointers
from tests.kit.builders import BY
from tracker import log
from tracker.domain import codec
from tracker.domain.reading.text import MOST_CHARACTERS
from tracker.models.trays import Tray
from tracker.operations import reading

pytestmark = pytest.mark.django_db

READ = "reading/"
TEXT = """Russia sanctioned Kazakhstan in late March.

Wagner attacked Kazakh soldiers, China said.
"""


def read(api, desk, expect=200, **given):
    return api.post(READ, {"text": TEXT, "document": str(desk.document)} | given, expect=expect)


class TestAReading:
    def test_has_the_drafts_of_the_desk(self, api, desk):
        found = read(api, desk)

        ours = reading.read(TEXT, desk.document, by=BY)
        assert found["drafts"] == [codec.plain(one) for one in ours.drafts]
        assert found["drafts"][0]["claim"]["code"] == "plover-2.0/SANCTION"
        assert {one["proposed"]["by"] for one in found["drafts"]} == {found["reader"]}
        assert found["reader"] == "reading-1"

    def test_of_a_web_page_is_that_of_its_text(self, api, desk):
        page = "<html><body><nav>Menu</nav><article><p>Russia sanctioned Kazakhstan.</p></article>"

        found = read(api, desk, text=page)

        assert [one["text"] for one in found["sentences"]] == ["Russia sanctioned Kazakhstan."]

    def test_says_where_its_sentences_are(self, api, desk):
        found = read(api, desk)

        text = TEXT.strip()
        assert found["text_sha256"] == hashlib.sha256(text.encode()).hexdigest()
        assert [(one["number"], one["heading"]) for one in found["sentences"]] == [
            (1, False),
            (2, False),
        ]
        for one in found["sentences"]:
            assert text[one["start"] : one["end"]] == one["text"]

    def test_writes_nothing(self, api, desk):
        before = log.head()

        answer = api.send(
            READ, {"text": TEXT, "document": str(desk.document)}, Idempotency_Key="a key"
        )

        assert answer.status_code == 200
        assert log.head() == before
        assert not Tray.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM idempotency")
            assert cursor.fetchone() == (0,)

    def test_is_not_to_be_stored_by_anybody_whatever_it_says(self, api, desk):
        bodies: list[Any] = [{"text": TEXT, "document": str(desk.document)}, {"text": TEXT}, []]
        for body in bodies:
            assert api.send(READ, body).headers["Cache-Control"] == "no-store"

    def test_counts_ten(self, api, desk):
        # Both within one minute, since the next one begins at 0 again.
        with time_machine.travel(datetime.now(UTC).replace(second=13), tick=False):
            first, second = (
                api.send(READ, {"text": TEXT, "document": str(desk.document)}) for _ in range(2)
            )

        left = [
            int(one.headers["RateLimit"].split("r=")[1].split(";")[0]) for one in (first, second)
        ]
        assert left[0] - left[1] == 10


class TestADocumentThatIsNotOnRecord:
    def described(self, desk, **given):
        return {"source": str(desk.source), "title": "Another", "date": "2022-05-24"} | given

    def test_is_read_by_its_date_and_cited_by_an_id_that_no_record_has(self, api, desk):
        document = self.described(desk)

        found, again = (read(api, desk, document=None, new_document=document) for _ in range(2))

        assert found["document"] is None
        (first, *_) = found["drafts"]
        assert first["claim"]["occurred"]["edtf"] == "[2022-03-21..2022-03-31]"
        cited = first["claim"]["citations"][0]["document"]
        api.get(f"documents/{cited}/", expect=404)
        api.post(f"documents/{cited}/drafts/", {"drafts": found["drafts"]}, expect=404)
        assert again == found

    def test_is_checked_as_a_new_one_is(self, api, desk):
        wrong = self.described(desk, date="2022-99", title=" ", source=str(desk.collection))

        problem = read(api, desk, expect=400, document=None, new_document=wrong)

        assert pointers(problem) == [
            "/new_document/title",
            "/new_document/date",
            "/new_document/source",
        ]


class TestARefusal:
    def test_names_a_document_that_is_missing_or_given_twice(self, api, desk):
        given = {"source": str(desk.source), "title": "Another"}

        assert pointers(read(api, desk, expect=400, document=None)) == ["/document"]
        assert pointers(read(api, desk, expect=400, new_document=given)) == ["/new_document"]

    def test_names_what_is_not_on_record(self, api, desk):
        nothing = "00000000-0000-0000-0000-000000000007"

        assert pointers(read(api, desk, expect=400, document=nothing)) == ["/document"]
        assert pointers(read(api, desk, expect=400, collection=nothing)) == ["/collection"]

    def test_of_a_text_that_is_too_long_or_empty_does_not_repeat_it(self, api, desk):
        for text in ("marker " * (MOST_CHARACTERS // 7 + 1), "marker " * 20_001, " "):
            problem = read(api, desk, expect=400, text=text)

            assert pointers(problem) == ["/text"]
            assert "marker" not in str(problem)

    def test_says_in_words_that_the_site_allows_no_reading(self, api, desk, settings):
        settings.READING = False

        problem = read(api, desk, expect=409)

        assert problem["detail"] == "This site does not allow article texts to be sent to it."
