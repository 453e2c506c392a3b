"""The brief of a pair or a triangle at the desk: read, and taken away as Markdown or Word."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from tracker.admin.appendonly import read_number
from tracker.admin.briefmarkdown import markdown
from tracker.admin.briefword import TYPE, word
from tracker.admin.claimlist import ClaimList
from tracker.domain.problems import NotYet
from tracker.queries.evidence import briefs
from tracker.queries.evidence.briefs import Brief, Sentence


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
        day = date.fromisoformat(asked["day"]) if asked["day"] else timezone.now().date()
    except ValueError:
        return f"the day is {asked['day']!r}: write it as 2022-05-24"
    position = read_number(asked["as_of"])
    if asked["as_of"] and position is None:
        return f"the position is {asked['as_of']!r}: write the number of an entry of the log"
    try:
        return briefs.brief(codes, day, as_of=position)
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
