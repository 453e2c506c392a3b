"""The page of a claim: what it says, who says so, how sure it is, what happened to it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tracker.domain.disclosure import MASK, Reader
from tracker.domain.lenses import pair_of
from tracker.pages import request_params
from tracker.pages.page_cache import kept, logged_in, shown
from tracker.queries.claims import detail, history
from tracker.queries.claims.detail import Sheet
from tracker.queries.evidence.explanation import Effect, effects
from tracker.queries.moment import resolve
from tracker.queries.records import names
from tracker.queries.scores import uncounted
from tracker.wording import Names


@kept
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    as_of = request_params.read(request.GET).as_of
    sheet = detail.sheet(claim_id, as_of=as_of, reader=Reader.PUBLIC)
    if sheet is None:
        raise Http404(f"there is no claim {claim_id}")
    position = None if as_of is None else resolve(as_of)
    if sheet.filed.masked:
        return shown(request, "pages/unprinted.html", {"says": MASK, "hidden": True})
    found = effects(claim_id, as_of=as_of, reader=Reader.PUBLIC)
    context: dict[str, Any] = {
        "sheet": sheet,
        "position": position,
        "says": _said(sheet),
        "effects": found,
        "uncounted": uncounted.uncounted([sheet.claim.collection]) if position is None else (),
        **_moved(found),
        "history": history.told(claim_id, as_of=as_of, reader=Reader.PUBLIC),
        "hidden": unsafe_alone(sheet),
        "named": logged_in(request) and getattr(request.user, "is_staff", False),
    }
    return shown(request, "pages/claim.html", context)


def _said(sheet: Sheet) -> str:
    """What kind of thing it says, of when, and who published it: what other sites print beside
    its title."""
    published = [one.provenance[0].name for one in sheet.citations if one.provenance]
    when = sheet.dated.says if sheet.dated else ""
    told = ", ".join(dict.fromkeys(filter(None, published)))
    return (
        ", ".join(filter(None, (sheet.claim.kind.capitalize(), when, told and f"by {told}"))) + "."
    )


def _moved(found: Sequence[Effect]) -> dict[str, Any]:
    """The pairs that it moves, by the addresses of their pages, and what countries are called."""
    ends = {(one.initiator, one.recipient) for each in found for one in each.evaluation.impacts}
    called = Names(by_code=names.countries({code for pair in ends for code in pair}))
    pairs = sorted({pair_of(*pair) for pair in ends})
    return {
        "named_countries": called,
        "pairs": {
            reverse("pages:pair", args=one.split("-")): called.direction(one) for one in pairs
        },
    }


def unsafe_alone(sheet: Sheet) -> bool:
    """Whether a search engine that prints the page's title would spread what nobody vouches for."""
    state = sheet.filed.state
    judged = any(one.verdict in ("false", "disputed") for one in state.verdicts)
    waits = sheet.collection.collection.review and state.review != "accepted"
    return (
        sheet.filed.attributed
        or judged
        or waits
        or state.review == "rejected"
        or state.status == "retracted"
    )
