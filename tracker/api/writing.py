"""Common to all writes: author and time, expected version, idempotency key, receipt."""

import re
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import bodies
from tracker.api.problems import Fault, Refused
from tracker.domain.attribution import Submission
from tracker.log import Recorded
from tracker.operations import entries
from tracker.operations.idempotency import LONGEST_KEY, Answer, Key, once


class Receipt(serializers.Serializer[Recorded]):
    """The result of a write: the stream (a claim, an actor, …) and its new version."""

    id = serializers.UUIDField(source="stream")
    version = serializers.IntegerField()
    position = serializers.IntegerField()
    kind = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()


class Statement(Receipt):
    """The statement: the claim that a party says another claim."""

    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, recorded: Any) -> str:
        return str(self.context["url"](recorded.stream))


class ClaimReceipt(Receipt):
    """The result of a new claim, with the statement if the body has `said_by`."""

    statement = Statement(allow_null=True)
    warnings = serializers.ListField(
        child=serializers.CharField(),
        help_text="usually empty; warns if no lens counts the collection, so that no score moves",
    )


def body(request: Request, kind: Any, *, check: bodies.Check | None = None) -> Any:
    """Read the body of a request: a record of a class, or the values of a form.

    `check` finds further problems in a body that has some; a right one is checked by the
    operation that takes it.

    :raises Refused: naming all that is wrong. :raises ValidationError: the same of a form.
    """
    if not is_dataclass(kind):
        form = kind(data=request.data)
        form.is_valid(raise_exception=True)
        return form.validated_data
    found, faults = bodies.read(cast("type[Any]", kind), request.data, check=check)
    if faults:
        raise Refused("invalid", faults=faults)
    return found


def record(
    request: Request,
    write: Callable[..., Recorded],
    *,
    route: str,
    key: Any = None,
) -> Response:
    """Write now, as the account, once for each Idempotency-Key.

    `route` names the address of the written record; `key` is its id, if that is not the stream of
    the event.
    """

    def perform(at: datetime) -> Answer:
        recorded = write(at=at, by=request.user.get_username())
        place = reverse(route, args=[key or recorded.stream])
        return created(request, recorded, dict(Receipt(recorded).data), place)

    return answered(request, perform)


def enter(request: Request, submission: Submission, *, warn: Callable[[], list[str]]) -> Response:
    """Record a claim, and with `said_by` the statement too. `warn` returns warnings afterwards."""

    def address(claim: Any) -> str:
        return str(request.build_absolute_uri(reverse("api:claim", args=[claim])))

    def perform(at: datetime) -> Answer:
        found = entries.enter(submission, at=at, by=request.user.get_username())
        statement = Statement(found.statement, context={"url": address}).data
        data = {
            **Receipt(found.claim).data,
            "statement": statement if found.statement else None,
            "warnings": warn(),
        }
        return created(request, found.claim, data, address(found.claim.stream))

    return answered(request, perform)


def created(request: Request, recorded: Recorded, data: dict[str, Any], place: str) -> Answer:
    """The response to a write, with the version and the address."""
    headers = {"Location": request.build_absolute_uri(place), "ETag": f'"{recorded.version}"'}
    return Answer(status=201, data=data, headers=headers)


def answered(
    request: Request, write: Callable[[datetime], Answer], *, body: bytes | None = None
) -> Response:
    """Call `write` with the current time, once for each Idempotency-Key.

    `body` replaces the body of the request if that was too large to be kept.
    """
    at, name = timezone.now(), idempotency_key(request)
    if name is None:
        return response(write(at))
    scope = Key(user=int(request.user.pk or 0), method="POST", path=request.path, key=name)
    sent = request.body if body is None else body
    return response(once(scope, sent, at=at, write=lambda: write(at)))


def expected_version(request: Request, named: int | None) -> int:
    """The version that the client read, from If-Match or from `expected_version` in the body.

    :raises Refused: without either, or when they differ.
    """
    header = request.headers.get("If-Match")
    if header is None and named is None:
        raise Refused("precondition-required")
    if header is None:
        return int(named or 0)
    found = re.fullmatch(r'"([0-9]{1,9})(?:-[0-9a-f]+)?"', header.strip())
    if found is None:
        raise _bad_header(
            "If-Match", f'must be one version in quotes, such as "3"; it is {header[:40]}'
        )
    if named not in (None, int(found[1])):
        raise _bad_header("If-Match", f"is {found[1]}, but expected_version is {named}")
    return int(found[1])


def idempotency_key(request: Request) -> str | None:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not (
        0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    ):
        raise _bad_header("Idempotency-Key", f"must be 1 to {LONGEST_KEY} printable characters")
    return key


def _bad_header(name: str, detail: str) -> Refused:
    fault = Fault(pointer=f"/{name}", code="invalid", detail=detail, place="header")
    return Refused("invalid", faults=[fault])


def response(answer: Answer) -> Response:
    repeated = {"Idempotency-Replayed": "true"} if answer.repeated else {}
    return Response(answer.data, status=answer.status, headers={**answer.headers, **repeated})
