"""Common to all reads: parameters, `fields` and `expand`, the ETag, and the position."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import limits, parameters, shape
from tracker.api.expanding import ExpandedField, ExpandField, Expands, expanded
from tracker.api.parameters import Parameters
from tracker.api.resources import POSITION, Resource, kept, known_to, stamped
from tracker.queries.moment import resolve

IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="the ETag of a response that you have; if it is still current, you get a 304",
)
UNCHANGED = OpenApiResponse(description="not modified")

type Out = type[serializers.BaseSerializer[Any]]


def read(
    operation_id: str,
    answer: Any,
    asked: type[Parameters] = Parameters,
    *,
    expands: Expands | None = None,
    **described: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Turn a method that takes the parameters in `asked` into a handler of GET.

    `answer` is the serializer of the response, or what `extend_schema` takes for it. With a
    serializer, `fields` selects a part of the response, and the names in `expands` can be expanded.
    """
    shaped, expands = isinstance(answer, type), expands or {}
    kind = _with_fields(asked, answer, expands) if shaped else asked
    # A serializer without fields cannot be described.
    given = [kind] if kind().fields else []
    responses = {200: _with_expanded(answer, expands)} if shaped else dict(answer)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @extend_schema(
            operation_id=operation_id,
            parameters=[*given, IF_NONE_MATCH],
            responses={**responses, 304: UNCHANGED},
            **described,
        )
        @wraps(method)
        def answered(view: Resource, request: Request, **place: Any) -> Any:
            own: Any = request._request  # noqa: SLF001 # Django's
            fresh = not hasattr(own, "stamped")
            view.stamped = stamped(type(view), own, place)
            known = known_to(own, view.stamped) if fresh else None
            if known is not None:
                return known
            wanted = parameters.read(request, kind)
            fields, more = wanted.pop("fields", None), wanted.pop("expand", ())
            position = _position(view, wanted)
            limits.charged(request, view.cost)
            response = method(view, request, wanted, **place)
            beside = expanded(response.data, expands, more, as_of=wanted["as_of"]) if more else {}
            if fields:
                response.data = _cut(response.data, fields)
            if beside:
                response.data["expanded"] = beside
            if position is not None:
                response.headers.setdefault(POSITION, str(position))
            return kept(own, response, view.stamped, named=_named(response))

        return answered

    return decorate


def _with_fields(asked: type[Parameters], answer: Out, expands: Expands) -> type[Parameters]:
    """The same parameters with `fields`, and with `expand` if anything can be expanded."""
    more: dict[str, Any] = {"fields": shape.FieldsField(shape.row_of(answer))}
    if expands:
        more["expand"] = ExpandField(expands)
    return type(asked.__name__, (asked,), {**more, "__doc__": asked.__doc__})


def _with_expanded(answer: Out, expands: Expands) -> Out:
    """The same response with `expanded`."""
    if not expands:
        return answer
    more = {"expanded": ExpandedField(), "__doc__": answer.__doc__}
    return type(f"{answer.__name__.removesuffix('Out')}Expanded", (answer,), more)


def _position(view: Resource, given: dict[str, Any]) -> int | None:
    """The position of the response; a requested time is resolved to one."""
    as_of, reached = given.get("as_of"), view.stamped.reached
    if as_of is None:
        return reached
    if isinstance(as_of, datetime) or (reached is not None and as_of > reached):
        # This also refuses a position beyond the end of the log.
        as_of = given["as_of"] = resolve(as_of)
    return int(as_of)


def _cut(data: Any, fields: shape.Tree) -> Any:
    if isinstance(data, dict) and "results" in data:
        return {**data, "results": shape.cut(data["results"], fields)}
    return shape.cut(data, fields)


def _named(response: Response) -> str:
    """The prefix of the ETag: the version, which a correction sends in If-Match, or a digest."""
    return response.headers.get("ETag", "").strip('"')
