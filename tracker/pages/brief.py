"""A brief of a pair or a triangle as a Word file or Markdown: the sentences, the picture and the
events of the page, each with its sources as notes, for texts that others go on writing."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

import docx
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.charts import drawing, framing, pair_chart
from tracker.pages import (
    findings,
    headlines,
    pair_context,
    pair_page,
    pair_pictures,
    pair_reasons,
    request_params,
    triad_page,
)
from tracker.pages.downloads import file_answer
from tracker.pages.listed_claims import ListedClaim
from tracker.pages.page_cache import cached_page, today
from tracker.pages.pair_context import PairContext
from tracker.pages.triad_page import TriadPage
from tracker.queries.scores import triads
from tracker.wording import signed

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN_TYPE = "text/markdown; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Note:
    """A source, with its address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, a picture as SVG (may be empty) with what it shows in words, and paragraphs around
    it; `events` have numbers, which the picture shows."""

    title: str
    opening: Sequence[Sentence]
    svg: str
    label: str
    events: Sequence[Sentence] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    name: str
    title: str
    day: date
    sections: Sequence[Section]

    def numbers(self) -> dict[Note, int]:
        """Number the notes in order of first use. Equal notes have one number."""
        sentences = (one for part in self.sections for one in (*part.opening, *part.events))
        every = dict.fromkeys(note for sentence in sentences for note in sentence.notes)
        return {note: number for number, note in enumerate(every, start=1)}


@cached_page(*request_params.OF_PAIR)
def of_pair(request: HttpRequest, first: str, second: str, form: str) -> HttpResponse:
    pair = pair_page.requested_context(request, first, second)
    section = _pair_section(pair, request.build_absolute_uri)
    brief = Brief(name=pair.series.pair, title=pair.name, day=pair.day, sections=[section])
    return _answer(brief, form)


@cached_page(*request_params.OF_COUNTRIES)
def of_triad(request: HttpRequest, first: str, middle: str, last: str, form: str) -> HttpResponse:
    """The brief of a triangle, with a section for each of its pairs."""
    params, day = request_params.read(request.GET), today()
    page = triad_page.build(triads.ordered_codes(first, middle, last), params, today=day)
    absolute = request.build_absolute_uri
    own = [pair_context.read(edge.pair, params, today=day) for edge in page.reading.triad.edges]
    sections = [_triad_section(page, absolute), *(_pair_section(one, absolute) for one in own)]
    brief = Brief(name=page.reading.name, title=page.name, day=page.reading.day, sections=sections)
    return _answer(brief, form)


def _pair_section(pair: PairContext, absolute: Callable[[str], str]) -> Section:
    found = findings.pair_finding(pair)
    why = pair_reasons.reasons(pair, found.move)
    address = absolute(pair_page.permanent_link(pair))
    note = Note(pair_page.citation(pair, ""), address)
    disagreement = headlines.disagreement(pair.series, pair.day, as_of=pair.params.as_of)
    shown = why.told or why.whole
    opening = [
        found.text,
        headlines.as_of(pair.day, pair.reported),
        pair_page.evidence(pair, found.move),
        disagreement,
    ]
    if shown.causes:
        text = _("What is left of each event in the score; together %(value)s.")
        if pair.moved:
            text = _("Reported events pull it by %(value)s.")
        opening.append(text % {"value": signed(shown.reported, shown.places)})
    picture = pair_pictures.main(pair, pair.span, why.marked) if pair.span else None
    return Section(
        title=pair.name,
        opening=[Sentence(text, (note,)) for text in opening if text],
        svg=framing.as_file(pair_chart.draw(picture).svg) if picture else "",
        label=pair_pictures.title(pair),
        events=[_event(one, shown.places, absolute) for one in shown.causes if one.number],
    )


def _event(one: ListedClaim, places: int, absolute: Callable[[str], str]) -> Sentence:
    """An event in words, with the claim and its documents as notes."""
    amount, chains = signed(one.amount, places), "; ".join(one.chains)
    text = " · ".join(filter(None, (one.title, one.when, amount, one.confirms, chains)))
    documents = {cited.document.id: cited.document.document for cited in one.sheet.citations}
    notes = [
        Note(title, documents[key].url or documents[key].archive_url or "")
        for key, title in one.documents
    ]
    return Sentence(text, (Note(one.title, absolute(one.link)), *notes))


def _triad_section(page: TriadPage, absolute: Callable[[str], str]) -> Section:
    note = Note(triad_page.citation(page, ""), absolute(page.permanent_link))
    sides = [Sentence(f"{side.name}: {side.says}.", (note,)) for side in page.sides]
    return Section(
        title=page.name,
        opening=[Sentence(page.headline, (note,)), Sentence(page.asof, (note,)), *sides],
        svg=framing.as_file(page.wide),
        label=page.headline,
    )


def _answer(brief: Brief, form: str) -> HttpResponse:
    name = f"{brief.name}-{brief.day.isoformat()}.{form}"
    if form == "docx":
        return file_answer(word(brief), WORD_TYPE, name)
    return file_answer(markdown(brief), MARKDOWN_TYPE, name)


def markdown(brief: Brief) -> str:
    """The brief as Markdown, without pictures."""
    numbers = brief.numbers()

    def written(sentence: Sentence) -> str:
        marks = "".join(f"[^{numbers[note]}]" for note in sentence.notes)
        return escape_markdown(sentence.text) + marks

    lines = [f"# {escape_markdown(brief.title)}"]
    for section in brief.sections:
        lines += [f"## {escape_markdown(section.title)}"]
        lines += ["\n".join(written(one) for one in section.opening)]
        lines += ["\n".join(f"{n}. {written(one)}" for n, one in enumerate(section.events, 1))]
    foot = [
        f"[^{number}]: {escape_markdown(note.text)} {f'<{note.address}>' if note.address else ''}"
        for note, number in numbers.items()
    ]
    return "\n\n".join(filter(None, [*lines, "\n".join(foot)])) + "\n"


def escape_markdown(text: str) -> str:
    """Escape a text for Markdown, on one line."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))


