"""Common to all writes: author and time, expected version, idempotency key, receipt."""

import re
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import bodies
from tracker.api.answers import address, with_fields_of
from tracker.api.problems import Fault, Refusal
from tracker.domain.attribution import Submission
from tracker.log import Recorded
from tracker.operations import entries
from tracker.operations.idempotency import LONGEST_KEY, Answer, Key, once


@with_fields_of(Recorded, only=("version", "position", "kind", "recorded_at", "recorded_by"))
class Receipt(serializers.Serializer[Recorded]):
    """The result of a write: the stream (a claim, an actor, …) and its new version."""

    id = serializers.UUIDField(source="stream")


class StatementOut(Receipt):
    """The statement: the claim that a party says another claim."""

    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, recorded: Any) -> str:
        return address(self.context["request"], "claim", recorded.stream)


class ClaimReceipt(Receipt):
    """The result of a new claim, with the statement if the body has `said_by`."""

    statement = StatementOut(allow_null=True)
    warnings = serializers.ListField(
        child=serializers.CharField(),
        help_text="usually empty; warns if no lens counts the collection, so that no score moves,"
        " and of an act whose code usually names a situation, or the reverse",
    )


def write(
    operation_id: str,
    body: Any,
    answer: Any = Receipt,
    *,
    status: int = 201,
    check: bodies.Check | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Turn a method that takes the parsed body, if there is one, into a handler of POST."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        responses = answer if isinstance(answer, dict) else {status: answer}

        @extend_schema(operation_id=operation_id, request=body, responses=responses)
        @wraps(method)
        def handler(view: Any, request: Request, **path: Any) -> Any:
            sent = () if body is None else (read_body(request, body, check=check),)
            return method(view, request, *sent, **path)

        return handler

    return decorate


def read_body(request: Request, shape: Any, *, check: bodies.Check | None = None) -> Any:
    """Read the body of a request: a record of a class, or the values of a form.

    `check` finds further problems in an invalid body. A valid one is checked by the operation that
    takes it.

    :raises Refusal: naming all invalid values of a record.
    :raises ValidationError: naming all invalid values of a form.
    """
    if not is_dataclass(shape):
        form = shape(data=request.data)
        form.is_valid(raise_exception=True)
        return form.validated_data
    record, faults = bodies.read(cast("type[Any]", shape), request.data, check=check)
    if faults:
        raise Refusal("invalid", faults=faults)
    return record


def record(
    request: Request, append: Callable[..., Recorded], *, route: str, key: Any = None
) -> Response:
    """Append an event now, as the account, once for each Idempotency-Key.

    `route` names the address of the written record; `key` is its id, if that is not the stream of
    the event.
    """

    def perform(at: datetime) -> Answer:
        recorded = append(at=at, by=request.user.get_username())
        place = address(request, route, key or recorded.stream)
        return created(recorded, dict(Receipt(recorded).data), place)

    return answer_once(request, perform)


def enter(request: Request, submission: Submission, *, warn: Callable[[], list[str]]) -> Response:
    """Record a claim, and with `said_by` the statement too. `warn` returns warnings afterwards."""

    def perform(at: datetime) -> Answer:
        new = entries.enter(submission, at=at, by=request.user.get_username())
        statement = StatementOut(new.statement, context={"request": request}).data
        data = {
            **Receipt(new.claim).data,
            "statement": statement if new.statement else None,
            "warnings": warn(),
        }
        return created(new.claim, data, address(request, "claim", new.claim.stream))

    return answer_once(request, perform)


def created(recorded: Recorded, data: dict[str, Any], place: str) -> Answer:
    """The response to a write, with the version and the address."""
    headers = {"Location": place, "ETag": f'"{recorded.version}"'}
    return Answer(status=201, data=data, headers=headers)


def answer_once(
    request: Request, perform: Callable[[datetime], Answer], *, body: bytes | None = None
) -> Response:
    """Call `perform` with the current time, once for each Idempotency-Key.

    `body` replaces the body of the request if that was too large to be kept.
    """
    at, name = timezone.now(), idempotency_key(request)
    if name is None:
        answer = perform(at)
    else:
        key = Key(user=int(request.user.pk or 0), method="POST", path=request.path, key=name)
        sent = request.body if body is None else body
        answer = once(key, sent, at=at, write=lambda: perform(at))
    replayed = {"Idempotency-Replayed": "true"} if answer.repeated else {}
    return Response(answer.data, status=answer.status, headers={**answer.headers, **replayed})


def expected_version(request: Request, in_body: int | None) -> int:
    """The version that the client read, from If-Match or from `expected_version` in the body.

    :raises Refusal: without either, or if they differ.
    """
    header = request.headers.get("If-Match")
    if header is None and in_body is None:
        raise Refusal("precondition-required")
    if header is None:
        return int(in_body or 0)
    # The tag of a compressed answer is a weak one; only its version counts here.
    version = re.fullmatch(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"', header.strip())
    if version is None:
        raise _bad_header(
            "If-Match", f'must be one version in quotes, such as "3"; it is {header[:40]}'
        )
    if in_body not in (None, int(version[1])):
        raise _bad_header("If-Match", f"is {version[1]}, but expected_version is {in_body}")
    return int(version[1])


def idempotency_key(request: Request) -> str | None:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not (
        0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    ):
        raise _bad_header("Idempotency-Key", f"must be 1 to {LONGEST_KEY} printable characters")
    return key


def _bad_header(name: str, detail: str) -> Refusal:
    fault = Fault(pointer=f"/{name}", code="invalid", detail=detail, place="header")
    return Refusal("invalid", faults=[fault])
