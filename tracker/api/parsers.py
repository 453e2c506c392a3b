"""JSON in, bounded: size, depth, and nothing that JSON or the log cannot carry."""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST = 20


class StrictJSONParser(JSONParser):
    """Reads one JSON text of at most `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes."""

    def parse(
        self, _stream: Any, _media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        return read(parser_context["request"].body)


def read(body: bytes) -> Any:
    """Give what a JSON text says.

    :raises ParseError: if it is none, or holds what has no place in a record.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_finite,
            object_pairs_hook=_without_repeats,
        )
    except UnicodeDecodeError as problem:
        raise ParseError("the body is not UTF-8") from problem
    except RecursionError as problem:
        raise ParseError(f"the body is nested more than {DEEPEST} deep") from problem
    except ValueError as problem:
        raise ParseError(f"the body is no JSON: {problem}") from problem
    _refuse_depth(found, DEEPEST)
    return found


def _no_number(word: str) -> NoReturn:
    raise ParseError(f"{word} is no number that JSON has")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ParseError(f"{text[:40]} is too large for a number")
    return number


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(f"{name[:40]!r} stands twice in one object")
        found[name] = value
    return found


def _refuse_depth(value: Any, left: int) -> None:
    if left < 0:
        raise ParseError(f"the body is nested more than {DEEPEST} deep")
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list):
        return
    for item in value:
        _refuse_depth(item, left - 1)
