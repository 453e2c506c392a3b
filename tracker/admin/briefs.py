"""The brief of a pair or a triangle at the desk: as a page, as Markdown, and as a Word file."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import docx
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.text.paragraph import Paragraph

from tracker.admin.base import read_number
from tracker.admin.claim_list import ClaimList
from tracker.domain.disclosure import Reader
from tracker.domain.problems import NotYet
from tracker.queries import moment
from tracker.queries.evidence import briefs
from tracker.queries.evidence.briefs import Brief, Note, Sentence


def markdown(brief: Brief, *, site: str) -> str:
    """Write a brief as Markdown; `site` is the base address of this site's paths."""
    numbers = brief.numbers()
    lines = [f"# {escape_markdown(brief.title)}", ""]
    for section in brief.sections:
        lines += [f"## {escape_markdown(section.title)}", ""]
        lines += [" ".join(_sentence(sentence, numbers) for sentence in section.opening), ""]
        if section.items:
            lines += [*(f"- {_sentence(item, numbers)}" for item in section.items), ""]
    foot = (
        f"[^{number}]: {escape_markdown(note.text)}{_address(note, site.rstrip('/'))}"
        for note, number in numbers.items()
    )
    return "\n".join([*lines, *foot, ""])


def _sentence(sentence: Sentence, numbers: Mapping[Note, int]) -> str:
    marks = "".join(f"[^{numbers[note]}]" for note in sentence.notes)
    return f"{escape_markdown(sentence.text)}{marks}"


def _address(note: Note, site: str) -> str:
    """The address of a note with its separator; empty where it has none."""
    where = f"{site}{note.path}" if note.path else note.url
    return f", <{where}>" if where else ""


def escape_markdown(text: str) -> str:
    """Escape a text for Markdown, on one line."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


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

    def __init__(self, document: Document) -> None:
        self._document = document
        self._notes = parse_xml(_EMPTY)
        self._number = 0

    def add(self, paragraph: Paragraph, text: str) -> None:
        """Add a mark at the end of a paragraph, and its note at the foot of the page."""
        self._number += 1
        mark = _superscript(paragraph.add_run()._r)  # noqa: SLF001 # python-docx has no footnotes
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(self._number))
        mark.append(reference)
        self._notes.append(self._note(text))

    def close(self) -> None:
        """Add the part with all notes to the package."""
        blob = serialize_part_xml(self._notes)
        package = self._document.part.package
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, blob, package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _note(self, text: str) -> Any:
        note, paragraph = OxmlElement("w:footnote"), OxmlElement("w:p")
        note.set(qn("w:id"), str(self._number))
        mark, run = _superscript(OxmlElement("w:r")), OxmlElement("w:r")
        mark.append(OxmlElement("w:footnoteRef"))
        words = OxmlElement("w:t")
        words.text = f" {text}"
        words.set(qn("xml:space"), "preserve")
        run.append(words)
        paragraph.extend((mark, run))
        note.append(paragraph)
        return note


def _superscript(run: Any) -> Any:
    """Make a run superscript."""
    properties = OxmlElement("w:rPr")
    align = OxmlElement("w:vertAlign")
    align.set(qn("w:val"), "superscript")
    properties.append(align)
    run.insert(0, properties)
    return run


TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word(brief: Brief, *, site: str) -> bytes:
    """Write a brief as a Word file; `site` is the base address of this site's paths."""
    document = docx.Document()
    document.core_properties.title = brief.title
    document.core_properties.author = "Entente"
    notes = Footnotes(document)
    document.add_heading(brief.title, level=0)
    for section in brief.sections:
        document.add_heading(section.title, level=1)
        opening = document.add_paragraph()
        for sentence in section.opening:
            _add_sentence(opening, sentence, notes, site.rstrip("/"))
        for sentence in section.items:
            item = document.add_paragraph(style="List Bullet")
            _add_sentence(item, sentence, notes, site.rstrip("/"))
    notes.close()
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add_sentence(paragraph: Paragraph, sentence: Sentence, notes: Footnotes, site: str) -> None:
    paragraph.add_run(f"{' ' if paragraph.text else ''}{sentence.text}")
    for note in sentence.notes:
        notes.add(paragraph, _text(note, site))


def _text(note: Note, site: str) -> str:
    where = f"{site}{note.path}" if note.path else note.url
    return f"{note.text}, {where}" if where else note.text


class BriefPages(ClaimList):
    """The page of briefs, for every account that may view claims."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.brief)
        return [path("brief/", view, name="desk_claim_brief"), *super().get_urls()]

    def brief(self, request: HttpRequest) -> HttpResponse:
        """Show a brief, or download it as a file."""
        self.require("view", request)
        params = {name: request.GET.get(name, "").strip() for name in ("countries", "day", "as_of")}
        context: dict[str, Any] = {"params": params}
        if params["countries"]:
            brief = _brief(params)
            if isinstance(brief, Brief):
                form = request.GET.get("form")
                if form in ("md", "docx"):
                    return _file(brief, form, site=request.build_absolute_uri("/"))
                context |= {"brief": brief, "query": _query(brief), **_numbered(brief)}
            else:
                context["problem"] = brief
        return self.page(request, "brief", title="Brief", **context)


def _brief(params: dict[str, str]) -> Brief | str:
    """The requested brief, or the problem."""
    codes = params["countries"].upper().replace(",", " ").replace("-", " ").split()
    try:
        day = moment.read_day(params["day"]) if params["day"] else timezone.now().date()
    except moment.NoDay as problem:
        return str(problem)
    position = read_number(params["as_of"])
    if params["as_of"] and position is None:
        return f"the position {params['as_of']!r} is not a number: write the number of a log entry"
    try:
        return briefs.brief(codes, day, as_of=moment.at(position), reader=Reader.DESK)
    except (ValueError, LookupError, NotYet) as problem:
        return str(problem)


def _numbered(brief: Brief) -> dict[str, Any]:
    """The sections, each sentence with the numbers of its notes, and the notes."""
    numbers = brief.numbers()

    def with_numbers(sentences: Iterable[Sentence]) -> list[tuple[str, list[int]]]:
        return [
            (sentence.text, [numbers[note] for note in sentence.notes]) for sentence in sentences
        ]

    sections = [
        (section.title, with_numbers(section.opening), with_numbers(section.items))
        for section in brief.sections
    ]
    return {"sections": sections, "notes": numbers}


def _query(brief: Brief) -> str:
    """The query of the same brief with a fixed day and position."""
    return f"countries={'-'.join(brief.codes)}&day={brief.day.isoformat()}&as_of={brief.position}"


def _file(brief: Brief, form: str, *, site: str) -> HttpResponse:
    name = f"{'-'.join(brief.codes)}-{brief.day.isoformat()}-{brief.position}.{form}"
    if form == "docx":
        response = HttpResponse(word(brief, site=site), content_type=TYPE)
    else:
        response = HttpResponse(
            markdown(brief, site=site), content_type="text/markdown; charset=utf-8"
        )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
