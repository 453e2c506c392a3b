"""The brief of a pair or a triangle as a file: what the page says, every number with its source."""

import re
import zipfile
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from tests.kit.accusations import a_firm, blames
from tests.kit.builders import AT, BY, a_citation, a_document
from tracker.domain.claims import Occurred
from tracker.operations import claims, sources

pytestmark = pytest.mark.django_db
DAY = {"day": "2022-06-01"}
PAIR, TRIAD = "/pairs/KAZ-RUS/brief", "/triads/CHN-KAZ-RUS/brief"
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def record(desk, scored):
    """Russia closes a road of Kazakhstan, which a second document denies."""
    claim = desk.asserts(summary="Russia <b>closed</b> a *road*.").stream
    other = a_document(desk.source, title="Another", url="https://ex.org/b")
    made = sources.describe_document(other, at=AT, by=BY).stream
    claims.cite(claim, a_citation(made, stance="denies"), at=AT, by=BY)
    scored()
    return desk


def text_of(client, path, kind="text/markdown; charset=utf-8"):
    answer = client.get(path, DAY)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    return answer.text


def file_of(client, path):
    answer = client.get(f"{path}.docx", DAY)
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer["Content-Disposition"].endswith('.docx"')
    return answer.content


class TestMarkdown:
    def test_says_what_the_page_says_with_a_note_on_every_line_with_a_number(self, client, record):
        text = text_of(client, f"{PAIR}.md")

        headline = re.search(r'<p class="lead">(.*?)</p>', client.get("/pairs/KAZ-RUS/", DAY).text)
        assert headline is None or headline[1] in text
        assert r"1. Russia \<b\>closed\</b\> a \*road\*" in text
        body = text.split("\n[^1]:")[0]
        numbers = [line for line in body.splitlines() if re.search(r"\d", line)]
        assert len(numbers) > 3
        for line in numbers:
            assert re.search(r"\[\^\d+\]$", line), line

    def test_defines_every_note_once_and_uses_it(self, client, record):
        text = text_of(client, f"{TRIAD}.md")

        defined = re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
        assert [int(one) for one in defined] == list(range(1, len(defined) + 1))
        assert {*re.findall(r"\[\^(\d+)\](?!:)", text)} == {*defined}

    def test_leads_to_the_page_as_it_is_to_the_claim_and_to_its_documents(self, client, record):
        notes = text_of(client, f"{PAIR}.md").split("\n[^1]:")[1]

        assert re.search(r"<http://testserver/pairs/KAZ-RUS/\?\S*as_of=\d+\S*>", notes)
        assert re.search(rf"<http://testserver/claims/{ID}/>", notes)
        assert "Another <https://ex.org/b>" in notes

    def test_of_a_triangle_has_its_pairs(self, client, record):
        text = text_of(client, f"{TRIAD}.md")

        assert re.findall("^## (.*)", text, re.MULTILINE)[1:] == [
            "CHN and KAZ",
            "CHN and RUS",
            "KAZ and RUS",
        ]
        assert "CHN and KAZ: ? no reported act." in text

    def test_names_nothing_that_is_withheld(self, client, record, scored):
        code = "plover-2.0/ASSAULT/heavy-weapons"
        blames(record, a_firm(record), code=code, occurred=Occurred(edtf="2022-05-12"))
        scored()

        for path in (PAIR, TRIAD):
            assert "Acme" not in text_of(client, f"{path}.md")


class TestTheWordFile:
    def test_opens_with_the_same_sentences_and_notes(self, client, record):
        text, file = text_of(client, f"{PAIR}.md"), docx.Document(BytesIO(file_of(client, PAIR)))

        said = "\n".join(paragraph.text for paragraph in file.paragraphs)
        first = re.search(r"^## .*\n\n(.*?)\[", text, re.MULTILINE)[1]
        assert first in said
        assert "1. Russia <b>closed</b> a *road*" in said
        notes = re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)
        assert re.findall(r"^\[(\d+)\] ", said, re.MULTILINE) == notes
        assert not re.search(ID, said)

    def test_has_the_picture_with_a_description_and_links(self, client, record):
        content = file_of(client, PAIR)

        [shape] = docx.Document(BytesIO(content)).inline_shapes
        says = shape._inline.docPr.get("descr")
        assert says.startswith("How far the relation moved since")
        with zipfile.ZipFile(BytesIO(content)) as package:
            [media] = [name for name in package.namelist() if name.startswith("word/media/")]
            picture = package.read(media)
            links = package.read("word/_rels/document.xml.rels").decode()
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        assert re.search(rf'Target="http://testserver/claims/{ID}/"', links)

    @pytest.mark.parametrize(("prefix", "language"), [("", "en-gb"), ("/ru", "ru")])
    def test_is_of_its_day_in_the_language_of_the_page(self, client, record, prefix, language):
        found = docx.Document(BytesIO(file_of(client, f"{prefix}{TRIAD}")))

        about = found.core_properties
        assert about.created.date() == about.modified.date() == date(2022, 6, 1)
        assert (about.comments, about.language) == ("", language)
        assert {one.get(qn("w:val")) for one in found.styles.element.iter(qn("w:lang"))} == {
            language
        }
