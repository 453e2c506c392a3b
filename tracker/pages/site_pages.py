"""The pages about the site itself: method, status, editions, sitemaps and robots.txt, who runs it,
and what was corrected."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemapviews
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tracker import log
from tracker.domain.disclosure import Reader
from tracker.domain.lenses import LensVersion
from tracker.language_formats import grouped
from tracker.lens_names import version_name
from tracker.pages import headlines, request_params, stories, structured_data
from tracker.pages.page_cache import page, page_cached_by, render_page
from tracker.queries import moment, progress, seals
from tracker.queries.claims import corrections, listing
from tracker.queries.records import names
from tracker.queries.scores import editions, lenses, table, triads, values
from tracker.wording import Names, day_in_words

METHOD = Path(__file__).resolve().parents[2] / "docs" / "method.md"
MOST_EDITIONS = 120
MOST_EDITION_LINES = 500


@page_cached_by(progress.of_tables, ())
def method(request: HttpRequest) -> HttpResponse:
    """Show `docs/method.md`, so that the formulas have one source."""
    return render_page(request, "pages/method.html", {"html": _method_html()})


@cache
def _method_html() -> SafeString:
    return render_markdown(METHOD.read_text(encoding="utf-8"))


def render_markdown(text: str) -> SafeString:
    """Render Markdown without embedded HTML. Headings get anchors, wide parts scroll by keyboard,
    and links to other files of the project become plain text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    parser.add_render_rule("code_block", _code)
    parser.add_render_rule("fence", _code)
    tokens = parser.parse(text)
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slugify(inline.content))
    body = parser.renderer.render(tokens, parser.options, {})
    body = re.sub(r'<a href="(?!https?:|#|/)[^"]*">(.*?)</a>', r"\1", body)
    return mark_safe(body)  # noqa: S308 # of our own file


def _table_open(*_: Any) -> str:
    return '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>'


def _code(_self: Any, tokens: list[Token], place: int, *_: Any) -> str:
    code = tokens[place].content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<pre tabindex="0" role="region" aria-label="Formula"><code>{code}</code></pre>\n'


def _of_status() -> str:
    """All that the status shows."""
    return f"{progress.of_status()}|{seals.stamp()}"


@page_cached_by(_of_status, ())
def status(request: HttpRequest) -> HttpResponse:
    """Show how current the scores are, and whether the log is sealed. What it shows belongs into
    the stamp."""
    latest = editions.listing(lens=None, as_of=moment.now(), after=None, limit=1)
    followers = progress.followers()
    behind = max((follower.late for follower in followers if not follower.stopped_by), default=0)
    stamped = seals.last_timestamp()
    aside, waiting, seal = progress.quarantine(), progress.count_pending(), seals.state()
    audit = progress.audited()
    checkpoint = seals.published_checkpoint() or seals.last_checkpoint()
    context = {
        "headline": _alarm(seal, audit, followers)
        or _state(aside=len(aside), behind=behind, waiting=waiting),
        "seal": seal,
        "checkpoint": checkpoint,
        "witnesses": seals.witness_states(),
        "witnessed": seals.count_witnesses(checkpoint) if checkpoint else 0,
        "timestamp": stamped,
        "timestamp_link": reverse("log-timestamp", args=[stamped.size]) if stamped else "",
        "head": log.head(),
        "reopenings": seals.log_history().reopenings,
        "followers": followers,
        "names": {view: ", ".join(names) for view, names in lenses.names_by_view().items()},
        "waiting": waiting,
        "aside": aside,
        "edition": latest[0] if latest else None,
        "audit": audit,
    }
    return render_page(request, "pages/status.html", context)


def _alarm(
    seal: seals.SealState, audit: progress.AuditState, followers: Sequence[progress.Follower]
) -> str:
    """A sentence about what is wrong or has stopped; empty if nothing has."""
    if seal.alarm:
        return _("The log cannot be sealed any further: this needs attention.")
    if audit.damaged:
        return _("The record was changed after it was sealed: this needs attention.")
    if audit.differing:
        return _("What is shown differs from the record: this needs attention.")
    if any(follower.stopped_by for follower in followers):
        return _("The scores have stopped at an earlier record: this needs attention.")
    return ""


def _state(*, aside: int, behind: int, waiting: int) -> str:
    """A sentence about how far the scores are behind the record, and what needs attention."""
    if aside:
        text = ngettext(
            "%(number)s claim or pair is in quarantine and needs attention.",
            "%(number)s claims or pairs are in quarantine and need attention.",
            aside,
        )
        return text % {"number": grouped(aside)}
    if behind or waiting:
        events = ngettext("%(number)s event", "%(number)s events", behind)
        pairs = ngettext("%(number)s pair", "%(number)s pairs", waiting)
        return _("The scores are being updated. Left to do: %(events)s and %(pairs)s.") % {
            "events": events % {"number": grouped(behind)},
            "pairs": pairs % {"number": grouped(waiting)},
        }
    return _("Every claim on record is in the scores.")


@page_cached_by(progress.of_editions, ())
def edition_list(request: HttpRequest) -> HttpResponse:
    now = moment.now()
    latest = editions.listing(lens=None, as_of=now, after=None, limit=MOST_EDITIONS)
    context = {"editions": latest, "count": editions.count(lens=None, as_of=now)}
    return render_page(request, "pages/editions.html", context)


