"""An application whose answers are large, behind the product's own web server."""

from collections.abc import Callable, Iterable
from typing import Any

import django

django.setup()
LARGE = b"x" * 8_000_000


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = LARGE if environ["PATH_INFO"] == "/large" else b"small"
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
