"""The brief of a pair or a triangle at the desk: as a page, as Markdown, and as a Word file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from tracker.admin.base import read_number
from tracker.admin.brief_chart import BriefChart, charts
from tracker.admin.brief_word import TYPE, word
from tracker.admin.claim_list import ClaimList
from tracker.admin.fields import Day, country_named
from tracker.domain.disclosure import Reader
from tracker.domain.problems import NotYet
from tracker.queries import moment
from tracker.queries.evidence import briefs
from tracker.queries.evidence.briefs import Brief, BriefClaim, Note, Sentence
from tracker.wording import signed


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
    if form == "docx":
        response = HttpResponse(word(brief, site=site), content_type=TYPE)
    else:
        response = HttpResponse(
            markdown(brief, site=site), content_type="text/markdown; charset=utf-8"
        )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
