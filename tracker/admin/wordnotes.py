"""Footnotes for python-docx, which has none: the part that holds them, and their marks."""

from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.text.paragraph import Paragraph

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# Word needs the two lines that part notes from text before the first note.
_EMPTY = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote></w:footnotes>"
)


class Footnotes:
    """The footnotes of one document. Call `close` before it is saved."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._notes = parse_xml(_EMPTY)
        self._number = 0

    def add(self, paragraph: Paragraph, text: str) -> None:
        """Put a mark at the end of a paragraph, and its note at the foot of the page."""
        self._number += 1
        mark = _raised(paragraph.add_run()._r)  # noqa: SLF001 # what is not in the library
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(self._number))
        mark.append(reference)
        self._notes.append(self._note(text))

    def close(self) -> None:
        """Put the part with all notes into the package."""
        blob = serialize_part_xml(self._notes)
        package = self._document.part.package
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, blob, package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _note(self, text: str) -> Any:
        note, paragraph = OxmlElement("w:footnote"), OxmlElement("w:p")
        note.set(qn("w:id"), str(self._number))
        mark, said = _raised(OxmlElement("w:r")), OxmlElement("w:r")
        mark.append(OxmlElement("w:footnoteRef"))
        words = OxmlElement("w:t")
        words.text = f" {text}"
        words.set(qn("xml:space"), "preserve")
        said.append(words)
        paragraph.extend((mark, said))
        note.append(paragraph)
        return note


def _raised(run: Any) -> Any:
    """A run above the line and smaller, as marks are."""
    look = OxmlElement("w:rPr")
    way = OxmlElement("w:vertAlign")
    way.set(qn("w:val"), "superscript")
    look.append(way)
    run.insert(0, look)
    return run
