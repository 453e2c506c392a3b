"""`docs/method.md` as a page: the formulas have one source."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemapviews
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tracker import log
from tracker.domain.lenses import LensVersion
from tracker.pages.page_cache import kept_by, page, shown
from tracker.queries import moment, progress
from tracker.queries.claims import listing
from tracker.queries.scores import editions, lenses, table

SOURCE = Path(__file__).resolve().parents[2] / "docs" / "method.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A heading of the text, and where it stands."""

    title: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    title: str
    html: SafeString
    chapters: tuple[Chapter, ...]


@cache
def text() -> Text:
    """Render the text once for as long as the program runs."""
    return rendered(SOURCE.read_text(encoding="utf-8"))


def rendered(source: str) -> Text:
    """Render Markdown without HTML of its own: headings get anchors, wide parts can be scrolled by
    keyboard, and links to other files of the project become plain words."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    parser.add_render_rule("code_block", _code)
    parser.add_render_rule("fence", _code)
    tokens = parser.parse(source)
    chapters = tuple(_chapters(tokens))
    body = parser.renderer.render(tokens, parser.options, {})
    body = re.sub(r'<a href="(?!https?:|#|/)[^"]*">(.*?)</a>', r"\1", body)
    title = next((one.title for one in _headings(tokens, "h1")), "")
    return Text(title=title, html=mark_safe(body), chapters=chapters)  # noqa: S308 # of our own file


def _chapters(tokens: list[Token]) -> list[Chapter]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slugify(inline.content))
    return _headings(tokens, "h2")


def _headings(tokens: list[Token], tag: str) -> list[Chapter]:
    return [
        Chapter(title=inline.content, anchor=slugify(inline.content))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.tag == tag
    ]


def _table_open(*_: Any) -> str:
    return '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>'


def _code(_self: Any, tokens: list[Token], place: int, *_: Any) -> str:
    words = tokens[place].content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<pre tabindex="0" role="region" aria-label="Formula"><code>{words}</code></pre>\n'


USUAL = "standing"
FIXED = ("overview", "shifts", "editions", "method", "status")
MOST_TRIANGLES = 5_000


class Part(Sitemap):  # type: ignore[type-arg] # Django's own takes no argument when it runs
    """Pages of one kind: what there is of them, where each stands, how many are in a part."""

    def __init__(
        self, read: Callable[[], Any], place: Callable[[Any], str], *, limit: int = 50_000
    ) -> None:
        self._read, self._place, self.limit = read, place, limit

    def items(self) -> Any:
        return self._read()

    def location(self, item: Any) -> str:
        return self._place(item)


def _tabled[T](read: Callable[[LensVersion], Collection[T]]) -> Callable[[], list[T]]:
    """What the table of pairs has under the usual lens, in order; nothing before there is one."""

    def found() -> list[T]:
        try:
            return [*read(lenses.named(USUAL, position=moment.resolve(None)))]
        except lenses.NoSuchLens:
            return []

    return found


def _countries(lens: LensVersion) -> list[str]:
    return sorted(table.countries(lens))


def _triads(lens: LensVersion) -> list[tuple[str, str, str]]:
    return table.triangles(lens, limit=MOST_TRIANGLES)


PARTS: dict[str, Any] = {
    "site": Part(lambda: FIXED, lambda one: reverse(f"pages:{one}")),
    "countries": Part(_tabled(_countries), lambda code: reverse("pages:actor", args=[code])),
    "pairs": Part(_tabled(table.pairs), lambda pair: reverse("pages:pair", args=pair.split("-"))),
    "triads": Part(_tabled(_triads), lambda three: reverse("pages:triad", args=three)),
    # Each claim is looked at.
    "claims": Part(
        listing.Listable, lambda claim: reverse("pages:claim", args=[claim]), limit=5_000
    ),
}


@kept_by(progress.of_tables, ())
def method(request: HttpRequest) -> HttpResponse:
    return shown(request, "pages/method.html", {"text": text()})


@page
def status(request: HttpRequest) -> HttpResponse:
    """How fresh all is, asked anew each time."""
    latest = editions.listing(lens=None, after=None, limit=1)
    followers = progress.followers()
    behind = max((one.late for one in followers if not one.stopped_by), default=0)
    context = {
        "head": log.head(),
        "followers": followers,
        "names": _by_view(),
        "waiting": progress.waiting(),
        "aside": progress.set_aside(),
        "behind": behind,
        "edition": latest[0] if latest else None,
        "audit": progress.last(),
    }
    return shown(request, "pages/status.html", context)


@kept_by(progress.of_tables, ("p",))
def sitemap(request: HttpRequest, section: str | None = None) -> HttpResponse:
    """The list of parts, or one of them."""
    if section is None:
        found = sitemapviews.index(request, PARTS, sitemap_url_name="pages:sitemap-part")
    else:
        found = sitemapviews.sitemap(request, PARTS, section=section)
    return found.render()


@page
def robots(request: HttpRequest) -> HttpResponse:
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        f"Sitemap: {request.build_absolute_uri(reverse('pages:sitemap'))}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _by_view() -> dict[str, str]:
    """The lenses that look through each view."""
    found: dict[str, list[str]] = {}
    for one in lenses.latest():
        found.setdefault(one.lens.view.id, []).append(one.lens.name)
    return {view: ", ".join(names) for view, names in found.items()}
