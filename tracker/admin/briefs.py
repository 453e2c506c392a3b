"""The brief of a pair or a triangle at the desk, with the same text and notes as a page, as
Markdown and as a Word file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import docx
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

from tracker.admin.base import read_number
from tracker.admin.claim_list import ClaimList
from tracker.admin.fields import Day, country_named
from tracker.charts import captions, drawing, framing, picture
from tracker.charts.drawing import Spec
from tracker.charts.page_svg import page_svg
from tracker.charts.picture import Marked, PictureSpan
from tracker.domain.disclosure import Reader
from tracker.domain.problems import NotYet
from tracker.queries import moment
from tracker.queries.evidence import briefs
from tracker.queries.evidence.briefs import Brief, BriefClaim, BriefSection, Note, Sentence
from tracker.queries.scores.pairs import Series
from tracker.wording import signed

type Numbers = Mapping[Note, int]
# The media types of the files.
TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
LANGUAGE = "en-GB"
# The columns of the table of claims, and their widths in centimetres.
COLUMNS = (("No.", 1.0), ("Claim", 6.8), ("Date", 3.2), ("Gives", 1.6), ("Reported by", 3.4))


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefChart:
    """A picture as a spec, and what it shows in a sentence."""

    spec: Spec
    says: str

    @property
    def svg(self) -> str:
        return page_svg(self.spec)

    @property
    def png(self) -> bytes:
        return drawing.png(framing.as_file(self.svg))


def charts(brief: Brief) -> list[BriefChart | None]:
    """The lines of all sections' pairs up to the brief's day, on the same days, with the claims of
    each table by their numbers; None for a section of which nothing is recorded."""
    spans = [_span(section, brief.day) for section in brief.sections]
    drawn = [span.start for span in spans if span]
    return [
        _chart(section, section.series, PictureSpan(start=min(drawn), end=brief.day))
        if span and section.series
        else None
        for section, span in zip(brief.sections, spans, strict=True)
    ]


def _span(section: BriefSection, day: date) -> PictureSpan | None:
    """The days that a section has something to show of; None without any up to a day."""
    span = picture.span_of(section.series, today=day) if section.series else None
    return span if span and span.start <= day else None


def _chart(section: BriefSection, series: Series, span: PictureSpan) -> BriefChart:
    levels = [claim for claim in section.claims if claim.pull.sd is not None]
    levels.sort(key=lambda claim: claim.day, reverse=True)
    marked = Marked(claims=section.claims, levels=levels)
    [spec] = picture.specs(series, span, marked, day=span.end, reported=None)
    said = captions.course(section.title, series, span)
    return BriefChart(spec=spec, says=said)


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
        f"[^{number}]: {escape_markdown(note.text)}{f', <{where}>' if where else ''}"
        for note, number in numbers.items()
        for where in [_address(note, site)]
    )
    return "\n".join([*lines, *foot, ""])


def _sentence(sentence: Sentence, numbers: Numbers) -> str:
    marks = "".join(f"[^{numbers[note]}]" for note in sentence.notes)
    return f"{escape_markdown(sentence.text)}{marks}"


def _address(note: Note, site: str) -> str:
    """The address of a note; empty where it has none."""
    return f"{site.rstrip('/')}{note.path}" if note.path else note.url


def escape_markdown(text: str) -> str:
    """Escape a text for Markdown, on one line."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def word(brief: Brief, *, site: str) -> bytes:
    """Write a brief as a Word file; `site` is the base address of this site's paths. The mark of a
    note is itself a link to the evidence, so that it keeps its source wherever it is moved."""
    document, numbers = docx.Document(), brief.numbers()
    _describe(document, brief)
    document.add_heading(brief.title, level=0)
    for section, drawn in zip(brief.sections, charts(brief), strict=True):
        document.add_heading(section.title, level=1)
        _add(document.add_paragraph(), section.opening, numbers, site)
        if drawn:
            shape = document.add_picture(BytesIO(drawn.png), width=Cm(16))
            # The description, for readers who cannot see it.
            shape._inline.docPr.set("descr", drawn.says)  # noqa: SLF001 # python-docx has none
        cells = _table(document, section.claims) if section.claims else []
        for cell, claim in zip(cells, section.claims, strict=True):
            said = Sentence(text=claim.title, notes=claim.notes)
            _add(cell.paragraphs[0], [said], numbers, site)
        for sentence in section.closing:
            _add(document.add_paragraph(), [sentence], numbers, site)
    document.add_heading("Notes", level=1)
    for note, number in numbers.items():
        words = f"{note.text}, {note.url}" if note.url else note.text
        _linked(document.add_paragraph(f"{number}. "), words, _address(note, site))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(paragraph: Paragraph, sentences: Iterable[Sentence], numbers: Numbers, site: str) -> None:
    """Add sentences, each with the marks of its notes."""
    for sentence in sentences:
        paragraph.add_run(f"{' ' if paragraph.text else ''}{sentence.text}")
        for note in sentence.notes:
            mark = _linked(paragraph, str(numbers[note]), _address(note, site))
            mark.font.superscript = True