def word(brief: Brief) -> bytes:
    """The brief as a Word file. The mark of a note is a link to the source, which it keeps wherever
    it is moved. The file has the brief's day as its date, so that the same brief is the same
    file."""
    document, numbers = docx.Document(), brief.numbers()
    language = get_language() or "en-GB"
    about = document.core_properties
    about.title, about.author, about.comments = brief.title, "Entente", ""
    about.created = about.modified = datetime.combine(brief.day, time())
    about.language = language
    for one in document.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), language)
    document.add_heading(brief.title, level=0)
    for section in brief.sections:
        document.add_heading(section.title, level=1)
        _add(document.add_paragraph(), section.opening, numbers)
        if section.svg:
            shape = document.add_picture(BytesIO(drawing.png(section.svg)), width=Cm(16))
            # For readers who cannot see it; python-docx has no descriptions.
            shape._inline.docPr.set("descr", section.label)  # noqa: SLF001
        for number, event in enumerate(section.events, 1):
            _add(document.add_paragraph(f"{number}. "), [event], numbers)
    for note, number in numbers.items():
        _linked(document.add_paragraph(f"[{number}] "), note.text, note.address)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(paragraph: Paragraph, sentences: Sequence[Sentence], numbers: Mapping[Note, int]) -> None:
    """Add sentences, each with the marks of its notes."""
    for place, sentence in enumerate(sentences):
        paragraph.add_run(f"{' ' if place else ''}{sentence.text}")
        for note in sentence.notes:
            mark = _linked(paragraph, f"[{numbers[note]}]", note.address)
            mark.font.superscript = True


def _linked(paragraph: Paragraph, words: str, address: str) -> Run:
    """Add words that are a link, which python-docx cannot; give their run."""
    run = paragraph.add_run(words)
    if address:
        link = OxmlElement("w:hyperlink")
        key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), key)
        run._r.addprevious(link)  # noqa: SLF001
        link.append(run._r)  # noqa: SLF001
    return run
