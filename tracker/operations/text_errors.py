"""Keeps the text of an article out of error reports.

An unexpected error may have words of the text in its message, such as a `KeyError`, and the server
logs messages. So only the kind and the place of the error go on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404

from tracker.domain.problems import FAMILIES
from tracker.queries import unavailable

# Errors that the edges answer, and do not log.
_ANSWERED = (
    *FAMILIES,
    Http404,
    PermissionDenied,
    SuspiciousOperation,
)


class TextError(RuntimeError):
    """An unexpected error while a text was handled, without its message."""

    def __init__(self, error: Exception) -> None:
        place = extract_tb(error.__traceback__)[-1]
        what, file = type(error).__name__, Path(place.filename).name
        super().__init__(f"{what} in {file}, line {place.lineno}; the message is not kept")


@contextmanager
def without_text() -> Iterator[None]:
    """Replace unexpected errors. Also a decorator.

    :raises TextError:
    """
    try:
        yield
    except _ANSWERED:
        raise
    except Exception as error:
        if unavailable.meaning(error):
            raise
        raise TextError(error) from None
