"""The page that finds countries, pairs, claims, sources and documents by typed words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.domain.disclosure import Reader
from tracker.domain.movements import WindowMovement
from tracker.level_wording import moved_since, score_words
from tracker.pages.page_cache import page_cached_by, render_page
from tracker.queries import progress, site_search
from tracker.queries.records import names
from tracker.queries.site_search import Found, FoundPair
from tracker.wording import Names, about

# What the page offers to try, in several scripts.
EXAMPLES = ("Kazakhstan", "kazakh russia", "США Китай", "俄罗斯", "sanctions")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult:
    """A pair in the results: its name, the address of its page, and where it stands. `claims` is
    the number of claims behind that; None where there are none."""

    name: str
    link: str
    state: str
    moved: str
    claims: int | None


def _pair_results(found: Found) -> Sequence[PairResult]:
    codes = {code for one in found.pairs for code in one.pair.split("-")}
    named = Names(by_code=names.countries(codes))
    return [_pair_result(one, named) for one in found.pairs]


def _pair_result(found: FoundPair, named: Names) -> PairResult:
    row = found.row
    return PairResult(
        name=named.direction(found.pair),
        link=reverse("pages:pair", args=found.pair.split("-")),
        state=score_words(row.score, row.words) if row else "",
        moved=_moved(row.movement) if row and row.movement else "",
        claims=row.claims if row else None,
    )


def _moved(moved: WindowMovement) -> str:
    """ "Since March 2022 it fell with about 95 % probability"; empty without an act since."""
    if not moved.acted:
        return ""
    given = {"month": moved_since(moved), "chance": about(moved.chance)}
    if moved.value < 0:
        return _("Since %(month)s it fell with %(chance)s probability.") % given
    return _("Since %(month)s it rose with %(chance)s probability.") % given


@page_cached_by(progress.of_tables, ("q",), stored=False)
def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds; without words, what can be found."""
    query = request.GET.get("q", "")
    found = site_search.find(query, reader=Reader.PUBLIC) if query else None
    context = {
        "query": query,
        "found": found,
        "pairs": _pair_results(found) if found else (),
        "named_pair": bool(found and found.named_pair),
        "examples": EXAMPLES,
        "most_letters": site_search.LONGEST,
        "hidden": True,
    }
    return render_page(request, "pages/search.html", context)
