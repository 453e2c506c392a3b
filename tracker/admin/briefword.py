"""A brief as a Word file, each number with its footnotes."""

from io import BytesIO

import docx
from docx.text.paragraph import Paragraph

from tracker.admin.wordnotes import Footnotes
from tracker.queries.evidence.briefs import Brief, Note, Sentence

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(brief: Brief, *, site: str) -> bytes:
    """Write a brief; `site` is the address that this site's own paths are under."""
    document = docx.Document()
    document.core_properties.title = brief.title
    document.core_properties.author = "Entente"
    notes = Footnotes(document)
    document.add_heading(brief.title, level=0)
    for section in brief.sections:
        document.add_heading(section.title, level=1)
        opening = document.add_paragraph()
        for sentence in section.opening:
            _say(opening, sentence, notes, site.rstrip("/"))
        for sentence in section.items:
            item = document.add_paragraph(style="List Bullet")
            _say(item, sentence, notes, site.rstrip("/"))
    notes.close()
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _say(paragraph: Paragraph, sentence: Sentence, notes: Footnotes, site: str) -> None:
    paragraph.add_run(f"{' ' if paragraph.text else ''}{sentence.text}")
    for note in sentence.notes:
        notes.add(paragraph, _text(note, site))


def _text(note: Note, site: str) -> str:
    where = f"{site}{note.path}" if note.path else note.url
    return f"{note.text}, {where}" if where else note.text
