"""The desk's way to the brief of a pair or a triangle: countries by name, a day and a position."""

import re
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, reverse

from tracker.admin.base import read_number
from tracker.admin.claim_list import ClaimList
from tracker.admin.fields import Day, country_named

_CODES = re.compile(r"[A-Za-z]{3}([-, ]+[A-Za-z]{3})*")


class BriefPages(ClaimList):
    """The page of briefs, for every account that may view claims. The files are those of the public
    pages, so that nothing withheld leaves the desk with them."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        view = self.admin_site.admin_view(self.brief)
        return [path("brief/", view, name="desk_claim_brief"), *super().get_urls()]

    def brief(self, request: HttpRequest) -> HttpResponse:
        """Show the addresses of a brief."""
        self.require("view", request)
        params = {name: request.GET.get(name, "").strip() for name in ("countries", "day", "as_of")}
        context: dict[str, Any] = {"params": params}
        if params["countries"]:
            try:
                context |= _addresses(params)
            except ValidationError as problem:
                context["problem"] = problem.message
        return self.page(request, "brief", title="Brief", **context)


def _addresses(params: dict[str, str]) -> dict[str, str]:
    """The addresses of the page, the Word file and the Markdown.

    :raises ValidationError: for what cannot be read.
    """
    codes = _codes(params["countries"])
    if len(set(codes)) != len(codes) or len(codes) not in (2, 3):
        raise ValidationError("a brief is of two or three countries")
    if params["as_of"] and read_number(params["as_of"]) is None:
        text = f"the position {params['as_of']!r} is not a number: write the number of a log entry"
        raise ValidationError(text)
    day = Day().to_python(params["day"])
    given = {"day": day.isoformat() if day else "", "as_of": params["as_of"]}
    query = urlencode({name: value for name, value in given.items() if value})
    view = "pages:pair" if len(codes) == 2 else "pages:triad"
    addresses = {
        "shown": reverse(view, args=codes),
        "word": reverse(f"{view}-brief", args=[*codes, "docx"]),
        "markdown": reverse(f"{view}-brief", args=[*codes, "md"]),
    }
    return {name: f"{one}?{query}" if query else one for name, one in addresses.items()}


def _codes(text: str) -> list[str]:
    """The codes of countries that are given by codes, as in CHN-KAZ-RUS, or by names with commas.

    :raises ValidationError: if a name is not that of a country.
    """
    if _CODES.fullmatch(text):
        return sorted(re.split("[-, ]+", text.upper()))
    named = [name for one in text.split(",") if (name := one.strip())]
    return sorted(country_named(name).actor.code or "" for name in named)
