"""A problem (RFC 9457): its kind, and each fault with its location."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rest_framework.exceptions import APIException

from tracker.api.problem_kinds import KINDS

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


class DetailedCode(str):
    """The code of a fault with further data for programs: DRF keeps only the text and the code
    of an error."""

    more: Mapping[str, Any]

    def __new__(cls, code: str, **more: Any) -> "DetailedCode":
        self = super().__new__(cls, code)
        self.more = more
        return self


class Refused(APIException):
    """A request that is refused with a problem of one kind."""

    def __init__(
        self, code: str, detail: str = "", *, faults: Sequence[Fault] = (), wait: int | None = None
    ) -> None:
        self.kind = KINDS[code]
        self.status_code = self.kind.status
        self.faults = tuple(faults)
        self.wait = wait
        super().__init__(detail or (_summary(self.faults) if self.faults else self.kind.fix), code)


def body_of(refused: Refused, *, base: str, request_id: str) -> dict[str, Any]:
    """The problem as JSON; `base` is the address of the kinds."""
    kind = refused.kind
    return {
        "type": f"{base}{kind.code}/",
        "title": kind.title,
        "status": kind.status,
        "detail": _sayable(str(refused.detail)),
        "request_id": request_id,
        "errors": [_error(fault) for fault in refused.faults[:MOST_ERRORS]],
    }


def _error(fault: Fault) -> dict[str, Any]:
    return {
        "in": fault.place,
        "pointer": _sayable(fault.pointer),
        "code": fault.code,
        "detail": _sayable(fault.detail),
        **(fault.more or {}),
    }


def _summary(faults: Sequence[Fault]) -> str:
    if len(faults) == 1:
        return f"{faults[0].pointer}: {faults[0].detail}" if faults[0].pointer else faults[0].detail
    shown = f"; the first {MOST_ERRORS} are listed" if len(faults) > MOST_ERRORS else ""
    return f"{len(faults)} values are invalid{shown}"


def _sayable(text: str) -> str:
    """The text as valid UTF-8: the request may contain half a surrogate pair."""
    return text.encode(errors="backslashreplace").decode()[:1_000]
