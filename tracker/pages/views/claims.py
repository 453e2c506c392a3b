"""The page of a claim: what it says, who says so, how sure it is, what happened to it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from tracker.domain.guilt import MASK
from tracker.pages import asked
from tracker.pages.views.showing import kept, shown
from tracker.queries import chronicle, guilt, sheets
from tracker.queries.effects import effects
from tracker.queries.moment import resolve
from tracker.queries.sheets import Sheet


@kept
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    as_of = asked.read(request.GET).as_of
    sheet = sheets.sheet(claim_id, as_of=as_of)
    if sheet is None:
        raise Http404(f"there is no claim {claim_id}")
    position = None if as_of is None else resolve(as_of)
    if guilt.unprinted([sheet.filed.state], at=position):
        return shown(request, "pages/unprinted.html", {"says": MASK, "hidden": True})
    context: dict[str, Any] = {
        "sheet": sheet,
        "position": position,
        "effects": effects(claim_id, as_of=as_of),
        "history": chronicle.told(claim_id, as_of=as_of),
        "hidden": unsafe_alone(sheet),
        "named": getattr(request.user, "is_staff", False),
    }
    return shown(request, "pages/claim.html", context)


def unsafe_alone(sheet: Sheet) -> bool:
    """Whether a search engine that prints the page's title would spread what nobody vouches for."""
    state = sheet.filed.state
    said = any(one.link.type == "says" and one.link.to == state.id for one in sheet.links)
    judged = any(one.verdict in ("false", "disputed") for one in state.verdicts)
    return said or judged or state.status == "retracted"