@page_cached_by(progress.of_editions, ())
def edition(request: HttpRequest, label: str, day: str) -> HttpResponse:
    try:
        kept = editions.find(label, date.fromisoformat(day), as_of=moment.now())
    except ValueError as problem:
        raise Http404(_("there is no day %(day)s") % {"day": day}) from problem
    try:
        lines = [line.split(",") for line in editions.lines(kept)]
    except values.Behind:
        lines = []
    context = {
        "edition": kept,
        "structured": structured_data.of_edition(request, kept),
        "lines": lines[:MOST_EDITION_LINES],
        "others": len(lines[MOST_EDITION_LINES:]),
        "title": _("Edition of %(day)s, %(lens)s")
        % {"day": day_in_words(kept.day), "lens": version_name(kept.lens)},
        "says": _edition_says(kept),
    }
    return render_page(request, "pages/edition.html", context)


def _edition_says(kept: editions.StoredEdition) -> str:
    text = ngettext(
        "The scores of %(pairs)s pair of countries, as known on %(day)s.",
        "The scores of %(pairs)s pairs of countries, as known on %(day)s.",
        kept.pairs,
    )
    return text % {"pairs": grouped(kept.pairs), "day": headlines.known_on(kept.position)}


DEFAULT_LENS = "standing"
FIXED_PAGES = (
    *("overview", "compare", "stories", "shifts", "editions"),
    *("method", "calibration", "status"),
    *("corrections", "digests", "about", "licence", "follow"),
)
MOST_TRIANGLES = 5_000


class SitemapSection(Sitemap):  # type: ignore[type-arg] # Django's own takes no argument when it runs
    """A sitemap of the pages of one kind, in parts of up to `limit` addresses."""

    def __init__(
        self, read: Callable[[], Any], place: Callable[[Any], str], *, limit: int = 50_000
    ) -> None:
        self._read, self._place, self.limit = read, place, limit

    def items(self) -> Any:
        return self._read()

    def location(self, item: Any) -> str:
        return self._place(item)


def _of_default_lens[T](read: Callable[[LensVersion], Collection[T]]) -> Callable[[], list[T]]:
    """Read something from the table of pairs under the default lens; empty before it is defined."""

    def items() -> list[T]:
        try:
            return [*read(lenses.find(DEFAULT_LENS, position=moment.now().position))]
        except lenses.NoSuchLens:
            return []

    return items


SECTIONS: dict[str, Any] = {
    "site": SitemapSection(lambda: FIXED_PAGES, lambda name: reverse(f"pages:{name}")),
    "countries": SitemapSection(
        _of_default_lens(lambda lens: sorted(table.countries(lens))),
        lambda code: reverse("pages:actor", args=[code]),
    ),
    "timelines": SitemapSection(
        _of_default_lens(lambda lens: sorted(table.countries(lens))),
        lambda code: reverse("pages:timeline", args=[code]),
    ),
    "stories": SitemapSection(
        lambda: [story.name for story, _position in stories.on_record()],
        lambda name: reverse("pages:story", args=[name]),
    ),
    "pairs": SitemapSection(
        _of_default_lens(table.pairs), lambda pair: reverse("pages:pair", args=pair.split("-"))
    ),
    "triads": SitemapSection(
        _of_default_lens(lambda lens: triads.triangles(lens, limit=MOST_TRIANGLES)),
        lambda codes: reverse("pages:triad", args=codes),
    ),
    # Small parts, because each claim is checked.
    "claims": SitemapSection(
        listing.indexable, lambda claim: reverse("pages:claim", args=[claim]), limit=5_000
    ),
}


@page_cached_by(progress.of_tables, ("p",))
def sitemap(request: HttpRequest, section: str | None = None) -> HttpResponse:
    """Show the index of sitemaps, or one of them."""
    if section is None:
        response = sitemapviews.index(request, SECTIONS, sitemap_url_name="pages:sitemap-part")
    else:
        response = sitemapviews.sitemap(request, SECTIONS, section=section)
    return response.render()


@page
def robots(request: HttpRequest) -> HttpResponse:
    lines = (
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        f"Sitemap: {request.build_absolute_uri(reverse('pages:sitemap'))}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@page_cached_by(progress.of_log, ())
def about(request: HttpRequest) -> HttpResponse:
    contact = settings.ABOUT["CONTACT"]
    context = {
        "operator": settings.ABOUT["OPERATOR"],
        "contact": contact,
        "contact_link": _contact_link(contact),
    }
    return render_page(request, "pages/about.html", context)


@page_cached_by(progress.of_log, ())
def licence(request: HttpRequest) -> HttpResponse:
    name, link = structured_data.data_licence()
    return render_page(request, "pages/licence.html", {"licence": name, "licence_link": link})


def _contact_link(contact: str) -> str:
    """The link for a contact: a page or a mail address; empty for other texts."""
    if structured_data.is_web(contact):
        return contact
    return f"mailto:{contact}" if "@" in contact and " " not in contact else ""


MOST_CORRECTIONS = 25


@page_cached_by(progress.of_views, ("before",))
def correction_list(request: HttpRequest) -> HttpResponse:
    found = corrections.page(before=_before(request), limit=MOST_CORRECTIONS, reader=Reader.PUBLIC)
    codes = {code for one in found.entries for pair in one.pairs for code in pair.split("-")}
    context = {
        "entries": found.entries,
        "before": found.before,
        "first": "before" not in request.GET,
        "named": Names(by_code=names.countries(codes)),
        "hidden": "before" in request.GET,
    }
    return render_page(request, "pages/corrections.html", context)


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:19]) < 2**62):
        raise request_params.InvalidParameter(
            _("before=%(text)s is not a position of the record. Leave it out for the latest.")
            % {"text": text[:40]}
        )
    return int(text[:19])