def _linked(paragraph: Paragraph, words: str, address: str) -> Any:
    """Add words that are a link, which python-docx cannot; give their run."""
    run = paragraph.add_run(words)
    if address:
        link = OxmlElement("w:hyperlink")
        key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), key)
        run._r.addprevious(link)  # noqa: SLF001
        link.append(run._r)  # noqa: SLF001
    return run


def _describe(document: Document, brief: Brief) -> None:
    """The properties of the file. Its date is the brief's day, so that the same brief is the same
    file."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = brief.title, "Entente", ""
    properties.created = properties.modified = datetime.combine(brief.day, time())
    properties.language = LANGUAGE
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _table(document: Document, claims: Iterable[BriefClaim]) -> list[Any]:
    """Add the table of claims; return the cells for their titles."""
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for cell, (label, _) in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.paragraphs[0].add_run(label).bold = True
    for claim in claims:
        texts = (str(claim.number), "", claim.when, signed(claim.amount, 2), claim.sources)
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.paragraphs[0].add_run(text)
    head, *rows = table.rows
    for row in (head, *rows):
        for cell, (_, width) in zip(row.cells, COLUMNS, strict=True):
            cell.width = Cm(width)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 # python-docx has no heads
    return [row.cells[1] for row in rows]


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
                if form in TYPES:
                    return _file(brief, form, site=request.build_absolute_uri("/"))
                context |= {"brief": brief, "query": _query(brief), **_numbered(brief)}
            else:
                context["problem"] = brief
        return self.page(request, "brief", title="Brief", **context)


_CODES = re.compile(r"[A-Za-z]{3}([-, ]+[A-Za-z]{3})*")


def _codes(text: str) -> list[str]:
    """The codes of countries that are given by codes, as in CHN-KAZ-RUS, or by names with commas.

    :raises ValidationError: if a name is not that of a country.
    """
    if _CODES.fullmatch(text):
        return re.split("[-, ]+", text.upper())
    return [
        country_named(name.strip()).actor.code or "" for name in text.split(",") if name.strip()
    ]


def _brief(params: dict[str, str]) -> Brief | str:
    """The requested brief, or the problem."""
    try:
        codes = _codes(params["countries"])
        day = Day().to_python(params["day"]) or timezone.now().date()
    except ValidationError as problem:
        return str(problem.message)
    position = read_number(params["as_of"])
    if params["as_of"] and position is None:
        return f"the position {params['as_of']!r} is not a number: write the number of a log entry"
    try:
        return briefs.brief(codes, day, as_of=moment.at(position), reader=Reader.DESK)
    except (ValueError, LookupError, NotYet) as problem:
        return str(problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedSection:
    """A section for the page: sentences and claims with the numbers of their notes."""

    title: str
    opening: list[tuple[str, list[int]]]
    claims: list[tuple[BriefClaim, list[int], str]]
    closing: list[tuple[str, list[int]]]
    chart: BriefChart | None


def _numbered(brief: Brief) -> dict[str, Any]:
    """The sections, each sentence with the numbers of its notes, and the notes."""
    numbers = brief.numbers()

    def with_numbers(sentences: Iterable[Sentence]) -> list[tuple[str, list[int]]]:
        return [
            (sentence.text, [numbers[note] for note in sentence.notes]) for sentence in sentences
        ]

    sections = [
        NumberedSection(
            title=section.title,
            opening=with_numbers(section.opening),
            claims=[
                (claim, [numbers[note] for note in claim.notes], signed(claim.amount, 2))
                for claim in section.claims
            ],
            closing=with_numbers(section.closing),
            chart=drawn,
        )
        for section, drawn in zip(brief.sections, charts(brief), strict=True)
    ]
    return {"sections": sections, "notes": numbers}


def _query(brief: Brief) -> str:
    """The query of the same brief with a fixed day and position."""
    return f"countries={'-'.join(brief.codes)}&day={brief.day.isoformat()}&as_of={brief.position}"


def _file(brief: Brief, form: str, *, site: str) -> HttpResponse:
    name = f"{'-'.join(brief.codes)}-{brief.day.isoformat()}-{brief.position}.{form}"
    written = word(brief, site=site) if form == "docx" else markdown(brief, site=site)
    response = HttpResponse(written, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
