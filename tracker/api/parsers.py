"""Parses JSON with limits on size and depth, and rejects what JSON or the log cannot represent."""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from django.core.exceptions import TooManyFieldsSent, TooManyFilesSent
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request

from tracker.api.problems import Fault, Refusal
from tracker.imports.spool import SpoolHandler

DEEPEST = 20


class StrictJSONParser(JSONParser):
    """Parses one JSON text of at most `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes."""

    def parse(
        self, _stream: Any, _media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        return read(parser_context["request"].body)


def read(body: bytes) -> Any:
    """Parse a JSON text.

    :raises ParseError: if it is not JSON, or contains a value that no record can have.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_finite,
            object_pairs_hook=_without_duplicates,
        )
    except UnicodeDecodeError as problem:
        raise ParseError("The body is not UTF-8") from problem
    except RecursionError as problem:
        raise ParseError(f"The body is nested more than {DEEPEST} levels deep") from problem
    except ValueError as problem:
        raise ParseError(f"The body is not valid JSON: {problem}") from problem
    _refuse_depth(value, DEEPEST)
    return value


def _refuse_constant(word: str) -> NoReturn:
    raise ParseError(f"{word} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ParseError(f"The number {text[:40]} is too large")
    return number


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result:
            raise ParseError(f"Duplicate key {name[:40]!r}")
        result[name] = value
    return result


def _refuse_depth(value: Any, levels: int) -> None:
    if levels < 0:
        raise ParseError(f"The body is nested more than {DEEPEST} levels deep")
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list):
        return
    for item in value:
        _refuse_depth(item, levels - 1)


class UploadParser(MultiPartParser):
    """Parses fields and files, each at most once. The view has to call `clear`."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        parser_context["request"].upload_handlers = [SpoolHandler()]
        try:
            form = super().parse(stream, media_type, parser_context)
        except (TooManyFieldsSent, TooManyFilesSent) as problem:
            raise ParseError(str(problem)) from problem
        return _single_values(form.data) | _single_values(form.files)


def clear(request: Request) -> None:
    """Delete uploaded files that no job has taken over."""
    for handler in request.upload_handlers:
        if isinstance(handler, SpoolHandler):
            handler.clear()


def _single_values(sent: "MultiValueDict[str, Any]") -> dict[str, Any]:
    for name, values in sent.lists():
        if len(values) > 1:
            fault = Fault(pointer=f"/{name[:40]}", code="repeated", detail="is given twice")
            raise Refusal("invalid", faults=[fault])
    return sent.dict()
