"""The brief as a Word file: sentences with footnotes, charts, and tables of claims."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from tracker.admin.brief_chart import BriefChart, charts
from tracker.queries.evidence.briefs import Brief, BriefClaim, Note, Sentence
from tracker.wording import signed

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# Word requires the two separators before the first note.
_EMPTY = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
)


class Footnotes:
    """The footnotes of a document. Call `close` before saving the document."""

    def __init__(self, document: Document, *, site: str) -> None:
        self._site = site.rstrip("/")
        self._notes = parse_xml(_EMPTY)
        self._numbers: dict[Note, int] = {}
        self._part = Part(PackURI("/word/footnotes.xml"), _TYPE, b"", document.part.package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)

    def add(self, paragraph: Paragraph, note: Note) -> None:
        """Add a mark at the end of a paragraph, and its note at the foot of the page. The note is a
        link to its evidence; an address elsewhere is printed too. A note that was added before has
        its number again."""
        if note in self._numbers:
            paragraph.add_run(str(self._numbers[note])).font.superscript = True
            return
        number = self._numbers[note] = len(self._numbers) + 1
        mark = _superscript(paragraph.add_run()._r)  # noqa: SLF001 # python-docx has no footnotes
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(number))
        mark.append(reference)
        self._notes.append(self._footnote(note, number))

    def close(self) -> None:
        """Write all notes into their part of the package."""
        self._part._blob = serialize_part_xml(self._notes)  # noqa: SLF001 # it was empty so far

    def _footnote(self, note: Note, number: int) -> Any:
        footnote, paragraph = OxmlElement("w:footnote"), OxmlElement("w:p")
        footnote.set(qn("w:id"), str(number))
        mark = _superscript(OxmlElement("w:r"))
        mark.append(OxmlElement("w:footnoteRef"))
        address = f"{self._site}{note.path}" if note.path else note.url
        words = _run(f"{note.text}, {note.url}" if note.url else note.text)
        paragraph.extend((mark, _run(" "), self._link(words, address) if address else words))
        footnote.append(paragraph)
        return footnote

    def _link(self, words: Any, address: str) -> Any:
        link = OxmlElement("w:hyperlink")
        key = self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), key)
        link.append(words)
        return link


def _run(text: str) -> Any:
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    return run


def _superscript(run: Any) -> Any:
    """Make a run superscript."""
    properties = OxmlElement("w:rPr")
    align = OxmlElement("w:vertAlign")
    align.set(qn("w:val"), "superscript")
    properties.append(align)
    run.insert(0, properties)
    return run


TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


LANGUAGE = "en-GB"
# The columns of the table of claims, and their widths in centimetres.
COLUMNS = (("No.", 1.0), ("Claim", 6.8), ("Date", 3.2), ("Gives", 1.6), ("Reported by", 3.4))


def word(brief: Brief, *, site: str) -> bytes:
    """Write a brief as a Word file; `site` is the base address of this site's paths."""
    document = docx.Document()
    _describe(document, brief)
    notes = Footnotes(document, site=site)
    document.add_heading(brief.title, level=0)
    for section, drawn in zip(brief.sections, charts(brief), strict=True):
        document.add_heading(section.title, level=1)
        opening = document.add_paragraph()
        for sentence in section.opening:
            _add_sentence(opening, sentence, notes)
        if drawn:
            _add_chart(document, drawn)
        _add_claims(document, section.claims, notes)
        for sentence in section.closing:
            _add_sentence(document.add_paragraph(), sentence, notes)
    notes.close()
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: Document, brief: Brief) -> None:
    """The properties of the file. Its date is the brief's day, so that the same brief is the same
    file."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = brief.title, "Entente", ""
    properties.created = properties.modified = datetime.combine(brief.day, time())
    properties.language = LANGUAGE
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _add_sentence(paragraph: Paragraph, sentence: Sentence, notes: Footnotes) -> None:
    paragraph.add_run(f"{' ' if paragraph.text else ''}{sentence.text}")
    for note in sentence.notes:
        notes.add(paragraph, note)


def _add_chart(document: Document, drawn: BriefChart) -> None:
    """The chart with its description, for readers who cannot see it."""
    shape = document.add_picture(BytesIO(drawn.png), width=Cm(16))
    shape._inline.docPr.set("descr", drawn.says)  # noqa: SLF001 # python-docx has no descriptions


def _add_claims(document: Document, claims: Sequence[BriefClaim], notes: Footnotes) -> None:
    """The table of claims; each has its notes at its sentence."""
    if not claims:
        return
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for cell, (label, _) in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.paragraphs[0].add_run(label).bold = True
    for claim in claims:
        cells = table.add_row().cells
        texts = (str(claim.number), "", claim.when, signed(claim.amount, 2), claim.sources)
        for cell, text in zip(cells, texts, strict=True):
            cell.paragraphs[0].add_run(text)
        _add_sentence(cells[1].paragraphs[0], Sentence(text=claim.title, notes=claim.notes), notes)
    for row in table.rows:
        for cell, (_, width) in zip(row.cells, COLUMNS, strict=True):
            cell.width = Cm(width)
    _repeat_on_each_page(table.rows[0])


def _repeat_on_each_page(row: Any) -> None:
    """Mark a row as the head of its table."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)  # noqa: SLF001 # python-docx has no heads
