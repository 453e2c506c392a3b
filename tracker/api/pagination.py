"""Pages: an opaque cursor on a unique order, a `Link` to the next, a count where asked for."""

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

from tracker.api.parameters import AsOfField, Parameters

MOST = 1_000
USUAL = 100
# Characters of a cursor.
LONGEST = 2_000
_OPAQUE = "where the last page ended; the address in `next` has it"


@extend_schema_field({"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": LONGEST})
class CursorField(serializers.CharField):
    """Where the last page ended, as we wrote it: one value for each reader of `parts`."""

    def __init__(self, *parts: Callable[[Any], Any], **options: Any) -> None:
        super().__init__(required=False, max_length=LONGEST, help_text=_OPAQUE, **options)
        self.parts = parts

    def to_internal_value(self, data: Any) -> Any:
        try:
            place = opened(super().to_internal_value(data))
            return [read(_text(part)) for read, part in zip(self.parts, place, strict=True)]
        except (ValueError, TypeError, AttributeError, RecursionError) as problem:
            raise ValidationError(
                "this is no cursor of ours: take the address of `next` as it is", code="invalid"
            ) from problem


class Counted(Parameters):
    """How much of a list, and whether all of it is counted."""

    limit = serializers.IntegerField(default=USUAL, min_value=1, max_value=MOST)
    count = serializers.ChoiceField(
        choices=["exact"], required=False, help_text="count everything, which takes longer"
    )


class Paged(Counted):
    """How much of a list that is ordered by id, and from where."""

    cursor = CursorField(UUID)


class Short(Counted):
    """How much of a list that is ordered by name, and after which name."""

    cursor = CursorField(str)


class Listed(Short):
    """The same of what is on record, as it stands or stood."""

    as_of = AsOfField(required=False, default=None)


def sealed(place: Sequence[Any]) -> str:
    """Write the place of a row as a cursor."""
    text = json.dumps([str(part) for part in place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opened(cursor: str) -> list[Any]:
    """Read a cursor.

    :raises ValueError: if it is none.
    """
    text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    place = json.loads(text)
    if not isinstance(place, list):
        raise ValueError(cursor)  # noqa: TRY004 # one error for whatever is no cursor
    return place


def _text(part: Any) -> str:
    """A part of a cursor, which the database can be asked about."""
    if not isinstance(part, str) or "\0" in part:
        raise ValueError(part)
    return part.encode().decode()


def page(
    request: Request,
    rows: Sequence[Any],
    *,
    limit: int,
    place: Callable[[Any], Sequence[Any]],
    shown: Callable[[Sequence[Any]], Any],
    **more: Any,
) -> Response:
    """Answer with up to `limit` of the rows; one more than that says that there is a next page.

    `place` gives what the cursor of a row holds, `shown` the rows as JSON.
    """
    here = rows[:limit]
    following = next_url(request, cursor=sealed(place(here[-1]))) if len(rows) > limit else None
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    body = {**more, "results": shown(here), "next": following}
    return Response(body, headers=headers)


def sliced(
    request: Request,
    asked: Mapping[str, Any],
    rows: Sequence[Any],
    *,
    name: Callable[[Any], str],
    shown: Callable[[Sequence[Any]], Any],
    **more: Any,
) -> Response:
    """Answer with a page of rows that are all at hand and few, by their names, each of which is
    another one."""
    after = asked.get("cursor", [""])[0]
    counted = {"count": len(rows)} if "count" in asked else {}
    return page(
        request,
        [row for row in sorted(rows, key=name) if name(row) > after],
        limit=asked["limit"],
        place=lambda row: [name(row)],
        shown=shown,
        **more,
        **counted,
    )


def next_url(request: Request, **changed: Any) -> str:
    """The address of this list with some parameters changed."""
    asked = {**request.query_params.dict(), **changed}
    return f"{request.build_absolute_uri(request.path)}?{urlencode(asked)}"
