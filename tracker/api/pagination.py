"""Pagination: an opaque cursor over a unique order, a `Link` header, an optional count."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api.params import AsOfField, Parameters

MOST = 1_000
USUAL = 100
# Characters of a cursor.
LONGEST = 2_000


@extend_schema_field({"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": LONGEST})
class CursorField(serializers.CharField):
    """Where the last page ended: one value for each reader in `parts`."""

    def __init__(self, *parts: Callable[[Any], Any], **options: Any) -> None:
        text = "where the last page ended; part of the address in `next`"
        super().__init__(required=False, max_length=LONGEST, help_text=text, **options)
        self.parts = parts

    def to_internal_value(self, data: Any) -> Any:
        try:
            place = decode_cursor(super().to_internal_value(data))
            return [read(_text(part)) for read, part in zip(self.parts, place, strict=True)]
        except (ValueError, TypeError, AttributeError, RecursionError) as problem:
            raise ValidationError(
                "invalid cursor: use the address in `next` unchanged", code="invalid"
            ) from problem


class PageParameters(Parameters):
    """The size of a page, and whether the whole list is counted."""

    limit = serializers.IntegerField(default=USUAL, min_value=1, max_value=MOST)
    count = serializers.ChoiceField(
        choices=["exact"],
        required=False,
        help_text="also return the total count, which takes longer",
    )


class PageById(PageParameters):
    """A page of a list ordered by id."""

    cursor = CursorField(UUID)


class PageByName(PageParameters):
    """A page of a list ordered by name."""

    cursor = CursorField(str)


class PageByNameAsOf(PageByName):
    """A page of records ordered by name, now or as of a past moment."""

    as_of = AsOfField(required=False, default=None)


class Page(serializers.Serializer[Any]):
    # A subclass adds `results`. A docstring here would become that of each list.
    next = serializers.URLField(allow_null=True)
    count = serializers.IntegerField(required=False)


def encode_cursor(place: Sequence[Any]) -> str:
    """Encode the place of a row as a cursor."""
    text = json.dumps([str(part) for part in place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[Any]:
    """Decode a cursor.

    :raises ValueError: if it is not a cursor.
    """
    text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    place = json.loads(text)
    if not isinstance(place, list):
        raise ValueError(cursor)  # noqa: TRY004 # one error for every invalid cursor
    return place


def _text(part: Any) -> str:
    """A part of a cursor that is valid in a query."""
    if not isinstance(part, str) or "\0" in part:
        raise ValueError(part)
    return part.encode().decode()


def page(
    request: Request,
    query: Mapping[str, Any],
    rows: Sequence[Any],
    *,
    place: Callable[[Any], Sequence[Any]],
    show: Callable[[Sequence[Any]], Any],
    count: Callable[[], int] | None = None,
    **more: Any,
) -> Response:
    """Return up to `limit` of the rows; one row more means that there is a next page.

    `place` gives the content of a row's cursor, `show` the rows as JSON. `count` is called if the
    query asks for the count.
    """
    shown = rows[: query["limit"]]
    has_next = len(rows) > len(shown)
    following = next_url(request, cursor=encode_cursor(place(shown[-1]))) if has_next else None
    counted = {"count": count()} if count and "count" in query else {}
    return Response(
        {**more, **counted, "results": show(shown), "next": following},
        headers={"Link": f'<{following}>; rel="next"'} if following else {},
    )


def page_of_all(
    request: Request,
    query: Mapping[str, Any],
    rows: Sequence[Any],
    *,
    name: Callable[[Any], str],
    show: Callable[[Sequence[Any]], Any],
    **more: Any,
) -> Response:
    """Return a page of a short list that is complete in memory, ordered by unique names."""
    after = query.get("cursor", [""])[0]
    return page(
        request,
        query,
        [row for row in sorted(rows, key=name) if name(row) > after],
        place=lambda row: [name(row)],
        show=show,
        count=lambda: len(rows),
        **more,
    )


def next_url(request: Request, **changed: Any) -> str:
    """The address of this list with some parameters changed."""
    query = {**request.query_params.dict(), **changed}
    return f"{request.build_absolute_uri(request.path)}?{urlencode(query)}"
