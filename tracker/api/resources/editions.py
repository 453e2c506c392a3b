"""Editions: the values of a lens at the end of a day, to be cited and verified permanently."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import pagination, params, reading, throttling
from tracker.api.answers import CsvRenderer, address, with_fields_of
from tracker.api.pagination import CursorField, Page, PageById
from tracker.api.params import AsOf, AsOfField, DayField
from tracker.api.problems import Refusal
from tracker.api.reading import Resource, read
from tracker.domain import editions as domain
from tracker.queries.scores import editions, lenses
from tracker.queries.scores.editions import StoredEdition

Serializer = serializers.Serializer[Any]


class EditionsParameters(PageById):
    """The filters of the list."""

    lens = serializers.CharField(
        required=False, max_length=200, help_text='a name or a version: "standing@1"'
    )
    day = DayField(required=False)
    as_of = AsOfField(required=False, default=None)
    cursor = CursorField(str, UUID, int)


class EditionParameters(AsOf):
    """An address with `as_of` can be cited: its response never changes."""


@with_fields_of(StoredEdition, "kept", only=("day", "pairs", "made_at"))
class EditionOut(Serializer):
    """`values` always returns the same bytes; their SHA-256 is `digest`. `log_root` is the root of
    the log's tree of `position` events, which a signed checkpoint covers. `spreads` has how far the
    level of each pair depends on settings of the model; `no_spreads` says why there are none."""

    lens = serializers.CharField(source="kept.lens.label")
    position = serializers.IntegerField(
        source="kept.position", help_text="the values are as known at this position of the log"
    )
    digest = serializers.CharField(
        source="kept.digest", help_text="SHA-256 of the CSV with the values, in hex"
    )
    log_root = serializers.CharField(
        source="kept.root",
        help_text="of the log's tree (RFC 6962), in hex",
    )
    url = serializers.URLField(help_text="the address to cite")
    values = serializers.URLField(help_text="the values, as CSV in full precision")
    spreads = serializers.URLField(help_text="the spreads over settings, as CSV in full precision")
    no_spreads = serializers.CharField(source="kept.no_spreads", allow_null=True)


class EditionPage(Page):
    as_of = serializers.IntegerField()
    results = EditionOut(many=True)


class EditionsView(Resource):
    """One edition for each lens version and past day."""

    stamp = reading.editions

    @read("editions_list", EditionPage, EditionsParameters)
    def get(self, request: Request, query: Any) -> Response:
        """List editions, newest day first; with `as_of`, editions of what was on record then."""
        filters: dict[str, Any] = {name: query.get(name) for name in ("lens", "day", "as_of")}
        return pagination.page(
            request,
            query,
            editions.listing(**filters, after=_place(query), limit=query["limit"] + 1),
            place=lambda kept: [kept.day, kept.lens.id, kept.lens.version],
            show=lambda rows: [_shown(request, kept) for kept in rows],
            count=lambda: editions.count(**filters),
            as_of=query["as_of"].position,
        )


class EditionView(Resource):
    """One edition."""

    stamp = reading.editions

    @read("editions_read", EditionOut, EditionParameters)
    def get(self, request: Request, query: Any, label: str, day: date) -> Response:
        """Read the edition of a lens and a day, with the addresses to cite and to download it.

        Without a version: the newest version of the lens that has an edition of the day.
        """
        kept = _found(query, label, day)
        return Response(_shown(request, kept), headers={"ETag": f'"{kept.digest}"'})


class ValuesView(Resource):
    """The values of an edition."""

    cost = throttling.BUILD_COST
    stamp = reading.editions

    renderer_classes = (CsvRenderer, JSONRenderer)

    @read("editions_values", {(200, "text/csv"): OpenApiTypes.STR}, EditionParameters)
    def get(self, _request: Request, query: Any, label: str, day: date) -> HttpResponse:
        """Download all values as CSV in full precision; its SHA-256 is the digest.

        Each line is one series: pair, direction, value, sd, interval, claims, roots, state-owned
        roots, day of the last claim. Sd and interval are empty for `tone` and `cooperation`.
        """
        kept = _found(query, label, day)
        return _csv(kept, domain.text(editions.lines(kept)), name="")


class SpreadsView(Resource):
    """The spreads of an edition."""

    stamp = reading.editions

    renderer_classes = (CsvRenderer, JSONRenderer)

    @read("editions_spreads", {(200, "text/csv"): OpenApiTypes.STR}, EditionParameters)
    def get(self, _request: Request, query: Any, label: str, day: date) -> HttpResponse:
        """Download how far the level of each pair depends on settings of the model, as CSV.

        Each line is an undirected pair: the lowest and the highest level under all settings, and
        the share of the settings under which it has the same sign. `no_spreads` of the edition says
        why there are no lines.
        """
        kept = _found(query, label, day)
        return _csv(kept, domain.spreads_text(editions.spreads_of(kept)), name="-spreads")


def _csv(kept: StoredEdition, text: str, *, name: str) -> HttpResponse:
    """A file of an edition."""
    file = f"{kept.lens.label}-{kept.day}-{kept.position}{name}.csv"
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file}"',
            "ETag": f'"{kept.digest}"',
        },
    )


def _found(query: Mapping[str, Any], label: str, day: date) -> StoredEdition:
    try:
        return editions.find(label, day, as_of=query["as_of"])
    except (lenses.NoSuchLens, editions.NoSuchEdition) as problem:
        raise Refusal("not-found", str(problem)) from problem


def _shown(request: Request, kept: StoredEdition) -> Any:
    path = (kept.lens.label, kept.day)
    as_of = f"?as_of={kept.position}"
    addresses = {
        "url": address(request, "edition", *path) + as_of,
        "values": address(request, "edition-values", *path) + as_of,
        "spreads": address(request, "edition-spreads", *path) + as_of,
    }
    return EditionOut({"kept": kept, **addresses}).data


def _place(query: dict[str, Any]) -> tuple[date, Any, int] | None:
    """Where the last page ended."""
    if "cursor" not in query:
        return None
    day, lens, version = query["cursor"]
    try:
        return date.fromisoformat(day), lens, version
    except ValueError as problem:
        raise params.refusal("cursor", "invalid cursor") from problem
