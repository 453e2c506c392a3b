"""Editions: the values of a lens at the end of a day, to be cited and verified permanently."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import limits, pagination, parameters, stamping
from tracker.api.problems import Refused
from tracker.api.reading import read
from tracker.api.resources import Resource
from tracker.api.serializers import editions as s
from tracker.domain import editions as domain
from tracker.queries.scores import editions, lenses
from tracker.queries.scores.editions import Kept


class Editions(Resource):
    """One edition for each lens version and past day."""

    stamp = stamping.editions

    @read("editions_list", s.EditionPage, s.EditionsParameters)
    def get(self, request: Request, asked: Any) -> Response:
        """List editions, newest day first; with `as_of`, editions of what was on record then."""
        narrowed: dict[str, Any] = {name: asked.get(name) for name in ("lens", "day", "as_of")}
        counted = {"count": editions.count(**narrowed)} if "count" in asked else {}
        found = editions.listing(**narrowed, after=_place(asked), limit=asked["limit"] + 1)
        return pagination.page(
            request,
            found,
            limit=asked["limit"],
            place=lambda one: [one.day, one.lens.id, one.lens.version],
            shown=lambda rows: [_shown(request, one) for one in rows],
            as_of=self.stamped.reached if narrowed["as_of"] is None else narrowed["as_of"],
            **counted,
        )


class Edition(Resource):
    """One edition."""

    stamp = stamping.editions

    @read("editions_read", s.EditionOut, s.EditionParameters)
    def get(self, request: Request, asked: Any, label: str, day: date) -> Response:
        """Read the edition of a lens and a day, with the addresses to cite and to download it.

        Without a version: the newest version of the lens that has an edition of the day.
        """
        kept = _found(asked, label, day)
        return Response(_shown(request, kept), headers={"ETag": f'"{kept.digest}"'})


class Csv(JSONRenderer):
    """Accepts text/csv; problems are still returned as JSON."""

    media_type = "text/csv"
    format = "csv"


class Values(Resource):
    """The values of an edition."""

    cost = limits.BUILD_COST
    stamp = stamping.editions

    renderer_classes = (Csv, JSONRenderer)

    @read("editions_values", {(200, "text/csv"): OpenApiTypes.STR}, s.EditionParameters)
    def get(self, _request: Request, asked: Any, label: str, day: date) -> HttpResponse:
        """Download all values as CSV in full precision; its SHA-256 is the digest.

        Each line is one series: pair, direction, value, sd, interval, claims, roots, state-owned
        roots, day of the last claim.
        """
        kept = _found(asked, label, day)
        name = f"{kept.lens.label}-{kept.day}-{kept.position}.csv"
        return HttpResponse(
            domain.text(editions.lines(kept)),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "ETag": f'"{kept.digest}"',
            },
        )


def _found(asked: Mapping[str, Any], label: str, day: date) -> Kept:
    try:
        return editions.kept(label, day, as_of=asked["as_of"])
    except (lenses.NoSuchLens, editions.NoSuchEdition) as problem:
        raise Refused("not-found", str(problem)) from problem


def _shown(request: Request, kept: Kept) -> Any:
    within = [kept.lens.label, kept.day]
    address, values = (
        request.build_absolute_uri(reverse(f"api:{name}", args=within))
        for name in ("edition", "edition-values")
    )
    asked = f"?as_of={kept.position}"
    return s.EditionOut({"kept": kept, "url": address + asked, "values": values + asked}).data


def _place(asked: dict[str, Any]) -> tuple[date, Any, int] | None:
    """Where the last page ended."""
    if "cursor" not in asked:
        return None
    day, lens, version = asked["cursor"]
    try:
        return date.fromisoformat(day), lens, version
    except ValueError as problem:
        raise parameters.refused("cursor", "invalid cursor") from problem
