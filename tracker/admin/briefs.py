"""The brief of a pair or a triangle at the desk: read, and taken away as Markdown or Word."""

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

from tracker.admin.appendonly import read_number
from tracker.admin.claim_list import ClaimList
from tracker.domain.disclosure import Reader
from tracker.domain.problems import NotYet
from tracker.queries import moment
from tracker.queries.evidence import briefs
from tracker.queries.evidence.briefs import Brief, Note, Sentence


def markdown(brief: Brief, *, site: str) -> str:
    """Write a brief; `site` is the address that this site's own paths are under."""
    numbers = brief.numbers()
    lines = [f"# {escaped(brief.title)}", ""]
    for section in brief.sections:
        lines += [f"## {escaped(section.title)}", ""]
        lines += [" ".join(_said(one, numbers) for one in section.opening), ""]
        if section.items:
            lines += [*(f"- {_said(one, numbers)}" for one in section.items), ""]
    foot = (
        f"[^{number}]: {escaped(note.text)}{_address(note, site.rstrip('/'))}"
        for note, number in numbers.items()
    )
    return "\n".join([*lines, *foot, ""])


def _said(sentence: Sentence, numbers: Mapping[Note, int]) -> str:
    marks = "".join(f"[^{numbers[one]}]" for one in sentence.notes)
    return f"{escaped(sentence.text)}{marks}"


def _address(note: Note, site: str) -> str:
    """Where a note leads, set off from its text; empty where it leads nowhere."""
    where = f"{site}{note.path}" if note.path else note.url
    return f", <{where}>" if where else ""


def escaped(text: str) -> str:
    """Text that means itself: on one line, and nothing in it is markup."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


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


class BriefPages(ClaimList):
    """Who may view claims may take a brief."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.brief)
        return [path("brief/", view, name="desk_claim_brief"), *super().get_urls()]

    def brief(self, request: HttpRequest) -> HttpResponse:
        """Show a brief, or give it as a file."""
        self.require("view", request)
        asked = {name: request.GET.get(name, "").strip() for name in ("countries", "day", "as_of")}
        context: dict[str, Any] = {"asked": asked}
        if asked["countries"]:
            found = _brief(asked)
            if isinstance(found, Brief):
                form = request.GET.get("form")
                if form in ("md", "docx"):
                    return _file(found, form, site=request.build_absolute_uri("/"))
                context |= {"brief": found, "query": _query(found), **_numbered(found)}
            else:
                context["problem"] = found
        return self.page(request, "brief", title="Brief", **context)


def _brief(asked: dict[str, str]) -> Brief | str:
    """The brief that is asked for, or why there is none."""
    codes = asked["countries"].upper().replace(",", " ").replace("-", " ").split()
    try:
        day = moment.read_day(asked["day"]) if asked["day"] else timezone.now().date()
    except moment.NoDay as problem:
        return str(problem)
    position = read_number(asked["as_of"])
    if asked["as_of"] and position is None:
        return f"the position is {asked['as_of']!r}: write the number of an entry of the log"
    try:
        return briefs.brief(codes, day, as_of=position, reader=Reader.DESK)
    except (ValueError, LookupError, NotYet) as why:
        return str(why)


def _numbered(brief: Brief) -> dict[str, Any]:
    """The sentences with the numbers of their notes, and the notes."""
    numbers = brief.numbers()

    def said(sentences: Iterable[Sentence]) -> list[tuple[str, list[int]]]:
        return [(one.text, [numbers[note] for note in one.notes]) for one in sentences]

    sections = [(one.title, said(one.opening), said(one.items)) for one in brief.sections]
    return {"sections": sections, "notes": numbers}


def _query(brief: Brief) -> str:
    """What gives the same brief again, whatever is recorded later."""
    return f"countries={'-'.join(brief.codes)}&day={brief.day.isoformat()}&as_of={brief.position}"


def _file(brief: Brief, form: str, *, site: str) -> HttpResponse:
    name = f"{'-'.join(brief.codes)}-{brief.day.isoformat()}-{brief.position}.{form}"
    if form == "docx":
        answer = HttpResponse(word(brief, site=site), content_type=TYPE)
    else:
        answer = HttpResponse(
            markdown(brief, site=site), content_type="text/markdown; charset=utf-8"
        )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
