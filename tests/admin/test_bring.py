"""Bringing an article: from its address or its text to the document, and to the page of its
text."""

import re

import pytest
from django.utils import timezone

from tests.kit.builders import AT, BY, a_source
from tests.kit.reading_desk import seen
from tests.kit.trays import a_tray
from tracker.domain import codec
from tracker.domain import state as f
from tracker.models.derived import StandingRecord
from tracker.operations import sources, trays

pytestmark = pytest.mark.django_db
BRING = "/admin/desk/read/"
TEXT = """The triangle of three

By Jane Doe

24 May 2022

Russia did something. Kazakhstan did not.
"""
LINE = {"_make": "1", "source": "The Gazette", "title": "News", "date": "24 May 2022"}


def read_page(document, brought="#brought"):
    return f"/admin/desk/document/{document}/read/{brought}"


def values(answer):
    """What the fields of the document hold."""
    form = answer.context["form"]
    return {name: form[name].value() for name in ("title", "source", "authors", "date", "url")}


def newest(noun):
    row = StandingRecord.objects.filter(noun=noun).order_by("-id")[0]
    return codec.build({"source": f.SourceState, "document": f.DocumentState}[noun], row.state)


class TestWhatIsBrought:
    def test_may_be_a_text_that_is_half_read(self, ann, desk):
        own = a_tray(desk, by="ann", sentences=12, text_sha256="a" * 64)
        trays.move_to(own, 7, by="ann", at=AT)

        answer = ann.get(BRING)

        assert "Half read A report 0 in the tray, sentence 7 of 12 close" in seen(answer)
        assert f'action="/admin/desk/document/{desk.document}/read/close/"' in answer.text
        assert "are listed" not in answer.text

    def test_has_the_focus_where_something_is_missing(self, ann, desk):
        answer = ann.post(BRING, {"text": TEXT})

        [focused] = re.findall(r"<input[^>]* autofocus[^>]*>", answer.content.decode())
        assert 'name="source"' in focused

    def test_by_the_title_of_a_document_on_record_leads_to_it(self, ann, desk):
        answer = ann.post(BRING, {"text": " A report "})

        assert answer["Location"] == read_page(desk.document, "")

    @pytest.mark.parametrize("text", ["", f"\n{TEXT}"])
    def test_with_a_broken_address_is_shown_to_correct(self, ann, desk, text):
        answer = ann.post(BRING, {"text": f"http://[::1{text}"})
        assert values(answer)["url"] == "http://[::1"

        answer = ann.post(BRING, LINE | {"url": "http://[::1", "new_source": "on"})
        assert "Nothing is recorded yet." in seen(answer)

    def test_by_an_address_on_record_leads_to_it_also_with_a_text(self, ann, desk):
        document = newest("document").document
        known = codec.plain(document) | {"url": "https://gazette.example/a"}
        row = sources.describe_document(
            codec.build(type(document), known), at=timezone.now(), by=BY
        ).stream

        for text, brought in (("", ""), (f"\n{TEXT}", "#brought-below")):
            answer = ann.post(BRING, {"text": f"http://www.gazette.example/a/?utm_source=x{text}"})
            assert answer["Location"] == read_page(row, brought)

    def test_as_a_text_is_described_by_its_first_lines(self, ann, desk):
        answer = ann.post(BRING, {"text": TEXT})

        assert values(answer) == {
            "title": "The triangle of three",
            "source": "",
            "authors": "Jane Doe",
            "date": "2022-05-24",
            "url": None,
        }
        assert "not on record yet" in seen(answer)
        assert "Kazakhstan did not" not in answer.content.decode()

    def test_as_a_new_address_is_described_by_it_and_the_publisher_of_its_host(self, ann, desk):
        at = {"at": timezone.now(), "by": BY}
        sources.describe_source(a_source(name="Daily", url="https://daily.example/"), **at)

        alone = values(ann.post(BRING, {"text": "https://daily.example/b"}))
        with_text = values(ann.post(BRING, {"text": f"https://daily.example/b\n\n{TEXT}"}))

        assert (alone["url"], alone["source"]) == ("https://daily.example/b", "Daily")
        assert (with_text["url"], with_text["source"]) == ("https://daily.example/b", "Daily")
        assert with_text["title"] == "The triangle of three"

    def test_as_a_web_page_is_described_by_the_page_and_its_text_is_taken_out(self, ann, desk):
        page = (
            '<html><head><meta property="og:title" content="Of three">'
            '<meta property="og:site_name" content="The Gazette"></head>'
            "<body><nav>Menu</nav><article><p>Russia did &lt;something&gt;.</p></article></body>"
        )
        answer = ann.post(BRING, {"text": page})

        assert values(answer)["title"] == "Of three"
        assert values(answer)["source"] == "The Gazette"
        assert (
            "<template data-plain>Russia did &lt;something&gt;.</template>"
            in answer.content.decode()
        )

    def test_may_not_be_nothing_nor_too_much(self, ann, desk):
        assert "Paste the address or the text." in seen(ann.post(BRING, {"text": " "}))
        assert "at most 20000" in seen(ann.post(BRING, {"text": "word\n" * 20_001}))

    def test_says_where_texts_may_not_be_sent(self, ann, settings):
        settings.READING = False

        assert "does not allow article texts" in seen(ann.get(BRING))
        answer = ann.post(BRING, {"text": TEXT})
        assert answer.context["problem"].startswith("This site does not allow")


class TestTheDocument:
    def test_is_added_and_its_text_read(self, ann, desk):
        answer = ann.post(BRING, LINE)

        document = newest("document")
        assert document.document.title == "News"
        assert answer["Location"] == read_page(document.id)

    def test_without_a_publisher_is_not_added(self, ann, desk):
        answer = ann.post(BRING, LINE | {"source": "", "new_source": "on"})

        assert "say who published it" in seen(answer)
        assert StandingRecord.objects.filter(noun="document").count() == 1

    def test_of_a_publisher_that_is_said_to_be_new_adds_it_without_a_grade(self, ann, desk):
        line = {"source": "The  Daily", "new_source": "on", "url": "https://daily.example/a/b"}
        answer = ann.post(BRING, LINE | line, follow=True)

        source = newest("source")
        assert (source.source.name, source.source.url) == ("The Daily", "https://daily.example/")
        assert source.ratings == ()
        assert newest("document").document.source == source.id
        assert "The Daily is a new source without a grade." in seen(answer)

    def test_of_a_known_publisher_adds_no_source_whatever_is_ticked(self, ann, desk):
        ann.post(BRING, LINE | {"new_source": "on"})

        assert StandingRecord.objects.filter(noun="source").count() == 1

    def test_that_is_refused_leaves_no_publisher_behind(self, ann, desk):
        line = {"source": "The Daily", "new_source": "on", "url": "ftp://daily.example"}

        answer = ann.post(BRING, LINE | line)

        assert answer.status_code == 200
        assert StandingRecord.objects.filter(noun="source").count() == 1

    def test_is_for_those_who_may_add_one(self, someone, desk):
        enters = someone("add_claim")

        assert enters.get(BRING).status_code == 200
        assert enters.post(BRING, LINE).status_code == 403
