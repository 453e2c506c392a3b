"""A problem (RFC 9457): its kind, and each fault with its location."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rest_framework.exceptions import APIException

from tracker.domain.json_values import as_utf8


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem, documented under `/api/v1/problems/`."""

    code: str
    status: int
    title: str
    fix: str


def _kinds(*kinds: tuple[str, int, str, str]) -> dict[str, Kind]:
    return {
        code: Kind(code=code, status=status, title=title, fix=fix)
        for code, status, title, fix in kinds
    }


KINDS = _kinds(
    (
        "invalid",
        400,
        "Invalid request",
        "`errors` lists each invalid value with its place (`in`, RFC 6901 `pointer`) and a fix.",
    ),
    (
        "unreadable",
        400,
        "The body cannot be parsed",
        (
            "Send one JSON object in UTF-8, without NaN, Infinity, duplicate keys or deep nesting."
            " To upload a file, send multipart/form-data (RFC 7578)."
        ),
    ),
    (
        "unauthenticated",
        401,
        "Authentication required",
        "Send `Authorization: Bearer ent_…`; `manage.py token create` issues a token.",
    ),
    (
        "forbidden",
        403,
        "The token does not allow this",
        "Ask for a token with the scope that the problem names.",
    ),
    ("not-found", 404, "Not found", "Check the address; `/api/v1/` lists all resources."),
    (
        "method-not-allowed",
        405,
        "Method not allowed",
        "Use one of the methods in the `Allow` header.",
    ),
    (
        "not-acceptable",
        406,
        "Format not available",
        "Request application/json.",
    ),
    (
        "version-conflict",
        409,
        "The record was changed meanwhile",
        "Read the record again, check what changed, and repeat your write with the new version.",
    ),
    (
        "out-of-order",
        409,
        "Not possible in the current state",
        "`detail` says what is possible now.",
    ),
    (
        "reopened",
        410,
        "The log was reopened after a loss",
        (
            "`reopenings` in `/api/v1/log/seal/` has the first position that was lost: forget what"
            " you have from there on, and read on after the position before. While there is an"
            " `alarm` instead, wait."
        ),
    ),
    (
        "in-flight",
        409,
        "The same write is still in progress",
        "Wait for the seconds in `Retry-After` and send it again with the same Idempotency-Key.",
    ),
    (
        "precondition-failed",
        412,
        "The version in If-Match is not current",
        "Read the record again, check what changed, and repeat your write with the new version.",
    ),
    ("too-large", 413, "The body is too large", "Send less per request."),
    (
        "unsupported-media-type",
        415,
        "Content type not supported",
        "Send application/json, or multipart/form-data to upload a file.",
    ),
    (
        "key-reused",
        422,
        "The Idempotency-Key was used with another body",
        "A key identifies one write: use a new key for a different write.",
    ),
    (
        "precondition-required",
        428,
        "Version required",
        'Send `If-Match: "<version>"` or `expected_version` with the version that you read.',
    ),
    ("throttled", 429, "Too many requests", "Wait for the seconds in `Retry-After`."),
    ("server-error", 500, "Internal error", "Report it with the request id."),
    (
        "busy",
        503,
        "Temporarily unavailable",
        "Wait for the seconds in `Retry-After` and send it again.",
    ),
    (
        "read-only",
        503,
        "This server records nothing",
        (
            "Its database is a standby. Send the write to a server at the primary database; if the"
            " primary is being replaced, wait for the seconds in `Retry-After`."
        ),
    ),
    (
        "behind",
        503,
        "This server has not come as far",
        (
            "`detail` says to which position of the log it has come. Wait for the seconds in"
            " `Retry-After` and ask again, or ask another server."
        ),
    ),
    (
        "catching-up",
        503,
        "The scores of this lens are being computed",
        "The lens is new: `GET lenses/{name}/` shows its progress. Try again once it is served.",
    ),
)
# The kind of an error that has only a status.
BY_STATUS = {kind.status: kind for kind in reversed(KINDS.values())}


MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100


Place = Literal["body", "query", "header", "path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One invalid value: where, why, and further data for programs."""

    pointer: str
    code: str
    detail: str
    place: Place = "body"
    more: Mapping[str, Any] | None = None


class Refusal(APIException):
    """Refuses a request with a problem of one kind."""

    def __init__(
        self, code: str, detail: str = "", *, faults: Sequence[Fault] = (), wait: int | None = None
    ) -> None:
        self.kind = KINDS[code]
        self.status_code = self.kind.status
        self.faults = tuple(faults)
        self.wait = wait
        super().__init__(detail or (_summary(self.faults) if self.faults else self.kind.fix), code)


def body_of(refusal: Refusal, *, base: str, request_id: str) -> dict[str, Any]:
    """The problem as JSON; `base` is the address of the kinds."""
    kind = refusal.kind
    return {
        "type": f"{base}{kind.code}/",
        "title": kind.title,
        "status": kind.status,
        "detail": _shown(str(refusal.detail)),
        "request_id": request_id,
        "errors": [_error(fault) for fault in refusal.faults[:MOST_ERRORS]],
    }


def _error(fault: Fault) -> dict[str, Any]:
    return {
        "in": fault.place,
        "pointer": _shown(fault.pointer),
        "code": fault.code,
        "detail": _shown(fault.detail),
        **(fault.more or {}),
    }


def _summary(faults: Sequence[Fault]) -> str:
    if len(faults) == 1:
        return f"{faults[0].pointer}: {faults[0].detail}" if faults[0].pointer else faults[0].detail
    shown = f"; the first {MOST_ERRORS} are listed" if len(faults) > MOST_ERRORS else ""
    return f"{len(faults)} values are invalid{shown}"


def _shown(text: str) -> str:
    return as_utf8(text)[:1_000]
